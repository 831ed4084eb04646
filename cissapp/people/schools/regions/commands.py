"""`ciss regions`: state statistics about the regions of a country."""

import csv
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import click
from flask.cli import with_appcontext

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Problem, Refused, counted
from cissapp.people.schools.regions import services
from cissapp.people.schools.rules import RegionCount

COLUMNS = ("region", "schools", "pupils")
UNREADABLE = 2


@click.group("regions")
def regions_group() -> None:
    """Import state statistics about the regions of a country."""


@regions_group.command("statistics")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", "country_code", required=True, help="The country, such as MD.")
@click.option(
    "--counted-on",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The day of the count, such as 2026-09-15.",
)
@click.option("--source", required=True, help="Who counted, and where it is published.")
@click.option("--to-confirm", is_flag=True, help="Show the figures as still to be confirmed.")
@with_appcontext
def import_statistics(
    file: Path, country_code: str, counted_on: datetime, source: str, *, to_confirm: bool
) -> None:
    """Import how many schools and pupils each region has from a CSV: region, schools, pupils.

    A region is given by its code, its code in the state's register, or its name; a row without a region
    is for the whole country. The latest count is used. If one row is wrong, nothing is stored (exit 2).
    """
    try:
        kept = _import(file, country_code.upper(), counted_on.date(), source, not to_confirm)
    except Refused as refused:
        for problem in refused.problems:
            click.echo(problem.message % problem.values, err=True)
        sys.exit(UNREADABLE)
    click.echo(
        f"{counted(kept, 'count')} saved for {country_code.upper()}, as of {counted_on:%Y-%m-%d}."
    )


def _import(file: Path, country_code: str, counted_on: date, source: str, checked: bool) -> int:  # noqa: FBT001 -- one caller
    pack = content().countries.get(country_code)
    if pack is None:
        raise Refused(Problem("country", "No country pack has this code. Use one such as MD."))
    counts = list(_counts(_rows(file), pack, counted_on))
    with unit_of_work():
        return services.import_statistics(
            counts, pack, source=source, checked=checked, by=SYSTEM, at=clock.now()
        )


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows with their numbers, separated by comma, semicolon or tab."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            Problem("file", "The file is not UTF-8 text. Save it again with that encoding.")
        ) from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.DictReader(StringIO(text), delimiter=delimiter)
    found = [name.strip().lower() for name in rows.fieldnames or []]
    if "region" not in found or not {"schools", "pupils"} & set(found):
        raise Refused(
            Problem(
                "file", "The first line must have the column region, and schools or pupils or both."
            )
        )
    rows.fieldnames = found
    for number, row in enumerate(rows, start=2):
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if any(cells.values()):
            yield number, cells


def _counts(
    rows: Iterator[tuple[int, Mapping[str, str]]], pack: CountryPack, counted_on: date
) -> Iterator[RegionCount]:
    """Yield the counts of the rows; raise `Refused` with every problem, row by row."""
    known, problems, seen = _region_codes(pack), [], set()
    for number, cells in rows:
        region = known.get(cells["region"].casefold()) if cells["region"] else None
        schools, pupils = _number(cells["schools"]), _number(cells["pupils"])
        if cells["region"] and region is None:
            problems.append(
                _problem(number, f"“{cells['region']}” is not a region of the country.")
            )
        elif (schools is None and pupils is None) or -1 in {schools, pupils}:
            problems.append(_problem(number, "give at least one count, as a whole number."))
        elif region in seen:
            problems.append(_problem(number, f"“{cells['region'] or pack.code}” is listed twice."))
        else:
            seen.add(region)
            yield RegionCount(region, schools, pupils, counted_on)
    if problems:
        raise Refused(*problems)


def _problem(number: int, text: str) -> Problem:
    return Problem("row", "Row %(number)s: %(text)s", {"number": number, "text": text})


def _region_codes(pack: CountryPack) -> dict[str, str]:
    """Map codes, state register codes and names of regions to codes; ambiguous names are left out."""
    named: dict[str, str] = {}
    twice = set()
    for region in pack.regions.values():
        for name in {
            one.casefold() for one in (*region.names.values(), region.register_code or "")
        }:
            if name in named:
                twice.add(name)
            named[name] = region.code
    codes = {code.casefold(): code for code in pack.regions}
    return {name: code for name, code in named.items() if name not in twice | {""}} | codes


def _number(text: str) -> int | None:
    """Parse a whole number with or without spaces; None if empty, -1 if invalid."""
    digits = "".join(text.split())
    if not digits:
        return None
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1
