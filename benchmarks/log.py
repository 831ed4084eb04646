"""Measures how fast entries are added to a public log of a given size, and how long a proof takes.

    .venv/bin/python -m benchmarks.log 100000 sqlite:////some/folder/log.db
    .venv/bin/python -m benchmarks.log 100000 postgresql+psycopg://user@/empty_database

The database must be empty. One invented certificate gets the given number of rows in the register, which are then
entered into the log like those of an older installation. Prints rates and times in milliseconds.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import insert, select

from benchmarks.races import application
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.queries.register_checks import BEGINNING, chain_hash
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.transparency import queries, services
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.checking.database import fault_in_database
from cissapp.certify.transparency.rules.merkle import verify_consistency, verify_inclusion
from cissapp.foundation.core.db import canonical, session, unit_of_work
from tests import factories

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ASKED = 300


def planted(certificate: Certificate, count: int) -> None:
    """Write a number of rows into the register for one certificate, chained as usual."""
    last = session.scalar(select(RegisterEntry.hash).order_by(RegisterEntry.id.desc()).limit(1))
    previous, rows = last or BEGINNING, []
    for _ in range(count):
        text = canonical(
            {
                "number": certificate.number,
                "event": "suspended",
                "at": AT,
                "facts_sha256": previous,
                "file_sha256": None,
            }
        )
        rows.append(
            {
                "certificate_id": certificate.id,
                "event": RegisterEvent.SUSPENDED,
                "at": AT,
                "payload": text,
                "previous_hash": previous,
                "hash": (previous := chain_hash(previous, text)),
            }
        )
    session.execute(insert(RegisterEntry), rows)


def timed(what: str, ask: Callable[[int], object]) -> None:
    """Run a job repeatedly, and print the median, the slow end and the maximum."""
    times = []
    for number in range(ASKED):
        began = time.perf_counter()
        ask(number)
        times.append(1000 * (time.perf_counter() - began))
    slow = statistics.quantiles(times, n=20)[-1]
    print(
        f"{what}: median {statistics.median(times):.2f}, p95 {slow:.2f}, most {max(times):.2f} ms"
    )


def proofs(size: int) -> None:
    """Time proofs for random entries and sizes, and verify each."""
    random = Random(4)

    def inclusion(_number: int) -> None:
        index = random.randrange(size)
        path, root = queries.inclusion(index, size)
        assert verify_inclusion(index, size, queries.leaf_hash(index), path, root)

    def consistency(_number: int) -> None:
        first = random.randrange(1, size)
        path, old, new = queries.consistency(first, size)
        assert verify_consistency(first, size, path, old, new)

    timed("inclusion proof", inclusion)
    timed("consistency proof", consistency)
    timed("1000 entries", lambda _number: queries.entries(random.randrange(size - 1000), 1000))


def one_by_one(certificate: Certificate) -> None:
    """Time an event with everything it causes: row, entry, commit, and a checkpoint in a separate commit."""

    def enter(_number: int) -> None:
        with unit_of_work():
            planted(certificate, 1)
            services.catch_up(at=AT)

    timed("one event, entered and signed", enter)


def main(count: int, url: str) -> None:
    """Fill a log, and time it."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), url)
        certificate = factories.certified()
        with app.app_context():
            with unit_of_work():
                planted(certificate, count)
            began = time.perf_counter()
            with unit_of_work():
                services.catch_up(at=AT)
            seconds = time.perf_counter() - began
            size = queries.size()
            print(f"{size} entries in {seconds:.1f} s: {size / seconds:.0f} a second")
            session.remove()
            proofs(size)
            one_by_one(certificate)
            began = time.perf_counter()
            _ring, trusted = log_keys.open_log_keys(app.config["CISS"].keys_dir)
            fault = fault_in_database(trusted)
            print(f"complete check: {time.perf_counter() - began:.1f} s, {fault or 'intact'}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
