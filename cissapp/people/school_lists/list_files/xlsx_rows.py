"""Reads the rows of a sheet of an XLSX file, after the archive itself has been examined."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Refused
from cissapp.people.school_lists.list_files.archives import checked_archive
from cissapp.people.school_lists.list_files.cells import (
    FORMULA,
    HEAD_WITHIN,
    LONGEST_CELL,
    MOST_COLUMNS,
    Row,
    refusal,
)
from cissapp.people.school_lists.list_files.merged_cells import MergedCells, merged_cells

# More rows than a sheet can have mean a forged file; a run of empty rows ends the list.
LAST_ROW = 1_048_576
MOST_EMPTY = 20_000

# More sheets than these are not looked at, nor is more of them; a name is cut where Excel would cut it.
MOST_SHEETS = 30
LOOKED_AT_ROWS = 200
MOST_LOOKED_AT = 10_000_000
LONGEST_TITLE = 31

DAMAGED = N_("The file is damaged, or it is not an XLSX file.")
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


class Sheet(Struct, frozen=True):
    """The sheet of a workbook that is read, the names of the others that may hold something, and its rows.

    `merged` maps rows to the columns in which a merged cell begins there, with its last row.
    """

    name: str
    others: tuple[str, ...]
    rows: Iterator[Row]
    merged: MergedCells


def sheet_of_xlsx(file: BinaryIO, known: Callable[[str], bool], name: str | None) -> Sheet:
    """Open a sheet by its name, or the one with the most known headings; the archive is examined before.

    An empty name means the first sheet.
    """
    from cissapp.people.school_lists.list_files.workbooks import (  # noqa: PLC0415 -- slow import
        open_workbook,
    )

    with _refusing():
        archive = checked_archive(file)
        sheets = open_workbook(file, archive)
        if not sheets:
            raise refusal(DAMAGED)
        chosen, others = _chosen(sheets, known) if name is None else (None, ())
        if chosen is None:
            named = [one for one in sheets if _title(one) == name]
            chosen = (named or sheets)[0]
        merged = merged_cells(file, _part_of(chosen))
    return Sheet(_title(chosen), others, _all_rows(chosen), merged)


def _chosen(sheets: Sequence[Any], known: Callable[[str], bool]) -> tuple[Any, tuple[str, ...]]:
    """Choose the sheet with the most known headings, and name the others that may hold something."""
    visible = [one for one in sheets if one.sheet_state == "visible"] or sheets
    # Sheets that share a part of the archive would be parsed again and again.
    parts = {_part_of(one): one for one in reversed(visible)}
    apart = [one for one in visible if parts[_part_of(one)] is one]
    looked_at = apart[:MOST_SHEETS]
    looks = [(one, _first_rows(one, MOST_LOOKED_AT // len(looked_at))) for one in looked_at]
    filled = [look for look in looks if look[1]] or looks[:1]
    chosen, _rows = max(filled, key=lambda look: _most_known(look[1], known))
    maybe = [*(one for one, _rows in filled), *apart[MOST_SHEETS:]]
    return chosen, tuple(_title(one) for one in maybe if one is not chosen)


def _part_of(sheet: Any) -> str:
    """Return the name of the part of the archive in which the rows of a sheet are."""
    return str(sheet._worksheet_path)  # noqa: SLF001 -- not said otherwise


def _first_rows(sheet: Any, most: int) -> list[Row]:
    """Return the first rows of a sheet that hold something; none if it cannot be read."""
    sheet.most = most
    try:
        return list(islice(_rows_of(sheet, LOOKED_AT_ROWS), HEAD_WITHIN))
    except (Refused, *BROKEN):
        return []
    finally:
        sheet.most = None


def _title(sheet: Any) -> str:
    return str(sheet.title)[:LONGEST_TITLE]


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # Warnings are about styles and drawings, which are not read.
            warnings.simplefilter("ignore")
            yield
    except Refused:
        raise
    except BROKEN as error:
        raise refusal(DAMAGED) from error


def _most_known(rows: Sequence[Row], known: Callable[[str], bool]) -> int:
    return max((sum(map(known, cells)) for _number, cells in rows), default=0)


def _all_rows(sheet: Any) -> Iterator[Row]:
    with _refusing():
        yield from _rows_of(sheet)


def _rows_of(sheet: Any, last_row: int | None = None) -> Iterator[Row]:
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_row=last_row, max_col=MOST_COLUMNS), start=1):
        cells = [FORMULA if cell.data_type == "f" else _shown(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        empty = 0 if any(cells) else empty + 1
        if number > LAST_ROW or empty > MOST_EMPTY:
            return
        if not empty:
            yield number, cells


def _shown(cell: Any) -> str:
    """Return the text of a cell; 412 in a number format of seven zeros is the code 0000412."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        style = cell._style_id  # noqa: SLF001 -- the format itself is looked up slowly
        return _text(value).zfill(cell.parent.formats.widths[style] if style else 0)
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
