"""Reads a list of schools from the bytes of a CSV or XLSX file; nothing in it is run or believed."""

import csv
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.enrolment.rules import COLUMNS, REQUIRED, Line, Table, one_line

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
# Empty rows count too: a sheet that seems to go on for ever is left at this row.
LAST_ROW = 30_000
MOST_COLUMNS = 60
LONGEST_HEADING = 10_000  # letters in which the delimiter is looked for
MOST_MEMBERS = 200
MOST_UNPACKED = 50_000_000
CHUNK = 65_536

ZIP, OLD_OFFICE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
MACRO_PARTS = ("vbaproject", "macrosheets/", "activex/", "embeddings/", "externallinks/")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)

FORMULA = N_("“%(column)s” holds a formula. Put its value there.")

# A cell: its text, and whether a formula made it.
Cell = tuple[str, bool]
Row = tuple[int, list[Cell]]


def _refused(message: str, **values: Any) -> Refused:
    return Refused(Problem("file", message, values))


def read(content: bytes, *, most_rows: int = MOST_ROWS) -> Table:
    """Read a list; raise `Refused` if the file as a whole cannot be read."""
    if not content.strip():
        raise _refused(N_("The file is empty."))
    if content.startswith(OLD_OFFICE):
        raise _refused(
            N_(
                "This is an old or a protected Excel file. Save it as XLSX without a password, or as CSV."
            )
        )
    rows = _sheet_rows(content) if content.startswith(ZIP) else _text_rows(content)
    return _table(rows, most_rows)


# --- CSV -------------------------------------------------------------------------------------


def _text_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = text[:LONGEST_HEADING].split("\n", 1)[0]
    delimiter = max(";,\t", key=lambda mark: len(_known(first.split(mark))))
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, values in enumerate(reader, start=1):
            yield number, [(value, False) for value in values]
    except csv.Error as error:
        raise _refused(
            N_(
                "The file cannot be read from line %(line)s on. Look for a quotation mark too many."
            ),
            line=reader.line_num,
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith(UTF16) or b"\0" in content:
        raise _refused(
            N_(
                "The file is written as UTF-16. Save it as “CSV UTF-8”, or as XLSX, and send it again."
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            N_(
                "The file is not written as UTF-8, perhaps as Windows-1251. "
                "Save it as “CSV UTF-8”, or as XLSX, and send it again."
            )
        ) from error


def _known(names: Iterable[str]) -> list[str]:
    return [name for name in map(_column, names) if name in COLUMNS]


def _column(text: str) -> str:
    """Give a heading as the name of a column."""
    return one_line(text).strip('"').lower().replace(" ", "_").replace("-", "_")


# --- XLSX ------------------------------------------------------------------------------------


def _sheet_rows(content: bytes) -> Iterator[Row]:
    """Give the rows of the first sheet, after the archive itself was looked through."""
    try:
        _check_archive(content)
        yield from _cells(content)
    except Refused:
        raise
    except BROKEN as error:
        raise _refused(N_("The file is damaged, or it is not an XLSX file.")) from error


def _check_archive(content: bytes) -> None:
    """Refuse bombs, passwords and macros; sizes are those that come out, not those that are claimed."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise _refused(N_("The file has too many parts. Save the list alone in a new file."))
        for member in members:
            _check_member(member)
        unpacked = 0
        for member in members:
            with archive.open(member) as part:
                while chunk := part.read(CHUNK):
                    unpacked += len(chunk)
                    if unpacked > MOST_UNPACKED:
                        raise _refused(N_("The file unpacks to more than 50 MB."))
        if b"macroenabled" in archive.read("[Content_Types].xml").lower():
            raise _refused(N_("The file holds macros. Save it as XLSX without macros."))


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise _refused(N_("The file is protected by a password. Save it without one."))
    if any(part in member.filename.lower() for part in MACRO_PARTS):
        raise _refused(N_("The file holds macros, or other files. Save the list alone as XLSX."))


def _cells(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- slow import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of styles and drawings, which are not read
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # a file may lie about its size
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > LAST_ROW:
                raise _refused(
                    N_("The sheet goes down too far. Remove the empty rows below the list.")
                )
            yield number, [(_text(cell.value), cell.data_type == "f") for cell in row]
        book.close()


def _text(value: Any) -> str:
    """Write the value of a cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


# --- both ------------------------------------------------------------------------------------


def _table(rows: Iterator[Row], most_rows: int) -> Table:
    written = (row for row in rows if any(text.strip() or made for text, made in row[1]))
    first = next(written, None)
    if first is None:
        raise _refused(N_("The file is empty."))
    heading = [_column(text) for text, _made in _without_blanks(first[1])]
    _check_heading(heading)
    lines: list[Line] = []
    for number, cells in written:
        if len(lines) == most_rows:
            raise _refused(N_("A list may have %(most)s rows. Split it."), most=most_rows)
        lines.append(_line(number, cells, heading))
    if not lines:
        raise _refused(N_("The list has a heading, but no row."))
    return Table(lines, [name for name in heading if name and name not in COLUMNS])


def _without_blanks(cells: list[Cell]) -> list[Cell]:
    """Return the cells of a heading without empty ones at its end; refuse more than a list has."""
    last = max(number for number, (text, made) in enumerate(cells, 1) if text.strip() or made)
    if last > MOST_COLUMNS:
        raise _refused(N_("A list may have %(most)s columns."), most=MOST_COLUMNS)
    return cells[:last]


def _check_heading(heading: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in heading]
    if missing:
        raise _refused(
            N_("The first row must name the columns. These are missing: %(columns)s."),
            columns=", ".join(missing),
        )
    twice = sorted({name for name in _known(heading) if heading.count(name) > 1})
    if twice:
        raise _refused(
            N_("These columns stand there twice: %(columns)s."), columns=", ".join(twice)
        )


def _line(number: int, cells: list[Cell], heading: list[str]) -> Line:
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
    return Line(number, {name: text for name, text, _made in named}, tuple(faults))
