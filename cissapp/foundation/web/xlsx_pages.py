"""How the sheet of every XLSX file is printed and filtered: A4 across, as wide as one page, its head on each page."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

A4_PAPER, ACROSS = 9, "landscape"
# Inches.
SIDE, ABOVE, BELOW, FOOT = 0.4, 0.5, 0.6, 0.3
# The name of the sheet, the page, and how many there are.
FOOT_LEFT, FOOT_RIGHT = "&A", "&P / &N"
FIT_TO_PAGE = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
PAGE_SETUP = (
    f'<pageMargins left="{SIDE}" right="{SIDE}" top="{ABOVE}" bottom="{BELOW}" header="{FOOT}" footer="{FOOT}"/>'
    f'<pageSetup paperSize="{A4_PAPER}" orientation="{ACROSS}" fitToWidth="1" fitToHeight="0"/>'
    f"<headerFooter><oddFooter>{escape(f'&L{FOOT_LEFT}&R{FOOT_RIGHT}')}</oddFooter></headerFooter>"
)


def column_letters(number: int) -> str:
    """Return the name of a column by its number, from 1: A to Z, then AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def filter_of(columns: int, rows: int) -> str:
    """Return the filter of a table whose head is the first of its rows."""
    return f'<autoFilter ref="A1:{column_letters(columns)}{rows}"/>'


def names_of(sheet: str, columns: int, rows: int) -> str:
    """Return the names by which a spreadsheet knows what is filtered and repeated on the first sheet.

    `sheet` is its title, already escaped.
    """
    area = f"'{sheet}'!$A$1:${column_letters(columns)}${rows}"
    return (
        f'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{area}</definedName>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="0">\'{sheet}\'!$1:$1</definedName></definedNames>'
    )


def set_page(page: Any, head: int, columns: int, last: int) -> None:
    """Set the same for a sheet of openpyxl, whose head and last row are these."""
    page.freeze_panes = f"A{head + 1}"
    page.print_title_rows = f"{head}:{head}"
    page.auto_filter.ref = f"A{head}:{column_letters(columns)}{last}"
    page.page_setup.orientation = ACROSS
    page.page_setup.paperSize = A4_PAPER
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    margins = page.page_margins
    margins.left = margins.right = SIDE
    margins.top, margins.bottom, margins.header, margins.footer = ABOVE, BELOW, FOOT, FOOT
    page.oddFooter.left.text, page.oddFooter.right.text = FOOT_LEFT, FOOT_RIGHT


def width_of_column(head: str, least: int) -> int:
    """Return the width of a column in characters: its longest word with the button of the filter, or more."""
    return min(max(least, *(len(word) + 3 for word in head.split() or [""])), 40)


def widths_of(widths: Sequence[int]) -> str:
    """Return the widths of the columns of a sheet."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    return f"<cols>{columns}</cols>"
