"""Imports a list of schools sent by a program, with the same services as the page, or only tries it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from msgspec import Struct, field

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.people.school_lists import services as lists
from cissapp.people.school_lists.list_files import ZIP, Row, open_list
from cissapp.people.school_lists.queries import parts_of
from cissapp.people.school_lists.rules import (
    ListColumn,
    RowReader,
    RowResult,
    guess_columns,
    is_known,
    mapping_problems,
    restored,
)
from cissapp.people.school_lists.services.checking import check_rows
from cissapp.people.school_lists.services.deciding import read_rows
from cissapp.people.school_lists.services.recognising import ImportTask
from cissapp.people.schools.queries import group as find_group

AT_ONCE = 500
NOT_CSV = "An XLSX file is brought on the page. Send the list as CSV or JSON."
COLUMNS = (
    "country",
    "region",
    "code",
    "name",
    "locality",
    "language",
    "pupils",
    "head_email",
    "head_name",
)


class BroughtRow(Struct, frozen=True):
    """A row of a list with its result, actual or expected."""

    number: int
    code: str
    name: str
    result: RowResult


class BroughtList(Struct):
    """The results of a list's rows, and the column headings that were not recognised."""

    rows: list[BroughtRow] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def csv_of_rows(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows of named values as an equivalent CSV file; the first row is on line 2."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        values = [row.get(column) for column in COLUMNS]
        writer.writerow([_cell(value) for value in values])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """Format a value on one line without unprintable characters, which would upset encoding detection."""
    text = "" if value is None else str(value)
    return "".join(mark if mark.isprintable() else " " for mark in text)


def try_schools(
    content: bytes, packs: Mapping[str, CountryPack], most_rows: int, *, by: Actor, at: datetime
) -> BroughtList:
    """Return what would become of each row of a list; nothing is written and no mail is sent."""
    rows, guessed, head = _opened(content, most_rows)
    group = find_group(by.group_id) if by.group_id else None
    covered = [code for code in (group.country_codes if group else []) if code in packs]
    countries = {code: packs[code] for code in covered}
    task = ImportTask({code: group for code in covered if group}, countries, at)
    reader = RowReader([guessed.get(heading) for heading in head], countries)
    brought, seen = BroughtList(unknown=_unknown(head, guessed)), dict[int, int]()
    for some in _in_parts(rows):
        results = check_rows(read_rows(some, reader), task, seen)
        brought.rows += _named(some, results, head, guessed)
    return brought


def bring_schools(
    content: bytes, name: str, most_rows: int, *, by: Actor, at: datetime, store: FileStore
) -> BroughtList:
    """Import a list into the register of the person's group; the group can see and undo it in its lists."""
    _rows, guessed, head = _opened(content, most_rows)
    if by.group_id is None:
        raise Refused(Problem("group", N_("You do not belong to a national group.")))
    found = lists.preview(
        content, name, mapping=guessed, group_id=by.group_id, by=by, at=at, store=store
    )
    lists.take_over(found, by=by, at=at, store=store)
    brought = BroughtList(unknown=_unknown(head, guessed))
    for rows, results in parts_of(found.id):
        kept = [restored(one) for one in results or []]
        brought.rows += _named([(row[0], row[1]) for row in rows], kept, head, guessed)
    return brought


def _opened(content: bytes, most_rows: int) -> tuple[list[Row], dict[str, ListColumn], list[str]]:
    """Read a list; raise `Refused` if it is not a list in CSV, has no rows or has too many.

    No transaction is open meanwhile: on SQLite nobody else could save anything.
    """
    release_transaction()
    # A small workbook may unpack to more than a program should wait for.
    if content.startswith(ZIP):
        raise Refused(Problem("file", NOT_CSV))
    opened = open_list(io.BytesIO(content), is_known)
    guessed = guess_columns(opened.head)
    problems = mapping_problems(guessed.values())
    if problems:
        raise Refused(*problems)
    rows = list(islice(opened.rows, most_rows + 1))
    if not rows:
        raise Refused(Problem("file", N_("The list has a heading but no rows.")))
    if len(rows) > most_rows:
        message = N_("A list can have up to %(most)s rows. Split it into smaller lists.")
        raise Refused(Problem("file", message, {"most": most_rows}))
    return rows, guessed, opened.head


def _in_parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    for first in range(0, len(rows), AT_ONCE):
        yield list(rows[first : first + AT_ONCE])


def _unknown(head: Sequence[str], guessed: Mapping[str, ListColumn]) -> list[str]:
    return [heading for heading in head if heading and heading not in guessed]


def _named(
    rows: Sequence[Row],
    results: Sequence[RowResult],
    head: Sequence[str],
    guessed: Mapping[str, ListColumn],
) -> list[BroughtRow]:
    """Pair the results of rows with the code and name of each school."""
    places = {guessed[heading]: place for place, heading in enumerate(head) if heading in guessed}

    def cell(cells: Sequence[str], column: ListColumn) -> str:
        place = places.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    return [
        BroughtRow(number, cell(cells, ListColumn.CODE), cell(cells, ListColumn.NAME), result)
        for (number, cells), result in zip(rows, results, strict=True)
    ]
