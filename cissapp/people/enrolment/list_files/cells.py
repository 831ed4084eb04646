"""What the readers of lists share: cells and rows, names of columns, refusals."""

from collections.abc import Iterable
from typing import Any

from cissapp.foundation.core.errors import Problem, Refused
from cissapp.people.enrolment.rules import COLUMNS, one_line

# A cell: its text, and whether a formula made it.
Cell = tuple[str, bool]
Row = tuple[int, list[Cell]]


def refusal(message: str, **values: Any) -> Refused:
    """Return the refusal of a file, with one sentence."""
    return Refused(Problem("file", message, values))


def known_columns(names: Iterable[str]) -> list[str]:
    """List those of the headings that name a column of a list."""
    return [name for name in map(column_of, names) if name in COLUMNS]


def column_of(text: str) -> str:
    """Turn a heading into the name of a column."""
    return one_line(text).strip('"').lower().replace(" ", "_").replace("-", "_")
