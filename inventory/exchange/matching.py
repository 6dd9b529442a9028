"""Which column holds which field: a guess by name, always shown, that the user corrects.

A label must *be* one of the names of a field (in Arabic, French or English, however spelled), not merely contain one:
"UNITE_DOSAGE1" contains "unité" and is no unit of stock. The user's word (`--map`) comes before any guess, a constant
(`--set`) before both; two columns that claim one field, be it by the user's word, are both left for the user to decide.
A name may be made of several columns (name, dose, form, pack), read one after the other, where the user says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from flask_babel import lazy_gettext as _l

from .folding import fold
from .problems import refuse
from .workbook import Cell

ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
# Words that change nothing in a label: "Code de l'article" is "Code article".
FILLING = frozenset("de du des la le les l d of the n no num en par".split())  # noqa: SIM905 (words)
NEARLY = 0.9  # likeness at which a misspelt label still counts, as a weaker guess
SHORTEST_MISSPELT = 6


@dataclass(frozen=True)
class Field:
    """Something a column can hold. `names`: what people call it. `is_many`: several columns may hold it (all barcodes;
    lots, of which a row fills one). `is_joined`: several columns that the user gives make one text, in their order."""

    name: str
    names: tuple[str, ...]
    is_many: bool = False
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """A column's field and how sure we are: 1 the user said so or the name is exact, less when it is only alike."""

    field: str
    score: float


@dataclass(frozen=True)
class Matching:
    """`columns`: guessed or given field of each used column; `constants`: fields the user set for all rows;
    `unused`: columns that are not imported, `overruled` those of them whose field has a constant: they hold it again as
    soon as that goes; `contested`: fields that several columns claim; `given`: what the user said of a column ("":
    leave it out)."""

    columns: Mapping[str, Guess]
    constants: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    contested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    overruled: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, name: str) -> str | None:
        """The first column that holds the field, if any."""
        return next((column for column, guess in self.columns.items() if guess.field == name), None)

    def columns_of(self, name: str) -> list[str]:
        return [column for column, guess in self.columns.items() if guess.field == name]

    def has(self, name: str) -> bool:
        return name in self.constants or self.column_of(name) is not None


def words(label: str) -> str:
    """The label without case, accents, filling words and trailing letters of a column name."""
    return " ".join(word for word in fold(label).split() if word not in FILLING) or fold(label)


class Matcher:
    """Matches labels to the fields of one kind of import; the folded names are worked out once."""

    def __init__(self, fields: Sequence[Field]):
        self.fields = {one.name: one for one in fields}
        named = [(name, one.name) for one in fields for name in (one.name, *one.names)]
        # As it is written goes before what is left without filling words: "numéro" is not "du numéro".
        self._by_name = {words(name): field for name, field in named} | {fold(name): field for name, field in named}

    def is_known(self, label: str) -> bool:
        """Whether the label is exactly a name of a field: such labels betray the header line."""
        return self._exactly(label) is not None

    def _exactly(self, label: str) -> str | None:
        return self._by_name.get(fold(label)) or self._by_name.get(words(label))

    def guess(self, column: str) -> Guess | None:
        """What a column seems to hold, by its label alone."""
        if exact := self._exactly(column):
            return Guess(exact, 1.0)
        wanted = words(column)
        if len(wanted) < SHORTEST_MISSPELT or not wanted[-1].isalpha():
            return None
        likeness, name = max((SequenceMatcher(None, wanted, known).ratio(), known) for known in self._by_name)
        return Guess(self._by_name[name], round(likeness * 0.9, 2)) if likeness >= NEARLY else None

    def match(
        self,
        columns: Sequence[str],
        mapped: Mapping[str, str] | None = None,
        constants: Mapping[str, str] | None = None,
    ) -> Matching:
        """Fields for the columns. `mapped`: the user's column → field ("" or "-": leave the column out)."""
        given = self._given(columns, mapped or {})
        constants = dict(constants or {})
        self._check_fields([*(name for name in given.values() if name), *constants])
        chosen: dict[str, Guess] = {}
        contested: dict[str, tuple[str, ...]] = {}
        overruled: dict[str, str] = {}
        for name, claimants in self._claims(columns, given).items():
            best = max(score for score, _column in claimants)
            winners = [column for score, column in claimants if score == best]
            if name in constants:
                overruled.update(dict.fromkeys(winners, name))
                continue
            if len(winners) > 1 and not self._takes_several(name, is_given=name in given.values()):
                contested[name] = tuple(winners)
                continue
            chosen.update(
                {column: Guess(name, score) for score, column in claimants if score == best or self._is_many(name)}
            )
        ordered = {column: chosen[column] for column in columns if column in chosen}
        unused = tuple(column for column in columns if column not in ordered)
        return Matching(ordered, constants, unused, contested, given, overruled)

    def _claims(self, columns: Sequence[str], given: Mapping[str, str]) -> dict[str, list[tuple[float, str]]]:
        """Which columns claim each field, and how surely: nothing is guessed of what the user gave a column."""
        said = {name for name in given.values() if not self._is_many(name)}
        claims: dict[str, list[tuple[float, str]]] = {}
        for column in columns:
            guess = Guess(given[column], 1.0) if column in given else self.guess(column)
            if guess is None or not guess.field or (column not in given and guess.field in said):
                continue
            claims.setdefault(guess.field, []).append((guess.score, column))
        return claims

    def _given(self, columns: Sequence[str], mapped: Mapping[str, str]) -> dict[str, str]:
        by_fold = {fold(column): column for column in columns}
        given = {}
        for column, name in mapped.items():
            found = column if column in columns else by_fold.get(fold(column))
            if found is None:
                refuse(
                    "unknown_column",
                    _l(
                        "There is no column “%(column)s”; the file has: %(columns)s.",
                        column=column,
                        columns=" · ".join(columns),
                    ),
                    column=column,
                )
            given[found] = "" if name.strip() in ("", "-") else name.strip()
        return given

    def _check_fields(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.fields:
                refuse(
                    "unknown_field",
                    _l(
                        "There is no field “%(field)s”; choose one of: %(fields)s.",
                        field=name,
                        fields=", ".join(self.fields),
                    ),
                    field=name,
                )

    def _is_many(self, name: str) -> bool:
        return name in self.fields and self.fields[name].is_many

    def _takes_several(self, name: str, *, is_given: bool) -> bool:
        return self._is_many(name) or (is_given and self.fields[name].is_joined)


def is_arabic(values: Iterable[Cell]) -> bool:
    """Whether most texts of a column are written in Arabic letters."""
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    return 2 * sum(bool(ARABIC_LETTER.search(text)) for text in texts) > len(texts)
