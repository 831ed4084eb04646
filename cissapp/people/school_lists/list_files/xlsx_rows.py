"""Reads the rows of an XLSX file, after the archive itself has been examined."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from cissapp.foundation.core.errors import N_, Refused
from cissapp.people.school_lists.list_files.cells import (
    FORMULA,
    LONGEST_CELL,
    MOST_COLUMNS,
    Row,
    refusal,
)

# More rows than a sheet can have mean a forged file; a run of empty rows ends the list.
LAST_ROW = 1_048_576
MOST_EMPTY = 20_000
MOST_MEMBERS = 200
MOST_UNPACKED = 400_000_000
# Shared strings are held in memory while a sheet is read.
MOST_SHARED_TEXT = 80_000_000
CHUNK = 65_536

TOO_LARGE = N_("The file is larger than %(most)s MB when unpacked. Save it as CSV.")
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


def rows_of_xlsx(file: BinaryIO) -> Iterator[Row]:
    """Yield the rows of the first sheet, after examining the archive itself."""
    try:
        _check_archive(file)
        yield from _cells(file)
    except Refused:
        raise
    except BROKEN as error:
        raise refusal(N_("The file is damaged, or it is not an XLSX file.")) from error


def _check_archive(file: BinaryIO) -> None:
    """Refuse zip bombs, passwords and macros; sizes are measured while unpacking, not taken from the file."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise refusal(N_("The file has too many parts. Save only the list in a new file."))
        for member in members:
            _check_member(member)
        sizes = [_size_of(archive, member) for member in members]
        if sum(sizes) > MOST_UNPACKED:
            raise refusal(TOO_LARGE, most=MOST_UNPACKED // 1_000_000)
        if b"macroenabled" in archive.read("[Content_Types].xml").lower():
            raise refusal(N_("The file contains macros. Save it as XLSX without macros."))


def _size_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Unpack a part piece by piece, and return how long it is; stop at the first byte too many."""
    shared = member.filename.lower().endswith("sharedstrings.xml")
    most = MOST_SHARED_TEXT if shared else MOST_UNPACKED
    size = 0
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise refusal(TOO_LARGE, most=most // 1_000_000)
    return size


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise refusal(N_("The file is protected by a password. Save it without a password."))
    if any(part in member.filename.lower() for part in MACRO_PARTS):
        raise refusal(N_("The file contains macros or other files. Save only the list as XLSX."))


def _cells(file: BinaryIO) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- slow import

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # warnings are about styles and drawings, which are not read
        book = load_workbook(file, read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # a file may give a false size
        empty = 0
        widths: dict[int, int] = {}
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            cells = [FORMULA if cell.data_type == "f" else _shown(cell, widths) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            empty = 0 if any(cells) else empty + 1
            if number > LAST_ROW or empty > MOST_EMPTY:
                break
            if not empty:
                yield number, cells
        book.close()


def _shown(cell: Any, widths: dict[int, int]) -> str:
    """Return the text of a cell; 412 in a number format of seven zeros is the code 0000412."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and cell._style_id:  # noqa: SLF001 -- the format itself is looked up slowly
        style = cell._style_id  # noqa: SLF001
        if style not in widths:
            zeros = cell.number_format or ""
            widths[style] = len(zeros) if zeros.strip("0") == "" else 0
        return _text(value).zfill(widths[style])
    return _text(value)


def _text(value: Any) -> str:
    """Return the value of a cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)[:LONGEST_CELL]
