"""What GS1 says of each application identifier: its parts, whether a separator ends it, with what it cannot stand.

One line for identifiers that are alike: identifiers | flags | parts | never together with | key of a Digital Link.
Flags: `*` a fixed length that needs no separator, `?` may stand in the query of a Digital Link. A part is N (digits),
X (82 characters), Y (39 characters) or Z (URL-safe base64) with its length, `..` up to it, and the names of further
rules (`contents`); parts in brackets may be absent. `310-316:5` stands for 3100 to 3105, 3110 to 3115 and so on;
`self` for the other identifiers with the same first three digits; a key lists the qualifiers that may follow it.
Facts of the GS1 General Specifications and of the GS1 Barcode Syntax Dictionary of 2025.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINES = """
00 | *? | N18,csum,gcp1 |  | key
01 | *? | N14,csum,gcp1 | 255 37 | key=22,10,21|235
02 | *? | N14,csum,gcp1 | 01 03 |
03 | * | N14,csum,gcp1 | 01 02 37 235 |
10 243 4318 7020-7022 710-717 8002 8012 | ? | X..20 |  |
11-13 15-17 | *? | N6,yymmd0 |  |
20 | *? | N2 |  |
21 |  | X..20 | 235 |
22 254 |  | X..20 |  |
235 |  | X..28 |  |
240-241 250-251 400 403 4308 4319 7002 90 | ? | X..30 |  |
242 | ? | N..6 |  |
253 | ? | N13,csum,gcp [X..17] |  | key
255 | ? | N13,csum,gcp [N..12] | 01 02 415 8006 8020 8026 | key
30 37 | ? | N..8 |  |
310-316:5 320-337:5 340-357:5 360-369:5 | *? | N6 | self |
3900-3909 | ? | N..15 | self 391n 394n 8111 |
3910-3919 3930-3939 | ? | N3,iso4217 N..15 | self |
3920-3929 | ? | N..15 | self 393n |
3940-3943 | ? | N4 | self 8111 |
3950-3955 | ? | N6 | 392n 393n self 8005 |
401 | ? | X..30,gcp |  | key
402 | ? | N17,csum,gcp |  | key
410-413 416 | *? | N13,csum,gcp |  |
414 | *? | N13,csum,gcp |  | key=254|7040
415 | *? | N13,csum,gcp |  | key=8020
417 | *? | N13,csum,gcp |  | key=7040
420 | ? | X..20 | 421 |
421 | ? | N3,iso3166 X..9 | 4307 |
422 424 | ? | N3,iso3166 | 426 |
423 425 | ? | N3,iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 | 426 |
426 | ? | N3,iso3166 |  |
427 7008 | ? | X..3 |  |
4300-4301 4310-4311 4320 | ? | X..35,pcenc |  |
4302-4306 4312-4316 7257 | ? | X..70,pcenc |  |
4307 4317 | ? | X2,iso3166alpha2 |  |
4309 | ? | N10,latitude N10,longitude |  |
4321-4323 | ? | N1,yesno |  |
4324-4325 | ? | N6,yymmd0 N4,hhmi |  |
4326 7006 | ? | N6,yymmdd |  |
4330 | ? | N6 [X1],hyphen | 4331 |
4331 | ? | N6 [X1],hyphen | 4330 |
4332 | ? | N6 [X1],hyphen | 4333 |
4333 | ? | N6 [X1],hyphen | 4332 |
7001 | ? | N13 |  |
7003 | ? | N6,yymmdd N4,hhmi |  |
7004 | ? | N..4 |  |
7005 | ? | X..12 |  |
7007 | ? | N6,yymmdd [N6],yymmdd |  |
7009 | ? | X..10 |  |
7010 | ? | X..2 |  |
7011 | ? | N6,yymmdd [N4],hhmi |  |
7023 | ? | X..30,gcp |  |
7030-7039 | ? | N3,iso3166999 X..27 |  |
7040 |  | N1 X1 X1 X1,importeridx |  |
7041 |  | X..4,packagetype |  |
7230-7239 | ? | X2 X..28 |  |
7240 | ? | X..20 | 03 |
7241 | ? | N2,mediatype |  |
7242 | ? | X..25 |  |
7250 | ? | N8,yyyymmdd | 7251 |
7251 | ? | N8,yyyymmdd N4,hhmi | 7250 |
7252 | ? | N1,iso5218 |  |
7253-7254 | ? | X..40,pcenc | 7256 7259 |
7255 | ? | X..10 | 7256 7259 |
7256 | ? | X..90,pcenc |  |
7258 | ? | X3,posinseqslash |  |
7259 | ? | X..40,pcenc | 7256 |
8001 | ? | N4,nonzero N5,nonzero N3,nonzero N1,winding N1 |  |
8003 | ? | N1,zero N13,csum,gcp [X..16] |  | key
8004 | ? | X..30,gcp |  | key=7040
8005 | ? | N6 |  |
8006 | ? | N14,csum,gcp1 N4,pieceoftotal | 01 03 37 | key=22,10,21
8007 | ? | X..34,iban |  |
8008 | ? | N6,yymmdd N2,hh [N2],mi [N2],ss |  |
8009 | ? | X..50 |  |
8010 | ? | Y..30,gcp |  | key=8011
8011 |  | N..12,nozeroprefix |  |
8013 | ? | X..25,csumalpha,gcp |  | key
8014 |  | X..25,csumalpha,gcp,hasnondigit |  |
8017 | ? | N18,csum,gcp | 8018 | key=8019
8018 | ? | N18,csum,gcp | 8017 | key=8019
8019 |  | N..10 |  |
8020 |  | X..25 |  |
8026 | ? | N14,csum,gcp1 N4,pieceoftotal | 02 03 8006 |
8030 | ? | Z..90 |  |
8040-8041 |  | N15 |  |
8042 |  | N32 |  |
8043 |  | N18 [N..2] |  |
8110 | ? | X..70,couponcode |  |
8111 | ? | N4 |  |
8112 | ? | X..70,couponposoffer |  |
8200 |  | X..70 |  |
91-99 | ? | X..90 |  |
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a value: its characters, how many of them, and the rules it follows besides."""

    characters: str
    least: int
    most: int
    rules: tuple[str, ...]
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier. ``never_with``: identifiers, or their beginnings, that contradict it;
    ``orders``: the identifiers that may follow it in the path of a Digital Link, in order; None when it is no key."""

    digits: str
    is_terminated: bool
    is_attribute: bool
    parts: tuple[Part, ...]
    never_with: tuple[str, ...]
    orders: tuple[tuple[str, ...], ...] | None

    @property
    def least(self) -> int:
        """The shortest value, in characters."""
        return sum(part.least for part in self.parts if not part.is_optional)

    @property
    def most(self) -> int:
        """The longest value, in characters."""
        return sum(part.most for part in self.parts)


