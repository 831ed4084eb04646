"""`ciss schools`: brings a list of schools into the register."""

import csv
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.people.enrolment.list_files import read_list
from cissapp.people.enrolment.rules import RowOutcome, SchoolList, safe_cell
from cissapp.people.enrolment.services import school_lists
from cissapp.people.enrolment.services.school_lists import ImportResult
from cissapp.people.schools import queries as schools
from cissapp.people.schools.models import NationalGroup

MOST_BYTES, MOST_ROWS = 20_000_000, 25_000
# A list is kept in parts, so that others can write in between; what was kept stays if a later part fails.
ROWS_AT_ONCE = 500
UNREADABLE = 2


class _DryRun(Exception):
    """Nothing is to be kept."""


@click.group("schools")
def schools_group() -> None:
    """Schools of the register."""


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
@with_appcontext
def import_list(
    file: Path,
    country_code: str | None,
    group_name: str | None,
    *,
    dry_run: bool,
    report: Path | None,
) -> None:
    """Import a CSV or XLSX of schools into the register; exit 1 when rows were refused."""
    try:
        imported = _import(file, country_code, group_name, dry_run=dry_run)
    except Refused as refused:
        click.echo(" ".join(sentence(problem) for problem in refused.problems), err=True)
        sys.exit(UNREADABLE)
    for cells in rows_of(imported):
        click.echo("  ".join(cell for cell in cells if cell))
    _say_counts(imported, dry_run=dry_run)
    if report:
        write_report(imported, report)
    sys.exit(1 if imported.counts[RowOutcome.REFUSED] else 0)


def _import(
    file: Path, country_code: str | None, group_name: str | None, *, dry_run: bool
) -> ImportResult:
    if file.stat().st_size > MOST_BYTES:
        raise Refused(Problem("file", "The file has more than 20 MB."))
    table = read_list(file.read_bytes(), most_rows=MOST_ROWS)
    whole = ImportResult([], table.unknown)
    rows = len(table.lines) if dry_run else ROWS_AT_ONCE
    for start in range(0, len(table.lines), rows):
        some = SchoolList(table.lines[start : start + rows])
        with suppress(_DryRun), unit_of_work():
            countries = _countries(country_code)
            groups = _groups(countries, group_name)
            imported = school_lists.import_schools(
                some, groups=groups, countries=countries, by=SYSTEM, at=clock.now()
            )
            whole.results.extend(imported.results)
            if dry_run:
                raise _DryRun
    return whole


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
    """Write a problem in English, as a command speaks."""
    return problem.message % problem.values


def rows_of(imported: ImportResult) -> list[list[str]]:
    """Write the results as rows of text."""
    return [
        [
            str(result.number),
            result.code,
            result.name,
            result.outcome.value,
            " ".join(sentence(problem) for problem in result.problems),
        ]
        for result in imported.results
    ]


def _say_counts(imported: ImportResult, *, dry_run: bool) -> None:
    counts = ", ".join(f"{number} {outcome.value}" for outcome, number in imported.counts.items())
    click.echo(f"{counts}." + (" Nothing was kept: this was a dry run." if dry_run else ""))
    if imported.unknown:
        click.echo(f"Columns that were not read: {', '.join(imported.unknown)}", err=True)


def write_report(imported: ImportResult, path: Path) -> None:
    """Write the result of each row as a CSV that a spreadsheet opens without running anything."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "code", "name", "result", "reason"])
        writer.writerows([[safe_cell(cell) for cell in row] for row in rows_of(imported)])
