"""Writes CSV files that a spreadsheet opens as text: no cell becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
# What a spreadsheet takes for a formula, also in its full width and after white space.
FORMULA_MARKS = "=+-@\t\r\n＝＋－＠"


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a head and rows as CSV in UTF-8 with a byte order mark."""
    text = io.StringIO(BOM)
    text.seek(0, io.SEEK_END)
    write = csv.writer(text).writerow
    write(head)
    for row in rows:
        write([safe(cell) for cell in row])
    return text.getvalue().encode()


def safe(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    bare = cell.lstrip()
    return f"'{cell}" if cell[:1] in {*FORMULA_MARKS} or bare[:1] in {*FORMULA_MARKS} else cell