_PART = re.compile(r"(?P<bracket>\[)?(?P<characters>[NXYZ])(?P<up_to>\.\.)?(?P<length>\d+)\]?(?:,(?P<rules>\S+))?")


def _part(written: str) -> Part:
    found = _PART.fullmatch(written)
    assert found, f"unreadable part {written}"
    most = int(found["length"])
    rules = tuple((found["rules"] or "").split(",")) if found["rules"] else ()
    return Part(found["characters"], 1 if found["up_to"] else most, most, rules, bool(found["bracket"]))


def _named(written: str) -> Iterator[str]:
    for span in written.split():
        ends, _, last = span.partition(":")
        first, _, end = ends.partition("-")
        for number in range(int(first), int(end or first) + 1):
            digits = str(number).zfill(len(first))
            yield from (f"{digits}{place}" for place in range(int(last) + 1)) if last else (digits,)


def _orders(key: str) -> tuple[tuple[str, ...], ...] | None:
    if not key:
        return None
    return tuple(tuple(order.split(",")) for order in key.partition("=")[2].split("|") if order)


def _table() -> Iterator[Identifier]:
    for line in _LINES.strip().splitlines():
        named, flags, parts, never, key = (cell.strip() for cell in re.split(r" \|(?: |$)", line))
        for digits in _named(named):
            yield Identifier(
                digits,
                "*" not in flags,
                "?" in flags,
                tuple(_part(one) for one in parts.split()),
                tuple(digits[:3] if one == "self" else one.rstrip("n") for one in never.split()),
                _orders(key),
            )


IDENTIFIERS = {one.digits: one for one in _table()}


def at(text: str, place: int = 0) -> Identifier | None:
    """The identifier with which ``text`` goes on at ``place``: one at most, since none begins another."""
    for length in (2, 3, 4):
        found = IDENTIFIERS.get(text[place : place + length])
        if found:
            return found
    return None
