"""Writes CSV and XLSX files of any length, a batch of rows at a time; no cell becomes a formula.

A batch is checked as one text: most batches have nothing that needs care, and only in the others is each cell
treated separately.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from os import SEEK_END
from tempfile import TemporaryFile
from time import monotonic
from typing import Any, Literal

from flask import Flask, Response, current_app
from flask_babel import force_locale
from msgspec import Struct

from cissapp.foundation.core.engines.routing import ReadSource, read_source, reading_from
from cissapp.foundation.web import languages
from cissapp.foundation.web.spreadsheets import BOM, HEAD_ROWS, holds_formula, safe_in_csv
from cissapp.foundation.web.xlsx_cells import (
    ABOUT_WIDTHS,
    DAY_CELL,
    MOMENT_CELL,
    NUMBER_CELL,
    TEXT_CELL,
    UNWRITABLE,
    careful_cell,
    day_number,
    head_row,
    moment_number,
    wrapped_row,
)
from cissapp.foundation.web.xlsx_package import DECLARED, MAIN, package_parts, workbook_text
from cissapp.foundation.web.xlsx_pages import (
    FIT_TO_PAGE,
    PAGE_SETUP,
    filter_of,
    width_of_column,
    widths_of,
)

Rows = Sequence[Sequence[Any]]
SheetFormat = Literal["csv", "xlsx"]
Keeping = Callable[[Iterator[bytes]], Iterator[bytes]]

MEDIA_TYPES: dict[SheetFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 256 * 1024
# Seconds. A proxy such as nginx waits sixty for the next bytes.
SILENT_AT_MOST = 15
# Bytes: so few that a slow reader has them at once, as the database is still being read.
SIGN_OF_LIFE = 1024


class StreamedSheet(Struct, frozen=True):
    """A table that is written while it is read: header, batches of rows, and notes.

    `numbers` are the indexes of columns with numbers, `days` and `moments` of those with dates and times of
    UTC in ISO 8601: an XLSX file has them as dates, to sort and to filter by month. `about` are the lines that
    say what the columns mean and which time they describe: after the rows of a CSV file, on a second sheet of
    an XLSX file.
    """

    title: str
    head: Sequence[str]
    batches: Iterable[Rows]
    about: Rows = ()
    numbers: frozenset[int] = frozenset()
    # A column holds numbers and words, such as a dash for a hidden figure: each cell is looked at.
    is_mixed: bool = False
    days: frozenset[int] = frozenset()
    moments: frozenset[int] = frozenset()
    # Columns with long texts, such as names.
    wide: frozenset[int] = frozenset()


def sheet_response(
    sheet: StreamedSheet, form: SheetFormat, name: str, *, keeping: Keeping | None = None
) -> Response:
    """Return a table as a download named `name` with the extension of its format.

    `keeping` passes the pieces on as they are made.
    """
    pieces = csv_pieces(sheet) if form == "csv" else xlsx_pieces(sheet)
    pieces = keeping(pieces) if keeping else pieces
    return Response(
        sent_later(pieces, languages.current()),
        content_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def sent_later(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Yield what is made after the request has ended, in a language, but with nobody signed in."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- the request is over by then
    around = partial(_as_nobody, app, language, read_source())
    return spooled(pieces, around=around)


@contextmanager
def _as_nobody(app: Flask, language: str, source: ReadSource | None) -> Iterator[None]:
    """Open an anonymous request context for writing, in this language and with the same read source."""
    with app.test_request_context(), force_locale(language), reading_from(source):
        yield


def spooled(
    pieces: Iterator[bytes],
    *,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Iterator[bytes]:
    """Send the first piece at once, and the others from a file on the disk; they are made inside `around`.

    So the database is read as fast as it can be, however slow the reader of the answer is. While a long file
    is made, something is sent now and then: proxies give up an answer that is silent for a minute.
    """
    yield next(pieces, b"")
    with TemporaryFile() as file:
        sent = 0
        with around():
            spoke_at = monotonic()
            for piece in pieces:
                file.write(piece)
                if monotonic() - spoke_at >= SILENT_AT_MOST:
                    file.seek(sent)
                    yield file.read(SIGN_OF_LIFE)
                    sent, spoke_at = file.tell(), monotonic()
                    file.seek(0, SEEK_END)
        file.seek(sent)
        while chunk := file.read(CHUNK):
            yield chunk


# --- CSV ---------------------------------------------------------------------------------------


def csv_pieces(sheet: StreamedSheet) -> Iterator[bytes]:
    """Write a table as CSV in UTF-8 with a byte order mark, the head as the first piece."""
    yield (BOM + _csv_text([sheet.head])).encode()
    for rows in sheet.batches:
        yield _csv_text(rows).encode()
    if sheet.about:
        yield _csv_text([(), *sheet.about]).encode()


def _csv_text(rows: Rows) -> str:
    text = _written(rows)
    return _written([_safe_row(row) for row in rows]) if holds_formula(text) else text


def _written(rows: Rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _safe_row(row: Sequence[Any]) -> list[Any]:
    return [safe_in_csv(cell) if isinstance(cell, str) else cell for cell in row]


# --- XLSX --------------------------------------------------------------------------------------

NO_DATES: Mapping[int, str] = {}
ABOUT_TITLE = "CISS"
# Characters: a column is at least so wide, one with names, and one with moments, which would be ##### if it were less.
NARROWEST, NAMES_WIDE, MOMENT_WIDE = 11, 32, 20

# Begins with the same three characters: `re` looks for those first.
FORMULA_IN_XLSX = re.compile(r"<t>[\s=+\-@＝＋－＠]")


class _Outlet(io.RawIOBase):
    """Takes what the archive writes until somebody fetches it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def write(self, part: Any, /) -> int:
        """Take a part."""
        self._parts.append(bytes(part))
        return len(part)

    def fetch(self) -> bytes:
        """Return what came since the last time."""
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def xlsx_pieces(sheet: StreamedSheet) -> Iterator[bytes]:
    """Write a table as an XLSX file whose first row stays in sight; numbers are numbers, texts only texts.

    The workbook comes last, because it names the rows that can be filtered.
    """
    outlet, count = _Outlet(), HEAD_ROWS
    columns, titles = len(sheet.head), [sheet.title, *([ABOUT_TITLE] if sheet.about else [])]
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in [*package_parts(titles), *_about_part(sheet)]:
            archive.writestr(name, DECLARED + text)
        yield outlet.fetch()
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(_sheet_start(sheet).encode())
            for rows in sheet.batches:
                part.write(_xlsx_text(rows, sheet).encode())
                count += len(rows)
                if len(piece := outlet.fetch()):
                    yield piece
            part.write(f"</sheetData>{filter_of(columns, count)}{PAGE_SETUP}</worksheet>".encode())
        archive.writestr("xl/workbook.xml", DECLARED + workbook_text(titles, columns, count))
    yield outlet.fetch()


