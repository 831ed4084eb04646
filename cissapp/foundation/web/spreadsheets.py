"""Writes CSV and XLSX files that a spreadsheet opens as text: no cell becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain

BOM = "\ufeff"
HEAD_ROWS = 1
# What a spreadsheet takes for a formula, also in its full width and after white space.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]|\s+[=+\-@＝＋－＠]")
# A figure below zero is one: a sign, digits and a separator call no function and name no cell. A text that begins with
# zeros, such as a code, is none.
NEGATIVE = re.compile(r"-(0|[1-9]\d{0,14})([.,]\d{1,15})?", re.ASCII)

# Where lists are separated by semicolons, as in Romanian, Ukrainian and Russian, a spreadsheet splits a text at each
# of them, also between quotes that do not begin the line.
AFTER_SEMICOLON = re.compile(r"""(;[\s"]*)(?=[=+\-@＝＋－＠])""")
# The apostrophes that `safe` and `safe_in_csv` add.
ADDED = re.compile(r"""^'(?=[\t\r\n]|\s*[=+\-@＝＋－＠])|(;[\s"]*)'(?=[=+\-@＝＋－＠])""")

# Begins with a class of characters, of which there are few in a row: `re` tries no other place in the text.
# A quote that begins a cell follows a separator or a line's end; one that ends a cell may stand before that.
FORMULA_CELL = re.compile(r"""[,;"\n](?:[^\S\n]*[=+\-@＝＋－＠]|\t|(?<=[,\n]")[\r\n])""")
FORMULA_FIRST = re.compile(r"""[^\S\n]*[=+\-@＝＋－＠]|\t|"[\r\n]""")
# Every cell that becomes a formula has one of these, or a hyphen after a separator or a space. They are rare, and
# looking for them costs a tenth of looking for the cells.
FORMULA_SIGNS = ("=", "+", "@", "＝", "＋", "－", "＠", "\t", ',"\r', ',"\n', '\n"\r', '\n"\n')
FIRST_SIGNS = ('"\r', '"\n')
FORMULA_HYPHEN = re.compile(r"""-(?<![^,;"\s]-)""")


class WholePercent(int):
    """A share in whole per cent: in words in a CSV file, a number to calculate with in an XLSX file."""

    def __str__(self) -> str:
        """Return it as pages write it."""
        return f"{int(self)} %"


def csv_of(
    head: Sequence[str], rows: Iterable[Sequence[str]], about: Sequence[Sequence[str]] = ()
) -> bytes:
    """Write a head and rows as CSV in UTF-8 with a byte order mark.

    `about` are the lines after them that say what the columns mean and which time they describe.
    """
    text = io.StringIO(BOM)
    text.seek(0, io.SEEK_END)
    write = csv.writer(text).writerow
    write(head)
    for row in chain(rows, [(), *about] if about else ()):
        write([safe_in_csv(cell) for cell in row])
    return text.getvalue().encode()


def safe(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a negative number stays one."""
    return f"'{cell}" if FORMULA.match(cell) and not NEGATIVE.fullmatch(cell) else cell


def safe_in_csv(cell: str) -> str:
    """Return a text of which a spreadsheet takes no part for a formula, whether it splits at commas or semicolons."""
    text = safe(cell)
    return AFTER_SEMICOLON.sub(r"\1'", text) if ";" in text else text


def unprotected(cell: str) -> str:
    """Return a text as it was before `safe` or `safe_in_csv` kept it from being a formula."""
    return ADDED.sub(r"\1", cell) if "'" in cell else cell


def holds_formula(text: str) -> bool:
    """Return whether a spreadsheet would take a cell of a CSV text for a formula."""
    may = (
        any(sign in text for sign in FORMULA_SIGNS)
        or text.startswith(FIRST_SIGNS)
        or FORMULA_HYPHEN.search(text) is not None
    )
    return may and bool(FORMULA_CELL.search(text) or FORMULA_FIRST.match(text))
