"""Simulates thousands of events over 18 months, then checks every figure against SQL over the raw tables.

    .venv/bin/python -m benchmarks.figures 5000 sqlite:////some/folder/figures.db
    .venv/bin/python -m benchmarks.figures 5000 postgresql+psycopg://user@/empty_database

The database must be empty. Schools of two invented countries join, learn, apply, are reviewed, certified,
suspended, moved and merged, one country reforms its regions, and `ciss daily` keeps the months. At the end of
each month the raw tables are counted by statements in this file. Then page, CSV, XLSX, report and API are read
by people who may see figures and by some who may not, in five languages, for every month and for now. Prints how
much was compared; exits with 1 if a figure differs, is hidden in only one form, or a month has changed.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from benchmarks.lives import Lives
from benchmarks.races import application
from benchmarks.shown_figures import compare_shown
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.oversee.figures import services as figures
from cissapp.oversee.figures.models import FrozenCount, FrozenEdition, FrozenMeasure
from cissapp.oversee.figures.rules.tree import end_of
from cissapp.people.schools import services as schools
from tests.shipped import country_of, region

BEGUN = datetime(2022, 11, 25, 9, tzinfo=UTC)
UNTIL = datetime(2024, 5, 27, 9, tzinfo=UTC)
LAST, FIRST = date(2023, 8, 31), date(2023, 9, 1)
RAW = """SELECT country_code, region_code, progress, standing, level, count(*)
  FROM school WHERE only_for_id IS NULL GROUP BY 1, 2, 3, 4, 5"""
# The progress of a school, derived only from its applications and people.
WAY = """SELECT s.id, s.progress, a.state, a.round,
    EXISTS (SELECT 1 FROM module_pass m JOIN person p ON p.id = m.user_id WHERE p.school_id = s.id),
    EXISTS (SELECT 1 FROM person p WHERE p.school_id = s.id)
  FROM school s LEFT JOIN application a ON a.school_id = s.id
    AND a.cycle = (SELECT max(cycle) FROM application o WHERE o.school_id = s.id)
  WHERE s.only_for_id IS NULL"""
# The standing of each certificate, derived only from the register of certificates, with the newest of a school last.
WORTH = """SELECT s.id, s.standing, s.level, c.level, c.valid_from_on, c.valid_until_on,
    (SELECT e.event FROM register_entry e WHERE e.certificate_id = c.id ORDER BY e.id DESC LIMIT 1)
  FROM school s JOIN certificate c ON c.school_id = s.id JOIN publication p ON p.certificate_id = c.id
  WHERE s.only_for_id IS NULL ORDER BY c.cycle, c.attempt"""

Rows = dict[str, dict[str, int]]


def packs() -> dict[str, CountryPack]:
    """Return a country whose regions are reformed and one with three levels; certificates last nine months."""
    begin: dict[str, Any] = {"from": FIRST}
    reformed = country_of(
        region("MD-A", until=LAST, into=["MD-C"]),
        region("MD-B", tile=(1, 1), until=LAST, into=["MD-C", "MD-D"]),
        region("MD-B-1", "MD-B", until=LAST, into=["MD-D-1", "MD-D-2"]),
        region("MD-C"),
        region("MD-C-1", "MD-C"),
        region("MD-D", tile=(1, 1), **begin),
        region("MD-D-1", "MD-D", **begin),
        region("MD-D-2", "MD-D", **begin),
    )
    deep = country_of(
        *(region(f"UA-{one}", tile=(number, 1)) for number, one in enumerate("ABC")),
        *(region(f"UA-{one}-{two}", f"UA-{one}") for one in "AB" for two in "12"),
        *(region(f"UA-A-1-{three}", "UA-A-1") for three in "XY"),
        code="UA",
    )
    for pack in (reformed, deep):
        pack.file.__dict__.update(validity_months=9, renewal_opens_months=4)
    return {"MD": reformed, "UA": deep}


class Trial:
    """The events, and what the raw tables held at the end of each month."""

    def __init__(self, app: Flask, number: int) -> None:
        self.app, self.random, self.packs = app, Random(number), packs()
        self.lives = Lives(app, self.packs, self.random)
        self.expected: dict[tuple[str, date | None], Rows] = {}
        self.kept: dict[tuple[int, str], list[Any]] = {}
        self.faults: list[str] = []

    def run(self, number: int) -> None:
        """Run a number of events, with the daily work each night and a count at the end of each month."""
        moments = sorted(
            BEGUN + (UNTIL - BEGUN) * self.random.random() ** 0.7 for _event in range(number)
        )
        midnight = BEGUN.replace(hour=0) + timedelta(days=1)
        for at in [*moments, UNTIL]:
            while midnight <= at:
                self.night(midnight)
                midnight += timedelta(days=1)
            self.lives.act(at)
        self.keep(UNTIL)
        self.count(None, UNTIL)

    def night(self, midnight: datetime) -> None:
        """Count the month that ended, and do the daily work."""
        if midnight.day == 1 and self.lives.there:
            self.count(months_after(midnight.date(), -1), midnight)
        self.lives.daily(midnight)
        if midnight.day == 1:
            self.keep(midnight)

    def count(self, month: date | None, at: datetime) -> None:
        """Count the raw tables, and check each school against its applications and certificates."""
        with self.app.app_context():
            for country_code, pack in self.packs.items():
                own: Rows = {}
                for country, code, *state, number in session.execute(text(RAW)):
                    if country == country_code:
                        row = own.setdefault(code, Counter())
                        row.update(dict.fromkeys(counted(*state), number))
                if own:  # a month before the first school of a country is not kept
                    self.expected[country_code, month] = added_up(own, pack)
            day = (end_of(month) - timedelta(days=1)).date() if month else at.date()
            self.faults += [f"{month}: {one}" for one in [*wrong_ways(), *wrong_worths(day)]]
            session.remove()

    def keep(self, at: datetime) -> None:
        """Do the daily work on figures; there must be nothing to correct, and no month may change."""
        with clock.at(at), self.app.app_context():
            with unit_of_work():
                mended = (schools.repair_tallies(at), schools.repair_history(at))
            if mended != (0, 0):
                self.faults.append(f"{at:%Y-%m-%d}: tallies and history mended {mended}")
            while True:
                with unit_of_work():
                    if not figures.freeze_newest_month(self.packs, at=at):
                        break
            with unit_of_work():
                figures.measure_today(self.packs, at=at)
            for table in (FrozenCount, FrozenMeasure):
                self._compare_kept(table)
            session.remove()

    def _compare_kept(self, table: Any) -> None:
        for edition in session.scalars(select(FrozenEdition.id)):
            columns = table.__table__.c
            rows = sorted(
                map(tuple, session.execute(select(*columns).where(columns.edition_id == edition)))
            )
            if self.kept.setdefault((edition, table.__name__), rows) != rows:
                self.faults.append(f"edition {edition}: {table.__name__} changed")


def counted(progress: str, standing: str, level: int | None) -> Iterator[str]:
    """List the columns in which a school counts."""
    yield "schools"
    yield "in_review" if progress == "changes_requested" else progress
    if standing in {"valid", "expiring"}:
        yield "certified"
        yield f"level_{level}"
    if standing in {"expiring", "expired"}:
        yield standing


def added_up(own: Rows, pack: CountryPack) -> Rows:
    """Add to each region everything below it, by the links of the pack; the country has the empty code."""
    found: Rows = {code: Counter() for code in ("", *pack.regions)}
    for code, row in own.items():
        above: str | None = code
        while above:
            found[above].update(row)
            above = pack.regions[above].parent
        found[""].update(row)
    return found


def wrong_ways() -> Iterator[str]:
    """List schools whose progress does not match their newest application and their people."""
    by_state = {"draft": "trained", "withdrawn": "trained"}
    for school, progress, state, _round, is_trained, has_people in session.execute(text(WAY)):
        without = "trained" if is_trained else "in_training" if has_people else "registered"
        right = by_state.get(state, state) or without
        if progress != right:
            yield f"{school} is {progress}, not {right}"


def wrong_worths(day: date) -> Iterator[str]:
    """List schools whose standing does not match their certificates."""
    by_school: dict[Any, list[Any]] = {}
    for row in session.execute(text(WORTH)):
        by_school.setdefault(row[0], []).append(row)
    for school, rows in by_school.items():
        begun = [row for row in rows if str(row[4]) <= str(day)] or rows
        *_facts, level, _first, _until, event = begun[-1]
        until = date.fromisoformat(str(max(str(row[5]) for row in rows if row[6] != "replaced")))
        ends = "expired" if day > until else "expiring" if day + timedelta(90) >= until else "valid"
        right = event if event in {"suspended", "withdrawn"} else ends
        if (rows[0][1], rows[0][2]) != (right, level):
            yield f"{school} is {rows[0][1]} {rows[0][2]}, not {right} {level}"


def main(number: int, url: str, seed: int = 1) -> int:
    """Run the events, compare the figures, and print what was found."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), url)
        trial = Trial(app, seed)
        trial.run(number)
        for name, count in sorted(trial.lives.done.items()):
            print(f"{count:6} {name}")
        shown = compare_shown(app, trial.packs, trial.expected, UNTIL)
    faults = trial.faults + shown.faults
    for form, count in shown.compared.items():
        print(f"{count:8} {form}")
    for fault in faults[:40]:
        print(f"FAULT {fault}")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])))
