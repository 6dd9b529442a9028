"""North American coupons, identifiers 8110 and 8112: fields one after the other, many with their length before them.

Nobody scans one in a store of a commune; but what GS1 refuses is refused here too.
"""

import re
from datetime import date


class _Fields:
    """What is left of the digits; each call takes a field off, ValueError when it is not there or not allowed."""

    def __init__(self, digits: str) -> None:
        self.left = digits

    def take(self, length: int, allowed: str = "") -> str:
        field, self.left = self.left[:length], self.left[length:]
        if len(field) < length or (allowed and field not in allowed):
            raise ValueError
        return field

    def sized(self, allowed: str, more: int = 0) -> None:
        self.take(int(self.take(1, allowed)) + more)

    def day(self) -> date:
        text = self.take(6)
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))

    def purchase(self) -> None:
        self.sized("12345")
        self.take(1, "012349")
        self.take(3)

    def further_purchase(self) -> None:
        self.purchase()
        length = self.take(1, "01234569")
        if length != "9":
            self.take(int(length) + 6)

    def has(self, mark: str) -> bool:
        """Whether the optional field with this mark comes next."""
        if not self.left.startswith(mark):
            return False
        self.take(1)
        return True


def is_coupon(text: str) -> bool:
    """Identifier 8110: prefix, offer, saving and up to three purchases, then marked fields in order."""
    try:
        _coupon(_Fields(_digits(text)))
    except ValueError:
        return False
    return True


def is_offer(text: str) -> bool:
    """Identifier 8112: format, funder, offer and serial number."""
    try:
        fields = _Fields(_digits(text))
        fields.take(1, "01")
        fields.sized("0123456", 6)
        fields.take(6)
        fields.sized("0123456789", 6)
        _end(fields)
    except ValueError:
        return False
    return True


def _coupon(fields: _Fields) -> None:
    fields.sized("0123456", 6)
    fields.take(6)
    fields.sized("12345")
    fields.purchase()
    if fields.has("1"):
        fields.take(1, "0123")
        fields.further_purchase()
    if fields.has("2"):
        fields.further_purchase()
    ends = fields.day() if fields.has("3") else date.max
    begins = fields.day() if fields.has("4") else date.min
    if fields.has("5"):
        fields.sized("0123456789", 6)
    if fields.has("6"):
        fields.sized("1234567", 6)
    if fields.has("9"):
        fields.take(1, "01256")
        fields.take(1, "012")
        fields.take(1)
        fields.take(1, "01")
    _end(fields)
    if ends < begins:
        raise ValueError


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]*", text):
        raise ValueError
    return text


def _end(fields: _Fields) -> None:
    if fields.left:
        raise ValueError
