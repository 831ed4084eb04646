"""Writes single cells of an XLSX sheet; their formats are in the package around it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from cissapp.foundation.web.spreadsheets import WholePercent, safe

# A text, and cells of the formats of the package.
TEXT_CELL, NUMBER_CELL = '<c t="inlineStr"><is><t>%s</t></is></c>', "<c><v>%s</v></c>"
DAY_CELL, MOMENT_CELL = '<c s="1"><v>%s</v></c>', '<c s="2"><v>%s</v></c>'
PERCENT_CELL = '<c s="4"><v>%s</v></c>'
# Beside the names are sentences, which would run out of sight in one line, and small tables.
ABOUT_WIDTHS = (
    '<cols><col min="1" max="1" width="40" customWidth="1"/>'
    '<col min="2" max="2" width="80" customWidth="1"/></cols>'
)
WRAPPED, HEAD = '<c s="3"', '<c s="5"'
# A spreadsheet counts days from this one, and a moment as days and a part of a day.
ZERO, DAY = datetime(1899, 12, 30), timedelta(days=1)  # noqa: DTZ001 -- a spreadsheet knows no time zone
DAY_ZERO = ZERO.toordinal()

# Characters that XML does not allow, lone surrogates included.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def careful_cell(value: Any) -> str:
    """Write a cell of any value; no text becomes a formula."""
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, date):
        return TEXT_CELL % value.isoformat()
    if isinstance(value, str):
        text = str(escape(UNWRITABLE.sub("", safe(value)))).replace("\r", "&#13;")
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, WholePercent):
        return PERCENT_CELL % (int(value) / 100)
    return NUMBER_CELL % (value,)


def wrapped_row(row: Sequence[Any]) -> str:
    """Write a row of which all but the first cell are wrapped, and stand at the left."""
    cells = [careful_cell(value) for value in row]
    beside = [cell.replace("<c", WRAPPED, 1) for cell in cells[1:]]
    return f"<row>{''.join([*cells[:1], *beside])}</row>"


def head_row(row: Sequence[Any]) -> str:
    """Write the row with the heads of the columns, which are bold and wrapped."""
    cells = [careful_cell(value).replace("<c", HEAD, 1) for value in row]
    return f"<row>{''.join(cells)}</row>"


@lru_cache(maxsize=4096)
def day_number(text: str) -> int:
    """Return a day in ISO 8601 as a spreadsheet counts it."""
    return date.fromisoformat(text).toordinal() - DAY_ZERO


def moment_number(text: str) -> float:
    """Return a date and time in ISO 8601 as a spreadsheet counts it."""
    return (datetime.fromisoformat(text) - ZERO) / DAY
