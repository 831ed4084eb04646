"""Cells that people merged over several rows of a sheet: what they say is so for each of these rows."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cissapp.people.school_lists.list_files.cells import MOST_COLUMNS, Row
from cissapp.people.school_lists.rules import ListColumn, guess_columns
from cissapp.people.school_lists.rules.columns import ADDRESSES

# Of each row in which a merged cell begins, its columns and their last rows.
MergedCells = dict[int, list[tuple[int, int]]]

# People merge cells in lists that they wrote by hand; larger sheets come from programs.
MOST_LOOKED_AT = 30_000_000
MOST_MERGED = 20_000
# What schools share is a name or two. A small file could repeat long texts until the disk is full.
LONGEST_REPEATED = 200
MOST_REPEATED = 10_000_000
# What schools do not share, however their cells are merged: pupils would be counted twice.
OF_ONE_SCHOOL = frozenset({ListColumn.PUPILS, *ADDRESSES, *ADDRESSES.values()})
END_OF_ROWS = b"sheetData>"
IN_ONE_COLUMN = re.compile(rb'mergeCell ref="([A-Z]{1,3})(\d{1,7}):\1(\d{1,7})"')


def merged_cells(file: BinaryIO, path: str) -> MergedCells:
    """Return where cells of a sheet are merged downwards, in one column."""
    with zipfile.ZipFile(file) as archive:
        member = archive.getinfo(path)
        if member.file_size > MOST_LOOKED_AT:
            return {}
        _rows, _end, rest = archive.read(member).rpartition(END_OF_ROWS)
    merged: MergedCells = {}
    for number, found in enumerate(IN_ONE_COLUMN.finditer(rest)):
        column, first, last = _place_of(found[1]), int(found[2]), int(found[3])
        if number >= MOST_MERGED:
            break
        if column < MOST_COLUMNS and first < last:
            merged.setdefault(first, []).append((column, last))
    return merged


def _place_of(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def filled_down(rows: Iterator[Row], merged: MergedCells, head: Sequence[str]) -> Iterator[Row]:
    """Yield rows in which each merged cell that schools may share is repeated as far as it reaches."""
    means = guess_columns(head)
    columns = [means.get(heading) for heading in head]
    said: dict[int, tuple[int, str]] = {}
    left = MOST_REPEATED
    for number, own in rows:
        said = {place: one for place, one in said.items() if one[0] >= number}
        width = max(len(own), *(place + 1 for place in said)) if said else len(own)
        cells = own + [""] * (width - len(own))
        for place, (_last, text) in said.items():
            if not cells[place] and len(text) <= left:
                cells[place] = text
                left -= len(text)
        for place, last in merged.get(number, ()):
            if place < min(width, len(columns)) and _is_shared(columns[place], cells[place]):
                said[place] = last, cells[place]
        yield number, cells


def _is_shared(column: ListColumn | None, text: str) -> bool:
    """Return whether several schools may share a cell; numbers and addresses below an unknown heading may be of one."""
    if len(text) > LONGEST_REPEATED or column in OF_ONE_SCHOOL:
        return False
    return column is not None or ("@" not in text and any(map(str.isalpha, text)))
