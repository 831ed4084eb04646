"""Writes a table as an XLSX file whose formulas work, and as a text for paper and page."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from msgspec import Struct, field

from cissapp.foundation.office.filling import plain, table
from cissapp.foundation.office.manuscripts import Manuscript
from cissapp.foundation.office.reckoning import reckon
from cissapp.foundation.web.spreadsheets import safe
from cissapp.foundation.web.xlsx_pages import set_page

Cell = str | int
PLACE = re.compile(r"\{(\w+)\}")
# Totals that calculate with the cells of their column.
RECKONING = frozenset({"SUM", "MAX", "AVERAGE"})
TITLE_ROW, WIDEST, NARROWEST, HEAD_WIDTH = 1, 36, 9, 14
TITLE_SIZE, LINE_SIZE, LINE_HEIGHT = 14, 10, 1.35
MANY_COLUMNS = 5
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")


class Sheet(Struct, frozen=True):
    """A table to be made into a file: `columns` are titles by name, in order; each row has all their cells.

    `formulas` are by column: `{name}` is the cell of that column in the same row. `totals` name, by column,
    a function for the last row; `limits` the smallest and largest whole number. `empty_rows` follow the
    filled ones.
    """

    title: str
    lines: tuple[str, ...]
    columns: Mapping[str, str]
    rows: Sequence[Sequence[Cell]]
    language: str
    empty_rows: int = 0
    formulas: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    total: str = ""
    foot: str = ""
    across: str = ""


def xlsx_of(sheet: Sheet) -> bytes:
    """Return the table as XLSX: texts stay texts whatever they begin with, and numbers stay numbers."""
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import

    book = Workbook()
    page: Any = book.active
    page.title = NOT_IN_A_TITLE.sub(" ", sheet.title)[:31].strip() or "1"
    above = [sheet.title, *([sheet.across] if sheet.across else []), *sheet.lines]
    for number, line in enumerate(above, TITLE_ROW):
        _put(page.cell(number, 1), line)
    head = TITLE_ROW + len(above) + 1
    for column, title in enumerate(sheet.columns.values(), 1):
        _put(page.cell(head, column), title)
    last = _write_rows(page, sheet, head + 1)
    _write_totals(page, sheet, head + 1, last)
    _set_limits(page, sheet, head + 1, last)
    width = _set_look(page, sheet, head, last)
    _set_lines(page, above, len(sheet.columns), width)
    _set_cells(page, sheet, head, last)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _put(cell: Any, value: Cell) -> None:
    cell.value = safe(value) if isinstance(value, str) else value
    if isinstance(value, str):
        # Set explicitly, because a text that begins with "=" would be taken for a formula.
        cell.data_type = "s"


def _write_rows(page: Any, sheet: Sheet, first: int) -> int:
    """Write the filled rows and the empty ones; return the number of the last."""
    last = first + len(sheet.rows) + sheet.empty_rows - 1
    names = list(sheet.columns)
    for number in range(first, last + 1):
        known = sheet.rows[number - first] if number - first < len(sheet.rows) else ()
        for column, name in enumerate(names, 1):
            cell = page.cell(number, column)
            if name in sheet.formulas:
                cell.value = _formula(sheet.formulas[name], names, number)
            elif column <= len(known) and known[column - 1] != "":
                _put(cell, _number_of(known[column - 1], name, sheet))
    return last


def _number_of(value: Cell, name: str, sheet: Sheet) -> Cell:
    """Return a cell used in calculations as a number: in a column with limits, a total or a formula."""
    used = {one for formula in sheet.formulas.values() for one in PLACE.findall(formula)}
    totals = {one for one, function in sheet.totals.items() if function in RECKONING}
    is_number = name in {*sheet.limits, *used, *totals}
    return int(value) if is_number and str(value).strip().isdecimal() else value


def _formula(formula: str, names: Sequence[str], row: int) -> str:
    """Return a formula for a row; its result is empty while any of its cells is."""
    used = list(dict.fromkeys(PLACE.findall(formula)))
    cells = {name: f"{_letter(names.index(name) + 1)}{row}" for name in used}
    reckoned = PLACE.sub(lambda found: cells[found.group(1)], formula.removeprefix("="))
    listed = ",".join(cells.values())
    return f'=IF(COUNT({listed})={len(used)},{reckoned},"")' if used else f"={reckoned}"


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- slow import

    return str(get_column_letter(column))


def _write_totals(page: Any, sheet: Sheet, first: int, last: int) -> None:
    if not sheet.totals:
        return
    for column, name in enumerate(sheet.columns, 1):
        if name in sheet.totals:
            letter = _letter(column)
            page.cell(
                last + 1, column
            ).value = f"={sheet.totals[name]}({letter}{first}:{letter}{last})"
        elif column == 1 and sheet.total:
            _put(page.cell(last + 1, column), sheet.total)


def _set_limits(page: Any, sheet: Sheet, first: int, last: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 -- slow import

    for column, name in enumerate(sheet.columns, 1):
        if name in sheet.limits:
            least, most = sheet.limits[name]
            limit = DataValidation("whole", formula1=str(least), formula2=str(most))
            limit.add(f"{_letter(column)}{first}:{_letter(column)}{last}")
            page.add_data_validation(limit)


def _set_look(page: Any, sheet: Sheet, head: int, last: int) -> int:
    """Set column widths, frozen header, filter and A4 page fit; return the total width."""
    set_page(page, head, len(sheet.columns), last)
    whole = 0
    for column, title in enumerate(sheet.columns.values(), 1):
        cells = [len(str(row[column - 1])) for row in sheet.rows if len(row) >= column]
        longest = max([min(len(title), HEAD_WIDTH), *cells])
        width = min(max(longest + 2, NARROWEST), WIDEST)
        page.column_dimensions[_letter(column)].width = width
        whole += width
    return whole


def _set_lines(page: Any, above: Sequence[str], columns: int, width: int) -> None:
    """Merge each line above the table over all columns, as high as it needs."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 -- slow import

    for number, line in enumerate(above, TITLE_ROW):
        cell = page.cell(number, 1)
        size = TITLE_SIZE if number == TITLE_ROW else LINE_SIZE
        cell.font = Font(bold=number == TITLE_ROW, size=size)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=columns)
        rows = -(-len(line) * size // (width * LINE_SIZE))
        page.row_dimensions[number].height = max(rows, 1) * size * LINE_HEIGHT


def _set_cells(page: Any, sheet: Sheet, head: int, last: int) -> None:
    """Draw a border round each cell of the table, even empty ones, which are filled in on paper."""
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415 -- slow import

    side = Side(style="thin", color="999999")
    border = Border(left=side, right=side, top=side, bottom=side)
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for row in range(head, last + 1 + bool(sheet.totals)):
        for column in range(1, len(sheet.columns) + 1):
            cell = page.cell(row, column)
            cell.border, cell.alignment = border, wrapped
            if row in {head, last + 1}:
                cell.font = bold


def manuscript_of(sheet: Sheet) -> Manuscript:
    """Return the table as a text for paper and page; formula columns are calculated where possible."""
    names = list(sheet.columns)
    rows = [
        [_shown(sheet, names, row, name) for name in names]
        for row in [*sheet.rows, *([("",) * len(names)] * sheet.empty_rows)]
    ]
    return Manuscript(
        title=sheet.title,
        lines=sheet.lines,
        text=table([plain(one) for one in sheet.columns.values()], rows),
        language=sheet.language,
        foot=sheet.foot,
        across=sheet.across,
        landscape=len(names) >= MANY_COLUMNS,
    )


def _shown(sheet: Sheet, names: Sequence[str], row: Sequence[Cell], name: str) -> str:
    cells = {one: str(cell) for one, cell in zip(names, row, strict=False)}
    if name not in sheet.formulas:
        return plain(cells.get(name, ""))
    return plain(reckon(name, cells, sheet.formulas))
