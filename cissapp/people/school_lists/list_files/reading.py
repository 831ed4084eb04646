"""Reads a list from the bytes of a CSV or XLSX file: its head, then its rows as they come."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice
from os import SEEK_END
from typing import BinaryIO

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.spreadsheets import unprotected
from cissapp.people.school_lists.list_files.cells import HEAD_WITHIN, NOT_A_TABLE, Row, refusal
from cissapp.people.school_lists.list_files.charsets import LOOKED_AT, UTF8, Reading, charset_of
from cissapp.people.school_lists.list_files.csv_rows import rows_of_csv
from cissapp.people.school_lists.list_files.heads import head_of
from cissapp.people.school_lists.list_files.merged_cells import filled_down
from cissapp.people.school_lists.list_files.xlsx_rows import sheet_of_xlsx

# The limit of a web form: about a million rows of a register.
MOST_BYTES = 250_000_000

ZIP, OLD_OFFICE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
# A web page, or an older kind of table that spreadsheet programs write as XML.
WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|body|table|\?xml)", re.IGNORECASE
)
# PDF, RTF, pictures, and archives that are not ZIP.
DOCUMENTS = (b"%PDF-", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
FIRST_ROWS = 5


class ReadList(Struct, frozen=True):
    """A list while it is read: its head, and its rows, which can be iterated only once.

    `sheets` names the sheet that is read, then the others that hold something; a text has none.
    """

    head: list[str]
    rows: Iterator[Row]
    reading: Reading | None
    sheets: tuple[str, ...] = ()


class FirstLook(Struct, frozen=True):
    """What the first rows of a file reveal about it."""

    head: list[str]
    rows: list[Row]
    reading: Reading | None
    sheets: tuple[str, ...] = ()


def open_list(
    file: BinaryIO,
    known: Callable[[str], bool],
    *,
    charset: str | None = None,
    sheet: str | None = None,
) -> ReadList:
    """Open a list; raise `Refused` if the file as a whole cannot be read. Its rows are read from the open file.

    `sheet` is the name of the sheet that was chosen when the file was opened first; empty means the first sheet.

    `known` says whether a heading is recognised. The head is the row among the first fifteen with the most
    recognised headings, or that row and the one it shares its headings with.
    """
    file.seek(0)
    start = file.read(LOOKED_AT)
    _require_list(start)
    if start.startswith(ZIP):
        found = sheet_of_xlsx(file, known, sheet)
        head, rest = _after_head(_written(found.rows), known)
        rest = filled_down(rest, found.merged, head)
        return ReadList(head, rest, None, (found.name, *found.others))
    reading = _reading(file, charset)
    has_broken = reading.charset == UTF8 and (not charset or reading.others[0] == UTF8)
    rows = rows_of_csv(file, reading.charset, has_broken=has_broken)
    head, rest = _after_head(_written(rows), known)
    return ReadList(head, rest, reading)


def _require_list(start: bytes) -> None:
    """Refuse what its first bytes show to be something else, and say what to do."""
    if not start.strip(b" \t\r\n\0"):
        raise refusal(N_("The file is empty."))
    if start.startswith(OLD_OFFICE):
        raise refusal(
            N_(
                "This Excel file is old or protected. Save it as XLSX without a password, or as CSV."
            )
        )
    if start.startswith(DOCUMENTS):
        raise refusal(NOT_A_TABLE)
    if WEB_PAGE.match(start) or OPEN_DOCUMENT in start[:200]:
        raise refusal(
            N_(
                "This is a web page or another kind of table. Open it in a spreadsheet program, and save it as XLSX or as CSV."
            )
        )


def _written(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows that hold something; a result file that is sent again has cells that were protected."""
    for number, cells in rows:
        if any(text.strip() for text in cells):
            yield number, [unprotected(text) for text in cells]


def first_look(
    file: BinaryIO, known: Callable[[str], bool], *, charset: str | None = None
) -> FirstLook:
    """Read the head and the first rows of a file; raise `Refused` if there are none."""
    opened = open_list(file, known, charset=charset)
    rows = list(islice(opened.rows, FIRST_ROWS))
    if not rows:
        raise refusal(N_("The list has a heading but no rows."))
    return FirstLook(opened.head, rows, opened.reading, opened.sheets)


def size_of(file: BinaryIO) -> int:
    """Return the size of an open file in bytes."""
    return file.seek(0, SEEK_END)


def unpacked_size_of(file: BinaryIO) -> int:
    """Return how many bytes of an open file there are to read, which for a workbook are many more than it has."""
    file.seek(0)
    if not file.read(LOOKED_AT).startswith(ZIP):
        return size_of(file)
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
        return sum(member.file_size for member in archive.infolist())
    return size_of(file)


def _reading(file: BinaryIO, charset: str | None) -> Reading:
    found = charset_of(file)
    return Reading(charset, (found.charset, *found.others)) if charset else found


def _after_head(
    written: Iterator[Row], known: Callable[[str], bool]
) -> tuple[list[str], Iterator[Row]]:
    first = list(islice(written, HEAD_WITHIN))
    if not first:
        raise refusal(N_("The file is empty."))
    head, taken = head_of([cells for _number, cells in first], known)
    return head, chain(first[taken:], written)
