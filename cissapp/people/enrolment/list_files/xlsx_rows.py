"""Reads the rows of an XLSX file, after the archive itself was examined."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from cissapp.foundation.core.errors import N_, Refused
from cissapp.people.enrolment.list_files.cells import Row, refusal

# Empty rows count too: a sheet that seems to go on for ever is left at this row.
LAST_ROW = 30_000
MOST_COLUMNS = 60
MOST_MEMBERS = 200
MOST_UNPACKED = 50_000_000
CHUNK = 65_536

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


def rows_of_xlsx(content: bytes) -> Iterator[Row]:
    """Read the rows of the first sheet, after the archive itself was examined."""
    try:
        _check_archive(content)
        yield from _cells(content)
    except Refused:
        raise
    except BROKEN as error:
        raise refusal(N_("The file is damaged, or it is not an XLSX file.")) from error


def _check_archive(content: bytes) -> None:
    """Refuse bombs, passwords and macros; sizes are those that come out, not those that are claimed."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise refusal(N_("The file has too many parts. Save the list alone in a new file."))
        for member in members:
            _check_member(member)
        unpacked = 0
        for member in members:
            with archive.open(member) as part:
                while chunk := part.read(CHUNK):
                    unpacked += len(chunk)
                    if unpacked > MOST_UNPACKED:
                        raise refusal(N_("The file unpacks to more than 50 MB."))
        if b"macroenabled" in archive.read("[Content_Types].xml").lower():
            raise refusal(N_("The file holds macros. Save it as XLSX without macros."))


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise refusal(N_("The file is protected by a password. Save it without one."))
    if any(part in member.filename.lower() for part in MACRO_PARTS):
        raise refusal(N_("The file holds macros, or other files. Save the list alone as XLSX."))


def _cells(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- slow import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of styles and drawings, which are not read
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # a file may lie about its size
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            if number > LAST_ROW:
                raise refusal(
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
