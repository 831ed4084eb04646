"""Reads the rows of a CSV file, whatever its delimiter and its encoding."""

import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from cissapp.foundation.core.errors import N_
from cissapp.people.school_lists.list_files.cells import (
    LONGEST_CELL,
    MOST_COLUMNS,
    TOO_MANY_COLUMNS,
    Row,
    refusal,
)

LONGEST_HEADING = 20_000  # characters in which the delimiter is searched for
HEADING_LINES = 15
DELIMITERS = ";,\t|"
UNDECODABLE = N_(
    "The file cannot be read as text. Save it as “CSV UTF-8”, or as XLSX, and send it again."
)
# Far more than the longest cells of all columns; a line without an end would fill the memory.
LONGEST_ROW = 1_000_000
# Registers write a code as ="00412", so that a spreadsheet keeps its zeros: a text and no formula.
AS_TEXT = re.compile(r'="([^"]*)"')
UNREADABLE = N_(
    "The file cannot be read from line %(line)s onwards. Look for an extra quotation mark."
)


def rows_of_csv(file: BinaryIO, charset: str, *, has_broken: bool = False) -> Iterator[Row]:
    """Yield the rows of a CSV file, read a line at a time; raise `Refused` if one cannot be read.

    With `has_broken` the rows may have broken letters, which are refused with their rows.
    """
    delimiter = _delimiter_of(file, charset)
    file.seek(0)
    errors = "replace" if has_broken else "strict"
    text = TextIOWrapper(file, encoding=charset, errors=errors, newline="")
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for number, values in enumerate(reader, start=1):
            lines.in_row = 0
            if len(values) > MOST_COLUMNS and any(value.strip() for value in values[MOST_COLUMNS:]):
                raise refusal(TOO_MANY_COLUMNS, most=MOST_COLUMNS)
            yield number, [_text_of(value[:LONGEST_CELL]) for value in values[:MOST_COLUMNS]]
    except UnicodeError as error:
        raise refusal(UNDECODABLE) from error
    except csv.Error as error:
        raise refusal(UNREADABLE, line=reader.line_num) from error
    finally:
        if not file.closed:
            text.detach()  # otherwise the file would be closed with it


def _text_of(value: str) -> str:
    """Return what a spreadsheet shows of a cell that says it is a text."""
    found = AS_TEXT.fullmatch(value) if value.startswith('="') else None
    return found[1] if found else value


class _Lines:
    """The lines of a text; raises `csv.Error` where those of one row are too long."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text, self.in_row = text, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_ROW)
        self.in_row += len(line)
        if not line:
            raise StopIteration
        if self.in_row >= LONGEST_ROW:
            raise csv.Error
        return line


def _delimiter_of(file: BinaryIO, charset: str) -> str:
    """Return the delimiter that splits most of the first lines into the same number of cells."""
    file.seek(0)
    start = file.read(LONGEST_HEADING * 2).decode(charset, errors="replace")[:LONGEST_HEADING]
    lines = [line for line in start.splitlines() if line.strip()][:HEADING_LINES]
    return max(DELIMITERS, key=lambda sign: _agreement(sign, lines))


def _agreement(sign: str, lines: list[str]) -> tuple[int, int]:
    """Return how many lines have the most common number of delimiters, and that number."""
    counts = [cells - 1 for cells in map(len, csv.reader(lines, delimiter=sign)) if cells > 1]
    usual = max(set(counts), key=counts.count, default=0)
    return counts.count(usual), usual
