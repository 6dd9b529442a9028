"""Labels: what we print on goods, shelves, doors and papers, by the sheet or the roll.

1. A label carries the address of one code as a QR, and the code in figures a person can type.
2. Whatever its names, nothing leaves its label: text shrinks, then wraps, then is cut with an ellipsis.
3. A sheet may begin at any position, so that a half-used one is finished.
4. A module of a code is never smaller than can be read; a label that is too small for that is refused.
"""

from inventory.labels.designs import DESIGNS, Design, Label
from inventory.labels.frames import PRINTERS, TooSmallError
from inventory.labels.jobs import (
    JobsAsked,
    LabelJob,
    LabelJobLine,
    NewJob,
    find_jobs,
    get_job,
    last_medium,
    lines_of,
    next_free,
    people_of,
    record,
    recorded,
    repeated_by,
    void,
)
from inventory.labels.kept import MEASURES, LabelSheet, get_sheet, keep_sheet, kept_sheets, media, put_away
from inventory.labels.media import DEFAULT_MEDIUM, USUAL, Medium
from inventory.labels.prints import MOST, most_different, pdf, roll_zpl
from inventory.labels.unlabelled import STATES, without_label

__all__ = [
    "DEFAULT_MEDIUM",
    "DESIGNS",
    "MEASURES",
    "MOST",
    "PRINTERS",
    "STATES",
    "USUAL",
    "Design",
    "JobsAsked",
    "Label",
    "LabelJob",
    "LabelJobLine",
    "LabelSheet",
    "Medium",
    "NewJob",
    "TooSmallError",
    "find_jobs",
    "get_job",
    "get_sheet",
    "keep_sheet",
    "kept_sheets",
    "last_medium",
    "lines_of",
    "media",
    "most_different",
    "next_free",
    "pdf",
    "people_of",
    "put_away",
    "record",
    "recorded",
    "repeated_by",
    "roll_zpl",
    "void",
    "without_label",
]
