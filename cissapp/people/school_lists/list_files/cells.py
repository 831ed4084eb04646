"""What the readers of lists share: cells and rows, and refusals."""

from typing import Any

from cissapp.foundation.core.errors import N_, Problem, Refused

# A row: its number in the file, and the texts of its cells. A formula is a cell that begins with FORMULA.
Row = tuple[int, list[str]]
# Cannot occur in a text, since control characters are removed from everything that is read.
FORMULA = "\x00formula"

MOST_COLUMNS = 60
LONGEST_CELL = 2_000
# Many lists have titles and notes above the head; it is searched for in this many rows.
HEAD_WITHIN = 15

NOT_A_TABLE = N_(
    "This is a document, a picture or a packed file, not a table. Unpack it, or copy its table into a spreadsheet program, and save that as XLSX or as CSV."
)
TOO_MANY_COLUMNS = N_("A list can have up to %(most)s columns.")


def refusal(message: str, **values: Any) -> Refused:
    """Return a `Refused` for a file, with one message."""
    return Refused(Problem("file", message, values))
