"""What stands in a part of a GS1 value: characters, check digits, days, codes of other standards.

One rule, one function from text to whether it holds; their names stand in the table of `identifiers`.
"""

import re
from collections.abc import Callable
from datetime import date

from inventory.codes.coupons import is_coupon, is_offer
from inventory.codes.gtin import check_digit

_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = tuple(n for n in range(2, 104) if all(n % d for d in range(2, n)))

CHARACTERS = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(f"[{re.escape(_82)}]*"),
    "Y": re.compile(r"[#\-/0-9A-Z]*"),
    "Z": re.compile(r"[A-Za-z0-9_-]*={0,2}"),
}
"""The characters that each kind of part may hold."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _letters(grouped: str) -> frozenset[str]:
    """`MAC` for MA and MC: the first character, then every second one."""
    return frozenset(group[0] + second for group in grouped.split() for second in group[1:])


_COUNTRIES = _listed(  # ISO 3166-1, numbers
    """
    004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086
    090 092 096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180 184 188
    191 192 196 203 204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268
    270 275 276 288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 368 372 376
    380 384 388 392 398 400 404 408 410 414 417 418 422 426 428 430 434 438 440 442 446 450 454 458 462 466 470
    474 478 480 484 492 496 498 499 500 504 508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570
    574 578 580 581 583 584 585 586 591 598 600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659
    660 662 663 666 670 674 678 682 686 688 690 694 702 703 704 705 706 710 716 724 728 729 732 740 744 748 752
    756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 804 807 818 826 831 832 833 834 840 850 854 858
    860 862 876 882 887 894
    """
)
_COUNTRY_LETTERS = _letters(  # ISO 3166-1, two letters
    """
    ADEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNORUVWXYZ DEJKMOZ ECEGHRST FIJKMOR GABDEFGHILMNPQRSTUWY
    HKMNRTU IDELMNOQRST JEMOP KEGHIMNPRWYZ LABCIKRSTUVY MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY
    QA REOSUW SABCDEGHIJKLMNORSTVXYZ TCDFGHJKLMNORTVWZ UAGMSYZ VACEGINU WFS YET ZAMW
    """
)
_CURRENCIES = _listed(  # ISO 4217, numbers
    """
    008 012 032 036 044 048 050 051 052 060 064 068 072 084 090 096 104 108 116 124 132 136 144 152 156 170 174
    188 191 192 203 208 214 222 230 232 238 242 262 270 292 320 324 328 332 340 344 348 352 356 360 364 368 376
    388 392 396 398 400 404 408 410 414 417 418 422 426 430 434 446 454 458 462 480 484 496 498 504 512 516 524
    532 533 548 554 558 566 578 586 590 598 600 604 608 634 643 646 654 682 690 694 702 704 706 710 728 748 752
    756 760 764 776 780 784 788 800 807 818 826 834 840 858 860 882 886 901 924 925 926 927 928 929 930 931 932
    933 934 936 938 940 941 943 944 946 947 948 949 950 951 952 953 955 956 957 958 959 960 961 962 963 964 965
    967 968 969 970 971 972 973 975 976 977 978 979 980 981 984 985 986 990 994 997 999
    """
)
_PACKAGES = _letters(  # UN/ECE Recommendation 21, with GS1's own
    """
    1ABDFGW 2C 3AH 434ABCDFGH 5HLM 6HP 7AB 8ABC AABCDFGHIJLMPTV B4BCDEFGHIJKLMNOPQRSTUVWXYZ
    CABCDEFGHIJKLMNOPQRSTUVWXYZ DABCGHIJKLMNPRSTUVWXY E123CDEFGHIN FBCDEILOPRTWX GBILRUYZ HABCGNR IABCDEFGHKLNZ
    JBCGRTY KGI LEGTUVZ MABCERSTWX NAEFGSTUV OABCDEFKTU P2ABCDEFGHIJKLNOPRTUVXYZ QABCDFGHJKLMNPQRS RDGJKLOTZ
    S1ABCDEHIKLMOPSTUVWXYZ T1BCDEGIKLNORSTUVWYZ UCN VAGIKLNOPQRSY WABCDFGHJKLMNPQRSTUVWXYZ X3ABCDFGHJK
    YABCDFGHJKLMNPQRSTVWXYZ ZABCDFGHJKLMNPQRSTUVWXYZ
    """
) | _listed(
    """
    200 201 202 203 204 205 206 210 211 212 8 9 APE BGE BME BRI CBL CCE DPE FOB FPE LAB MPE OPE PAE PLP POP PPE
    PUE RB1 RB2 RB3 RCB SEC STL TEV THE TRE TTE TWE UUE WRP X11 X12 X15 X16 X17 X18 X19 X20
    """
)


def _is_checked(text: str) -> bool:
    return text[-1] == check_digit(text[:-1])


def _has_check_pair(text: str) -> bool:
    """The pair of check characters of keys with letters: values weighted by primes from the right, modulo 1021."""
    body, pair = text[:-2], text[-2:]
    if len(text) < 2 or len(body) > len(_PRIMES):
        return False
    total = sum(_82.index(symbol) * prime for symbol, prime in zip(reversed(body), _PRIMES, strict=False)) % 1021
    return pair == _32[total >> 5] + _32[total & 31]


def _starts_with_prefix(text: str) -> bool:
    """A company prefix has four digits at least."""
    return len(text) >= 4 and text[:4].isdecimal()


def is_day(text: str, *, may_lack_day: bool = False) -> bool:
    """Whether YYMMDD, or YYYYMMDD, is a day of the calendar; day 00 is the last of its month where that is allowed."""
    day = text[-2:]
    if may_lack_day and day == "00":
        day = "01"
    year = text[:-4] if len(text) == 8 else f"20{text[:-4]}"
    try:
        date(int(year), int(text[-4:-2]), int(day))
    except ValueError:
        return False
    return True


def _is_iban(text: str) -> bool:
    if not re.fullmatch(r"[0-9A-Z]{11,34}", text) or text[:2] not in _COUNTRY_LETTERS:
        return False
    return int("".join(str(int(symbol, 36)) for symbol in text[4:] + text[:4])) % 97 == 1


def _is_piece_of_total(text: str) -> bool:
    half = len(text) // 2
    return 0 < int(text[:half]) <= int(text[half:])


def _is_position(text: str) -> bool:
    found = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", text)
    return found is not None and int(found[1]) <= int(found[2])


def _is_clock(text: str) -> bool:
    return int(text[:2]) < 24 and int(text[2:] or 0) < 60


def _is_sixtieth(text: str) -> bool:
    return int(text) < 60


RULES: dict[str, Callable[[str], bool]] = {
    "csum": _is_checked,
    "csumalpha": _has_check_pair,
    "gcp": _starts_with_prefix,
    "gcp1": lambda text: _starts_with_prefix(text[1:]),
    "yymmdd": is_day,
    "yyyymmdd": is_day,
    "yymmd0": lambda text: is_day(text, may_lack_day=True),
    "hh": _is_clock,
    "hhmi": _is_clock,
    "mi": _is_sixtieth,
    "ss": _is_sixtieth,
    "iso3166": _COUNTRIES.__contains__,
    "iso3166999": lambda text: text == "999" or text in _COUNTRIES,
    "iso3166alpha2": _COUNTRY_LETTERS.__contains__,
    "iso4217": _CURRENCIES.__contains__,
    "iso5218": lambda text: text in "0129",
    "iban": _is_iban,
    "packagetype": _PACKAGES.__contains__,
    "mediatype": lambda text: 1 <= int(text) <= 10 or int(text) >= 80,
    "importeridx": lambda text: re.fullmatch(r"[A-Za-z0-9_-]", text) is not None,
    "pcenc": lambda text: re.search(r"%(?![0-9A-Fa-f]{2})", text) is None,
    "latitude": lambda text: int(text) <= 1_800_000_000,
    "longitude": lambda text: int(text) <= 3_600_000_000,
    "pieceoftotal": _is_piece_of_total,
    "posinseqslash": _is_position,
    "winding": lambda text: text in "019",
    "yesno": lambda text: text in "01",
    "zero": lambda text: not text.strip("0"),
    "nonzero": lambda text: bool(text.strip("0")),
    "nozeroprefix": lambda text: text == "0" or text[0] != "0",
    "hasnondigit": lambda text: not text.isdecimal(),
    "hyphen": lambda text: not text.strip("-"),
    "couponcode": is_coupon,
    "couponposoffer": is_offer,
}
"""What each named rule asks of a part; the part's characters and length have been looked at before."""
