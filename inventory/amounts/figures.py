"""Figures as Moroccan papers print them: Western digits, decimal comma, thin spaces between thousands."""

from decimal import Decimal

THIN = "\u202f"  # narrow no-break space: a number never breaks over two lines


def figures(centimes: int) -> str:
    """`123450` as `1 234,50`. The sign is a true minus."""
    dirhams, rest = divmod(abs(centimes), 100)
    return f"{_sign(centimes < 0)}{_thousands(str(dirhams))},{rest:02}"


def decimal_figures(value: Decimal, decimals: int = 0, *, point: str = ",") -> str:
    """A quantity or a unit price, exactly: at least `decimals` places, more where the value has more, never rounded."""
    whole, _, fraction = f"{abs(value):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{_sign(value < 0)}{_thousands(whole)}{point + fraction if fraction else ''}"


def _sign(is_negative: bool) -> str:
    return "\u2212" if is_negative else ""


def _thousands(digits: str) -> str:
    return f"{int(digits):,}".replace(",", THIN)
