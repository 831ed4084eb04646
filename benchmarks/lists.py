"""Measures how fast a list of schools is checked and imported, and exported as CSV and XLSX.

    .venv/bin/python -m benchmarks.lists 100000 sqlite:////some/folder/lists.db
    .venv/bin/python -m benchmarks.lists 100000 postgresql+psycopg://user@/empty_database

The database must be empty. Every tenth row of the list is broken. Prints rows per CPU second of this
process, shares of the floor of the same driver (the same columns by its own cursor and `csv`), the time to
the first bytes, and the memory that a file needs beyond that of an empty one. Each file is written three
times, alternating with the floor; the best result counts.
"""

import csv
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from benchmarks.races import application
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import db, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.sheet_streams import StreamedSheet, csv_pieces, spooled, xlsx_pieces
from cissapp.people.accounts.models import User
from cissapp.people.school_lists import services
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import ListColumn, ListState
from cissapp.people.school_lists.views.files import _about, _head, _lines
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import SchoolSearch, schools_for_file
from tests import factories

TIMES = 3
AT_ONCE = 1000


def the_list(rows: int) -> bytes:
    """Return a list with this number of schools, every tenth of them broken."""
    text = io.StringIO()
    write = csv.writer(text, delimiter=";").writerow
    write(["Raionul", "Cod", "Denumirea", "Localitatea", "Limba", "Elevi"])
    for number in range(rows):
        region = "nowhere" if number % 10 == 9 else "MD-OR"
        write(
            [region, f"{number:07}", f"Liceul Teoretic nr. {number}", "Orhei", "ro", number % 900]
        )
    return text.getvalue().encode()


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def start_peak() -> float:
    """Reset the peak memory of this process (Linux only), and return what it holds now in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> float:
    """Return the most memory that this process has held since the reset, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def timed(what: str, rows: int, job: Callable[[], object]) -> None:
    began, clock = cpu(), time.perf_counter()
    job()
    used, waited = cpu() - began, time.perf_counter() - clock
    print(f"{what}: {rows / used:,.0f} rows a CPU second, {rows / waited:,.0f} rows/s", flush=True)


def floor() -> int:
    """Write the same columns with the driver's own cursor and `csv`."""
    columns = [getattr(School, name) for name in (
        "code", "name", "locality", "country_code", "region_code", "language", "pupils", "progress",
        "standing", "level", "valid_until_on", "registered_at",
    )]  # fmt: skip
    statement = str(select(*columns).order_by(School.name_key, School.id).compile(db.engine))
    size = 0
    raw = db.engine.raw_connection()
    postgres = db.engine.dialect.name == "postgresql"
    assert raw.driver_connection is not None
    cursor = raw.driver_connection.cursor(name="floor") if postgres else raw.cursor()
    cursor.execute(statement)
    while rows := cursor.fetchmany(AT_ONCE):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        size += len(text.getvalue().encode())
    raw.close()
    return size


def sheet(by: Actor, search: SchoolSearch) -> StreamedSheet:
    packs = {"MD": content().countries["MD"]}
    batches = schools_for_file(by, search)
    return StreamedSheet(
        "Schools", _head(), _lines(batches, packs), _about(datetime.now(UTC)), frozenset({7, 10})
    )


def measured(job: Callable[[], Iterator[bytes]]) -> tuple[float, float]:
    """Return the CPU seconds of a file, and the milliseconds to its first bytes."""
    began, clock, first = cpu(), time.perf_counter(), 0.0
    for _piece in job():
        first = first or time.perf_counter() - clock
    return cpu() - began, first * 1000


def written(
    form: Callable[[StreamedSheet], Iterator[bytes]], by: Actor, search: SchoolSearch
) -> Iterator[bytes]:
    """Yield the pieces of a file in a form."""
    return spooled(form(sheet(by, search)))


def exports(rows: int, by: Actor) -> None:
    none, everything = SchoolSearch(search="no such school"), SchoolSearch()
    for form in (csv_pieces, xlsx_pieces):
        measured(partial(written, form, by, none))
    floor_cpu: list[float] = []
    found: dict[str, list[tuple[float, float]]] = {"csv": [], "xlsx": []}
    before, memory = start_peak(), 0.0
    for _ in range(TIMES):
        for name, form in (("csv", csv_pieces), ("xlsx", xlsx_pieces)):
            found[name].append(measured(partial(written, form, by, everything)))
        memory = max(memory, peak() - before)
        began = cpu()
        floor()
        floor_cpu.append(cpu() - began)
        start_peak()
    best = {name: min(used for used, _first in times) for name, times in found.items()}
    firsts = {name: min(first for _used, first in times) for name, times in found.items()}
    print(f"floor of the driver: {rows / min(floor_cpu):,.0f} rows a CPU second")
    print(
        f"CSV: {rows / best['csv']:,.0f} rows a CPU second, {min(floor_cpu) / best['csv']:.0%} of the "
        f"floor (goal 60 %), first bytes after {firsts['csv']:.0f} ms (goal 100)"
    )
    print(
        f"XLSX: {rows / best['xlsx']:,.0f} rows a CPU second, {best['csv'] / best['xlsx']:.0%} of the CSV "
        f"(goal 35 %), first bytes after {firsts['xlsx']:.0f} ms"
    )
    print(f"memory beyond that of an empty file: {memory:.1f} MiB (goal 16)", flush=True)


def main(rows: int, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), url)
        factories.bind(app)
        group = factories.group("MD")
        person = factories.user(Role.COORDINATOR, group_id=group.id)
        file, at = the_list(rows), datetime.now(UTC)
        with app.test_request_context():
            with unit_of_work():
                found = services.store_list(
                    BytesIO(file), "list.csv", group_id=group.id, by=person, at=at, store=files()
                )
            timed("read", rows, lambda: services.finish_now(found.id, store=files()))
            with unit_of_work():
                columns = {heading: ListColumn(one) for heading, one in found.columns.items()}
                services.choose_columns(
                    found, columns, changes_schools=False, keeps_duplicates=False, at=at
                )
            timed("checked", rows, lambda: services.finish_now(found.id, store=files()))
            with unit_of_work():
                services.start(found, ListState.IMPORTING, by=person, at=at)
            timed("imported", rows, lambda: services.finish_now(found.id, store=files()))
            print(found.counts, flush=True)
            exports(found.counts["created"], person)
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"peak of the process: {most:.0f} MiB")
            if "undo" in sys.argv:
                undone(found, rows, person)


def undone(found: SchoolList, rows: int, person: User) -> None:
    with unit_of_work():
        services.start(found, ListState.UNDOING, by=person, at=datetime.now(UTC))
    timed("undone", rows, lambda: services.finish_now(found.id, store=files()))
    print(found.counts, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
