"""Finding by a few letters: the rows that hold every word, and the answer of a typed search.

Parties and places are compared here and not by the database: see ``catalogue.matching``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from flask import render_template, request
from sqlalchemy import Select

from inventory.catalogue import code_and_names, folded, matching, page_matching
from inventory.web.frame import named
from inventory.web.listing import PAGE

MOST_OPTIONS = 12


def page(
    question: Select[Any],
    key: Any,
    *,
    words: str = "",
    after: str | None = None,
    is_whole: bool = False,
    text: Callable[[Any], str] = code_and_names,
) -> tuple[list[Any], str | None]:
    """A page of a question's rows in the order of a key, and the key after which the next page begins.

    ``words`` are compared row by row while reading on; ``is_whole`` reads to the end (for a file).
    """
    question = question.order_by(key)
    if after:
        question = question.where(key > after)
    found, last = page_matching(question, words, None if is_whole else PAGE, text)
    return found, getattr(last, key.key) if last else None


def options(rows: Iterable[Any], *, icon: str) -> str:
    """The answer to ``?q=`` of a ``forms.pick`` field: the first few that match, codes that begin so first."""
    asked = request.args.get("q", "")
    begins = folded(asked[:200])
    held = matching(rows, asked, code_and_names)
    found = sorted(held, key=lambda row: (not folded(row.code).startswith(begins), row.code))
    things = [
        {
            "value": row.code,
            "label": named(row) or row.code,
            "detail": row.code,
            "icon": icon,
            "is_exact": row.code.lower() == asked.strip().lower(),
        }
        for row in islice(found, MOST_OPTIONS)
    ]
    target = request.headers.get("HX-Target", "")
    prefix = target if re.fullmatch(r"[\w-]{1,60}", target) else "option"  # two fields of one page never share an id
    return render_template("options.html", things=things, prefix=prefix)
