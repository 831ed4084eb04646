"""`ciss schools`: brings a list of schools into the register."""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.bulk.step_size import StepSize, limits_here
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Problem, Refused, counted
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.spreadsheets import safe_in_csv
from cissapp.people.enrolment.rules import one_line
from cissapp.people.school_lists.list_files import FORMULA, ReadList, Row, open_list, size_of
from cissapp.people.school_lists.rules import (
    ListColumn,
    RowOutcome,
    RowReader,
    RowResult,
    guess_columns,
    is_known,
    mapping_problems,
)
from cissapp.people.school_lists.services import finish_interrupted, storing
from cissapp.people.school_lists.services.applying import apply_rows
from cissapp.people.school_lists.services.checking import check_rows, contradicts
from cissapp.people.school_lists.services.deciding import read_rows
from cissapp.people.school_lists.services.recognising import ImportTask
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import NationalGroup

MEGABYTES = 500
MOST_BYTES = MEGABYTES * 1_000_000
UNREADABLE = 2


@click.group("schools")
def schools_group() -> None:
    """Import lists of schools into the register."""


@schools_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", "country_code", help="Take rows of this country only, such as MD.")
@click.option("--group", "group_name", help="The national group, where several cover a country.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and keep nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the result of each row as CSV.",
)
@click.option("--change", is_flag=True, help="Change schools where the list says something else.")
@click.option("--keep-duplicates", is_flag=True, help="Register schools that look like another.")
@with_appcontext
def import_list(
    file: Path,
    country_code: str | None,
    group_name: str | None,
    *,
    dry_run: bool,
    report: Path | None,
    change: bool,
    keep_duplicates: bool,
) -> None:
    """Import a CSV or XLSX of schools into the register; exit 1 when rows were refused."""
    try:
        with file.open("rb") as opened:
            counts = _import(
                opened,
                country_code,
                group_name,
                dry_run=dry_run,
                report=report,
                changes_schools=change,
                keeps_duplicates=keep_duplicates,
            )
    except Refused as refused:
        click.echo(" ".join(sentence(problem) for problem in refused.problems), err=True)
        sys.exit(UNREADABLE)
    _say_counts(counts, dry_run=dry_run)
    sys.exit(1 if counts[RowOutcome.REFUSED] else 0)


@schools_group.command("continue")
@with_appcontext
def continue_lists() -> None:
    """Continue lists whose import was interrupted, and delete the rows of old ones."""
    with unit_of_work():
        done = finish_interrupted(at=clock.now(), store=files())
    click.echo(f"{counted(done, 'list')} continued or deleted.")


def _import(
    file: BinaryIO,
    country_code: str | None,
    group_name: str | None,
    *,
    dry_run: bool,
    report: Path | None,
    **choices: bool,
) -> Counter[RowOutcome]:
    """Import the list part by part, and report the result of each row as soon as it is known."""
    if size_of(file) > MOST_BYTES:
        raise Refused(Problem("file", "The file is larger than %(most)s MB.", {"most": MEGABYTES}))
    opened = open_list(file, is_known)
    guessed = guess_columns(opened.head)
    problems = mapping_problems(guessed.values())
    if problems:
        raise Refused(*problems)
    how = _HowRead(opened.head, guessed, country_code, group_name, choices)
    counts: Counter[RowOutcome] = Counter()
    # A list is committed in parts, so that others can write in between; earlier parts stay if one fails.
    size = StepSize(limits_here())
    with _report_in(report) as write:
        while rows := list(islice(opened.rows, size.rows)):
            results = how.results(rows, size, dry_run=dry_run)
            for (number, cells), result in zip(rows, results, strict=True):
                counts[result.outcome] += 1
                write([str(number), how.code_of(cells), how.name_of(cells), *_words(result)])
    if not counts:
        raise Refused(Problem("file", "The list has a heading but no rows."))
    _say_unread(opened, guessed)
    if how.by_name:
        rows_by_name = counted(how.by_name, "row")
        click.echo(f"{rows_by_name} without a code: matched by name and place.", err=True)
    return counts


