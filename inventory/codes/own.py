"""The codes we print ourselves: on goods, shelves and papers.

A code is one letter for its kind, random symbols, and one check symbol: `A7K2M9QX4TBD`, read aloud `A7K2 M9QX 4TBD`.
The address in a label's QR ends with the version of the label, once it has more than one: `…/S/A7K2M9QX4TBD.3`.
The 32 symbols leave out I, L, O and U, so that a tired eye can be forgiven (O is read as 0, I and L as 1).

The check: symbols are the elements of the field GF(32); counted from the right, the symbol at place i weighs a^i,
where a is a primitive element, and the weighted sum of a whole code is zero. Changing one symbol changes the sum,
because no weight is zero; swapping two changes it too, because neighbours never weigh the same (nor do any two
symbols less than 31 places apart, so every swap inside a code is caught, not only that of neighbours).
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_LOOKALIKES = str.maketrans("OIL", "011")
_FIELD = 0b100101  # x^5 + x^2 + 1, primitive over GF(2): x has order 31


FIRST_VERSION = 1


class Kind(StrEnum):
    """What a code stands on; the first letter says which: Article, Batch, Place, Document."""

    ITEM = "item"
    LOT = "lot"
    LOCATION = "location"
    DOCUMENT = "document"


_LETTER = {Kind.ITEM: "A", Kind.LOT: "B", Kind.LOCATION: "P", Kind.DOCUMENT: "D"}
_KIND = {letter: kind for kind, letter in _LETTER.items()}

# Random symbols, five bits each. Goods: 50 bits, collisions are left to a unique index. Papers: 90 bits, for the code
# alone opens the verdict on a paper to whoever holds it, so it must not be found by trying.
_RANDOM = {Kind.ITEM: 10, Kind.LOT: 10, Kind.LOCATION: 10, Kind.DOCUMENT: 18}


@dataclass(frozen=True, slots=True)
class Code:
    """One of our codes, read right. `text` is its canonical form: upper case, no spaces. `version` is that of the label
    it was read from; None when that cannot be said: typed by hand, or of a paper, which has no label."""

    kind: Kind
    text: str
    version: int | None = None

    @property
    def groups(self) -> str:
        """The code as people read it aloud, in fours."""
        return grouped(self.text)


@dataclass(frozen=True, slots=True)
class Damaged:
    """It has the shape of one of our codes, but its check symbol says it was misread, mistyped or worn.

    A foreign code can have that shape by chance: look among the other barcodes before saying so to anyone.
    """

    text: str


def mint(kind: Kind) -> str:
    """A new random code of this kind, in canonical form. The caller keeps it under a unique index."""
    body = _LETTER[kind] + "".join(secrets.choice(SYMBOLS) for _ in range(_RANDOM[kind]))
    return body + _check_symbol(body)


def address(public_url: str, code: str, version: int = FIRST_VERSION) -> str:
    """What the QR of `code` says: a short address that a phone's own camera opens. `version` is that of the label; the
    first is left out, which keeps the QR small and lets the labels of before say theirs.

    All upper case, because QR has a denser alphabet for it; hosts and schemes do not mind, and our door at /S/
    takes both cases. A path in `public_url` is upper-cased too: serve the application at the root of its host.
    """
    label = f".{version}" if version > FIRST_VERSION else ""
    return f"{public_url.rstrip('/')}/S/{code}{label}".upper()


def grouped(code: str) -> str:
    """`A7K2M9QX4TBD` as `A7K2 M9QX 4TBD`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(text: str) -> Code | Damaged | None:
    """Our code in whatever a scanner or a person gave: bare or as an address of any host, in either case, with
    spaces, hyphens, invisible marks, lookalikes, Arabic or full-width digits. None when it is not ours at all.
    """
    plain = _plain(text)
    address = _LAST_OF_ADDRESS.match(plain)
    last, _, label = (address[1] if address else plain).partition(".")
    candidate = last.translate(_LOOKALIKES)
    kind = _KIND.get(candidate[:1])
    if kind is None or len(candidate) != _RANDOM[kind] + 2 or not _VALUE.keys() >= set(candidate):
        return None
    if label and not _VERSION.fullmatch(label):
        return None
    if _weighed(candidate) != 0:
        return Damaged(candidate)
    version = int(label) if label else FIRST_VERSION if address else None
    return Code(kind, candidate, None if kind is Kind.DOCUMENT else version)


_VERSION = re.compile(r"[1-9][0-9]{0,3}")
_LAST_OF_ADDRESS = re.compile(r"^(?:HTTPS?:/)?/?[^/]*(?:/[^/?#]+)*/S/([^/?#]*)/?(?:[?#].*)?$")


def _plain(text: str) -> str:
    """Upper-case text without spaces, hyphens and invisible marks (direction, joiners, controls), Western digits.

    Only the first 300 characters count: the longest address of ours is far shorter, and scanners send anything.
    """
    kept = []
    for character in unicodedata.normalize("NFKC", text[:300]):
        if character.isdecimal():
            kept.append(str(unicodedata.decimal(character)))
        elif unicodedata.category(character) not in {"Cc", "Cf", "Pd", "Zl", "Zp", "Zs"}:
            kept.append(character.upper())
    return "".join(kept)


def _check_symbol(body: str) -> str:
    """The symbol that makes the weighted sum of `body` and itself zero (it weighs one, at place 0)."""
    return SYMBOLS[_weighed(body + SYMBOLS[0])]


def _weighed(code: str) -> int:
    """Weighted sum over GF(32), from the left by Horner's rule: each step weighs all that came before once more."""
    total = 0
    for symbol in code:
        total <<= 1
        if total & 0b100000:
            total ^= _FIELD
        total ^= _VALUE[symbol]
    return total
