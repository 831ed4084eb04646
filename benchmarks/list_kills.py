"""Kills the work on a list of schools repeatedly with `kill -9`, and checks the result afterwards.

    .venv/bin/python -m benchmarks.list_kills 20000 30 sqlite:////some/folder/kills.db
    .venv/bin/python -m benchmarks.list_kills 20000 30 postgresql+psycopg://user@/empty_database

The database must be empty. A list with the given number of rows, every tenth of them broken, is checked, imported
and undone. In each of the three stages the process is killed the given number of times, after random delays of at
most 3 seconds or of those given at the end, and the next process continues. Exits with 1 if a row was lost,
processed twice, or counted wrongly.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from benchmarks.lists import the_list
from benchmarks.races import application
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.bulk.long_work import time_limit
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.school_lists import services
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.queries import parts_of
from cissapp.people.school_lists.rules import ListColumn, ListState
from cissapp.people.schools.models import School
from cissapp.people.schools.services import repair_history, repair_tallies
from tests import factories

CHECKS = 1800.0  # seconds that comparing everything may take: the work of a night, not of a page


def work_on(app: Flask, list_id: UUID) -> int:
    """Finish the current work on a list in a separate process; return its process ID."""
    with app.app_context():
        db.engine.dispose()
    if child := os.fork():
        return child
    with app.app_context():
        db.engine.dispose(close=False)
        services.finish_now(list_id, store=files())
    os._exit(0)


def ends_within(child: int, seconds: float) -> bool:
    """Return whether a process ends by itself within a time; it is left to be waited for."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return True
        time.sleep(0.05)
    return False


def killed(app: Flask, list_id: UUID, kills: int, longest: float) -> int:
    """Work until the list is finished, with a number of kills; return how many kills hit work in progress."""
    met = 0
    for number in range(kills + 1):
        child = work_on(app, list_id)
        if number < kills and not ends_within(child, random.uniform(0.1, longest)):
            os.kill(child, signal.SIGKILL)
        _pid, how = os.waitpid(child, 0)
        met += how == signal.SIGKILL
        if how == 0:
            break
    return met


def faults(app: Flask, list_id: UUID, rows: int, *, undone: bool) -> list[str]:
    """List how the result differs from that of one uninterrupted run."""
    good, said = rows - rows // 10, []
    with time_limit(CHECKS), app.app_context(), unit_of_work():
        found = session.get_one(SchoolList, list_id)
        became: Counter[str] = Counter()
        for _rows, results in parts_of(list_id):
            became.update(one["o"] for one in results or [])
        registered = select(func.count(), func.count(School.code.distinct()))
        there = session.execute(registered.where(School.only_for_id.is_(None))).one()
        trail = dict(
            session.execute(select(AuditEntry.event, func.count()).group_by(AuditEntry.event)).all()
        )
        wanted = {
            "schools of the register": (tuple(there), (0, 0) if undone else (good, good)),
            "rows": (dict(became), {"created": good, "refused": rows - good}),
            "counts": ({key: found.counts.get(key) for key in became}, dict(became)),
            "lines of the trail": (trail.get(Event.SCHOOL_REGISTERED), good),
            "lines of the undo": (trail.get(Event.SCHOOL_LEFT_REGISTER, 0), good if undone else 0),
            "rows done": (found.rows_done, rows),
            "mended": (
                (repair_tallies(datetime.now(UTC)), repair_history(datetime.now(UTC))),
                (0, 0),
            ),
        }
        said += [
            f"{name}: {is_now}, not {right}"
            for name, (is_now, right) in wanted.items()
            if is_now != right
        ]
    return said


def main(rows: int, kills: int, url: str, longest: float = 3.0) -> int:
    """Check, import and undo a list under kills, and print what was found."""
    bad: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), url)
        group = factories.group("MD")
        person, at = factories.user(Role.COORDINATOR, group_id=group.id), datetime.now(UTC)
        with app.app_context(), unit_of_work():
            found = services.store_list(
                BytesIO(the_list(rows)),
                "list.csv",
                group_id=group.id,
                by=person,
                at=at,
                store=files(),
            )
            list_id = found.id
        print(f"reading: {killed(app, list_id, kills, longest)} kills met the work", flush=True)
        with app.app_context(), unit_of_work():
            found = session.get_one(SchoolList, list_id)
            columns = {heading: ListColumn(said) for heading, said in found.columns.items()}
            services.choose_columns(
                found, columns, changes_schools=False, keeps_duplicates=False, at=at
            )
        print(f"checking: {killed(app, list_id, kills, longest)} kills met the work", flush=True)
        for state in (ListState.IMPORTING, ListState.UNDOING):
            with app.app_context(), unit_of_work():
                services.start(session.get_one(SchoolList, list_id), state, by=person, at=at)
            print(f"{state}: {killed(app, list_id, kills, longest)} kills met the work", flush=True)
            bad += faults(app, list_id, rows, undone=state is ListState.UNDOING)
    print("\n".join(bad) or "nothing lost, nothing twice, nothing counted otherwise")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *map(float, sys.argv[4:])))