def _about_part(sheet: StreamedSheet) -> Iterator[tuple[str, str]]:
    """Yield the second sheet, if anything is said about the table."""
    if sheet.about:
        about = "".join(map(wrapped_row, sheet.about))
        yield (
            "xl/worksheets/sheet2.xml",
            f'<worksheet xmlns="{MAIN}">{FIT_TO_PAGE}{ABOUT_WIDTHS}<sheetData>{about}</sheetData>{PAGE_SETUP}</worksheet>',
        )


def _sheet_start(sheet: StreamedSheet) -> str:
    leasts = dict.fromkeys(sheet.wide, NAMES_WIDE) | dict.fromkeys(sheet.moments, MOMENT_WIDE)
    widths = [
        width_of_column(name, leasts.get(place, NARROWEST)) for place, name in enumerate(sheet.head)
    ]
    return (
        f'{DECLARED}<worksheet xmlns="{MAIN}">{FIT_TO_PAGE}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        f'topLeftCell="A{HEAD_ROWS + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{widths_of(widths)}<sheetData>{head_row(sheet.head)}"
    )


def _xlsx_text(rows: Rows, sheet: StreamedSheet) -> str:
    """Format a batch with one pattern per set of missing values; cell by cell if one needs care."""
    if sheet.is_mixed:
        return "".join(map(_careful_row, rows))
    dates = dict.fromkeys(sheet.days, DAY_CELL) | dict.fromkeys(sheet.moments, MOMENT_CELL)
    if dates:
        rows = [_with_dates(row, sheet) for row in rows]
    kinds = dict.fromkeys(sheet.numbers, NUMBER_CELL) | dates
    cells = [kinds.get(place, TEXT_CELL) for place in range(len(sheet.head))]
    whole = f"<row>{''.join(cells)}</row>"
    patterns: dict[tuple[bool, ...], str] = {}
    written, used = [], Counter[str]()
    for row in rows:
        if None in row:
            gaps = tuple([value is None for value in row])
            pattern = patterns.get(gaps) or patterns.setdefault(gaps, _with_gaps(cells, gaps))
            text = pattern % tuple([value for value in row if value is not None])
        else:
            pattern, text = whole, whole % tuple(row)
        used[pattern] += 1
        written.append(text)
    marks = sum(pattern.count("<") * count for pattern, count in used.items())
    text = "".join(written)
    if not _needs_care(text, marks):
        return text
    return "".join([_careful_row(row, dates) for row in rows])


def _with_dates(row: Sequence[Any], sheet: StreamedSheet) -> list[Any]:
    """Return a row with the days and moments as a spreadsheet counts them."""
    cells = list(row)
    for places, number_of in ((sheet.days, day_number), (sheet.moments, moment_number)):
        for place in places:
            cells[place] = number_of(str(cells[place])) if cells[place] else None
    return cells


def _with_gaps(cells: Sequence[str], gaps: Sequence[bool]) -> str:
    """Return the pattern of a row in which some values are missing."""
    parts = ["<c/>" if gap else cell for cell, gap in zip(cells, gaps, strict=True)]
    return f"<row>{''.join(parts)}</row>"


def _needs_care(text: str, marks: int) -> bool:
    """Check whether a cell has XML markup, a character that XML does not allow, or a formula."""
    if text.count("<") != marks or text.count(">") != marks or "&" in text or "\r" in text:
        return True
    if FORMULA_IN_XLSX.search(text):
        return True
    return not text.isprintable() and UNWRITABLE.search(text) is not None


def _careful_row(row: Sequence[Any], dates: Mapping[int, str] = NO_DATES) -> str:
    cells = [
        dates[place] % value if place in dates and value is not None else careful_cell(value)
        for place, value in enumerate(row)
    ]
    return f"<row>{''.join(cells)}</row>"