class _HowRead:
    """How the rows of a file are read and where they are imported; the same for all parts."""

    def __init__(
        self,
        head: Sequence[str],
        guessed: Mapping[str, ListColumn],
        country_code: str | None,
        group_name: str | None,
        choices: Mapping[str, bool],
    ) -> None:
        self._columns = [guessed.get(heading) for heading in head]
        self._place = (country_code, group_name)
        self._choices = choices
        self._began_at = clock.now()
        self._reader: RowReader | None = None
        self._seen: dict[int, int] = {}
        # Rows without a code.
        self.by_name = 0

    def results(self, rows: list[Row], size: StepSize, *, dry_run: bool) -> list[RowResult]:
        """Import a part in a transaction of its own, or return what would happen."""
        country_code, group_name = self._place
        countries = _countries(country_code)
        reader = self._reader = self._reader or RowReader(self._columns, countries)
        read = read_rows(rows, reader)
        self.by_name += sum(row.is_by_name for row in read)
        with unit_of_work():
            groups = _groups(countries, group_name)
            task = ImportTask(groups, countries, self._began_at, **self._choices)
            if dry_run:
                return check_rows(read, task, self._seen)
            storing.lock_register()
            for row, checked in zip(read, check_rows(read, task, self._seen), strict=True):
                row.contradicts = contradicts(checked.stored())
            size.begin(len(rows))
            applied = apply_rows(read, task, by=SYSTEM, at=clock.now())
        size.end()
        return applied

    def code_of(self, cells: Sequence[str]) -> str:
        """Return the school code of a row, as written there."""
        return self._cell(cells, ListColumn.CODE)

    def name_of(self, cells: Sequence[str]) -> str:
        """Return the school name of a row, as written there."""
        return self._cell(cells, ListColumn.NAME)

    def _cell(self, cells: Sequence[str], column: ListColumn) -> str:
        places = [place for place, one in enumerate(self._columns) if one is column]
        text = cells[places[0]] if places and places[0] < len(cells) else ""
        return "" if text == FORMULA else one_line(text)


@contextmanager
def _report_in(path: Path | None) -> Iterator[Callable[[list[str]], None]]:
    """Return a writer that prints each row, and adds it to the CSV with formulas made harmless."""
    if path is None:
        yield _print_row
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "code", "name", "result", "reason"])

        def both(cells: list[str]) -> None:
            _print_row(cells)
            writer.writerow([safe_in_csv(cell) for cell in cells])

        yield both


def _print_row(cells: list[str]) -> None:
    click.echo("  ".join(cell for cell in cells if cell))


def _words(result: RowResult) -> list[str]:
    reason = " ".join(sentence(problem) for problem in result.problems)
    return [result.outcome.value, reason]


def _say_unread(opened: ReadList, guessed: Mapping[str, ListColumn]) -> None:
    unread = [heading for heading in opened.head if heading not in guessed]
    if opened.sheets[1:]:
        click.echo(f"Sheets that were not read: {', '.join(opened.sheets[1:])}", err=True)
    if unread:
        click.echo(f"Columns that were ignored: {', '.join(unread)}", err=True)


def _countries(country_code: str | None) -> dict[str, CountryPack]:
    packs = content().countries
    open_here = {one.code: packs[one.code] for one in schools.countries() if one.code in packs}
    if country_code is None:
        return open_here
    code = country_code.upper()
    if code not in open_here:
        raise Refused(
            Problem("country", "The programme does not work in %(country)s yet.", {"country": code})
        )
    return {code: open_here[code]}


def _groups(
    countries: Mapping[str, CountryPack], group_name: str | None
) -> dict[str, NationalGroup]:
    """Find the group that takes the schools of each country: the named one, or the only one."""
    found = {}
    for code in countries:
        covering = schools.groups_of_country(code)
        if group_name:
            covering = [
                group for group in covering if group.name.casefold() == group_name.casefold()
            ]
        if len(covering) == 1:
            found[code] = covering[0]
    return found


def sentence(problem: Problem) -> str:
    """Return a problem in English, the language of commands."""
    return problem.message % problem.values


def _say_counts(counts: Counter[RowOutcome], *, dry_run: bool) -> None:
    shown = (one for one in RowOutcome if counts[one] or one is not RowOutcome.SKIPPED)
    said = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in shown)
    click.echo(f"{said}." + (" This was a dry run; nothing was saved." if dry_run else ""))
