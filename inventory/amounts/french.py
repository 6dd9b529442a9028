"""Numbers in French words.

Traditional spelling: hyphens below one hundred only, `et` in 21, 31 … 61 and 71 (not in 81 and 91).
`vingt` and `cent` take an s when multiplied and last (quatre-vingts, deux cents), also before the nouns million and
milliard, never before the numeral mille (quatre-vingt mille), which itself never changes.
Beyond 10^12 we say `mille milliards`: it is what people say, and `billion` is misread.
"""

_UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


def cardinal(number: int) -> str:
    """`number` in words; negative numbers begin with `moins`."""
    if number < 0:
        return f"moins {cardinal(-number)}"
    if number == 0:
        return _UNITS[0]
    milliards, rest = divmod(number, 10**9)
    millions, below = divmod(rest, 10**6)
    words = [_scaled(milliards, "milliard"), _scaled(millions, "million"), _below_million(below)]
    return " ".join(filter(None, words))


def dirhams(centimes: int) -> str:
    """An amount in words, as a sentence begins: `Mille deux cent trente-quatre dirhams et cinquante centimes`."""
    whole, rest = divmod(abs(centimes), 100)
    parts = []
    if whole or not rest:
        parts.append(_counted(whole, "dirham"))
    if rest:
        parts.append(_counted(rest, "centime"))
    words = ("moins " if centimes < 0 else "") + " et ".join(parts)
    return words[0].upper() + words[1:]


def _counted(number: int, noun: str) -> str:
    """A number and its noun. The plural begins at two; a whole number of millions is a noun and takes `de`."""
    link = " de " if number and number % 10**6 == 0 else " "
    return f"{cardinal(number)}{link}{noun}{'s' if number >= 2 else ''}"


def _scaled(count: int, noun: str) -> str:
    return f"{cardinal(count)} {noun}{'s' if count >= 2 else ''}" if count else ""


def _below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("mille" if thousands == 1 else f"{_below_thousand(thousands, is_last=False)} mille")
    if rest:
        words.append(_below_thousand(rest, is_last=True))
    return " ".join(words)


def _below_thousand(number: int, is_last: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        plural = "s" if hundreds > 1 and not rest and is_last else ""
        words.append(f"cent{plural}" if hundreds == 1 else f"{_UNITS[hundreds]} cent{plural}")
    if rest:
        words.append(_below_hundred(rest, is_last))
    return " ".join(words)


def _below_hundred(number: int, is_last: bool) -> str:
    if number < 20:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens in (7, 9):  # soixante-dix, quatre-vingt-dix: counted on from sixty and eighty
        tens, unit = tens - 1, unit + 10
    if unit == 0:
        return _TENS[tens] + ("s" if tens == 8 and is_last else "")
    link = " et " if unit in (1, 11) and tens != 8 else "-"
    return f"{_TENS[tens]}{link}{_UNITS[unit]}"
