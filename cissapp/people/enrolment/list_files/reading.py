"""Reads a list of schools from the bytes of a CSV or XLSX file."""

from collections.abc import Iterator

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.enrolment.list_files.cells import Cell, Row, column_of, known_columns, refusal
from cissapp.people.enrolment.list_files.csv_rows import rows_of_csv
from cissapp.people.enrolment.list_files.xlsx_rows import MOST_COLUMNS, rows_of_xlsx
from cissapp.people.enrolment.rules import COLUMNS, REQUIRED, ListRow, SchoolList

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000

ZIP, OLD_OFFICE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"

FORMULA = N_("“%(column)s” holds a formula. Put its value there.")


def read_list(content: bytes, *, most_rows: int = MOST_ROWS) -> SchoolList:
    """Read a list; raise `Refused` if the file as a whole cannot be read."""
    if not content.strip():
        raise refusal(N_("The file is empty."))
    if content.startswith(OLD_OFFICE):
        raise refusal(
            N_(
                "This is an old or a protected Excel file. Save it as XLSX without a password, or as CSV."
            )
        )
    rows = rows_of_xlsx(content) if content.startswith(ZIP) else rows_of_csv(content)
    return _table(rows, most_rows)


def _table(rows: Iterator[Row], most_rows: int) -> SchoolList:
    written = (row for row in rows if any(text.strip() or made for text, made in row[1]))
    first = next(written, None)
    if first is None:
        raise refusal(N_("The file is empty."))
    heading = [column_of(text) for text, _made in _without_blanks(first[1])]
    _check_heading(heading)
    lines: list[ListRow] = []
    for number, cells in written:
        if len(lines) == most_rows:
            raise refusal(N_("A list may have %(most)s rows. Split it."), most=most_rows)
        lines.append(_line(number, cells, heading))
    if not lines:
        raise refusal(N_("The list has a heading, but no row."))
    return SchoolList(lines, [name for name in heading if name and name not in COLUMNS])


def _without_blanks(cells: list[Cell]) -> list[Cell]:
    """Return the cells of a heading without empty ones at its end; refuse more than a list has."""
    last = max(number for number, (text, made) in enumerate(cells, 1) if text.strip() or made)
    if last > MOST_COLUMNS:
        raise refusal(N_("A list may have %(most)s columns."), most=MOST_COLUMNS)
    return cells[:last]


def _check_heading(heading: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in heading]
    if missing:
        raise refusal(
            N_("The first row must name the columns. These are missing: %(columns)s."),
            columns=", ".join(missing),
        )
    twice = sorted({name for name in known_columns(heading) if heading.count(name) > 1})
    if twice:
        raise refusal(N_("These columns stand there twice: %(columns)s."), columns=", ".join(twice))


def _line(number: int, cells: list[Cell], heading: list[str]) -> ListRow:
    named = [
        (name, text, made)
        for name, (text, made) in zip(heading, cells, strict=False)
        if name in COLUMNS
    ]
    faults = [Problem(name, FORMULA, {"column": name}) for name, _text, made in named if made]
    if any(text.strip() for text, _made in cells[len(heading) :]):
        message = N_(
            "The row has more columns than the heading. A text with a delimiter needs quotation marks."
        )
        faults.insert(0, Problem("file", message))
    return ListRow(number, {name: text for name, text, _made in named}, tuple(faults))
