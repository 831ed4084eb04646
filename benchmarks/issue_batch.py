"""Issues a batch of certificates under repeated kills, and compares its speed with drawing and signing alone.

    .venv/bin/python -m benchmarks.issue_batch 500 10 sqlite:////some/folder/batch.db
    .venv/bin/python -m benchmarks.issue_batch 500 10 postgresql+psycopg://user@/empty_database

The database must be empty. First the batch is published with two processes and killed the given number of times,
each time after a different share of it (`kill -9` to all of its processes). Then as many more are published, once
with one process and once with two, each compared with the floor: the same drawing and signing, on as many processes,
with nothing examined, stored or written. Exits with 1 if anything is lost, duplicated or broken.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from benchmarks.races import application
from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document import signing
from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.models import Publication, RegisterEntry
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import seal
from config import ROOT
from tests import factories

COMMAND = "from cissapp.cli import main; main()"
ROUNDS = 3


def start(app: Flask, workers: int) -> subprocess.Popen[bytes]:
    """Start publishing in a separate process, with worker processes of its own."""
    config = app.config["CISS"]
    named = {one.name: getattr(config, one.name) for one in fields(config)}
    named["database_url"] = named["database_url"].replace("+psycopg", "")
    kept = {
        f"CISS_{name.upper()}": str(value)
        for name, value in named.items()
        if isinstance(value, str | Path) and value
    }
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "certificates", "publish", "--workers", str(workers)],
        cwd=ROOT,
        env={**os.environ, **kept},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def count(app: Flask) -> int:
    """Count the certificates that have their file."""
    with app.app_context():
        number = session.scalar(select(func.count()).select_from(Publication)) or 0
        session.remove()
    return number


def killed(app: Flask, number: int, kills: int) -> int:
    """Publish all under a number of kills; return how many kills hit work in progress."""
    met = 0
    for kill in range(1, kills + 1):
        process = start(app, 2)
        while process.poll() is None and count(app) < number * kill // (kills + 1):
            time.sleep(0.01)
        met += process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    start(app, 2).wait()
    return met


def faults(app: Flask, number: int) -> list[str]:
    """Return what is lost, duplicated or broken."""
    with app.app_context():
        ring, found = factories.keyring(), []
        issued = select(func.count(RegisterEntry.id)).where(
            RegisterEntry.event == RegisterEvent.ISSUED
        )
        many = issued.group_by(RegisterEntry.certificate_id).having(func.count() > 1)
        if (there := session.scalar(issued)) != number:
            found.append(f"{there} issued of {number}")
        if twice := session.scalars(many).all():
            found.append(f"{len(twice)} issued twice")
        if fault := register_checks.first_fault(files()):
            found.append(fault)
        published = [one for one in queries.all_certificates() if one.publication]
        session.expunge_all()
        session.rollback()  # no transaction is held while the files are checked
        found += [
            f"{one.number} is not valid"
            for one in published
            if not seal.examine(register_checks.stored_file(one, files()), ring).good
        ]
    return found


_floor: tuple[Issuer, CertificateFacts] | None = None


def _draw_and_sign(_number: int) -> int:
    assert _floor
    issuer, facts = _floor
    settings = issuer.settings
    drawn = signing.draw_certificate(facts, issuer)
    key = settings.keys.newest()
    return len(seal.sign(drawn, ring=settings.keys, key=key, reason="", place=""))


def floor(number: int, workers: int) -> float:
    """Measure how many certificates a second can be drawn and signed, with nothing else."""
    with get_context("fork").Pool(workers) as pool:
        pool.map(_draw_and_sign, range(20))
        begun = time.perf_counter()
        pool.map(_draw_and_sign, range(number), chunksize=20)
        return number / (time.perf_counter() - begun)


def speed(app: Flask, number: int, workers: int) -> float:
    """Measure how many certificates a second are published, from the first file to the last row."""
    for _ in range(number):
        factories.reserved(at=clock.now())
    with app.app_context():
        session.remove()
        db.engine.dispose()
    before = count(app)
    process = start(app, workers)
    while count(app) == before and process.poll() is None:
        time.sleep(0.005)
    begun, first = time.perf_counter(), count(app)
    process.wait()
    return (count(app) - first) / (time.perf_counter() - begun)


def main(number: int, kills: int, url: str) -> int:
    """Run the trial and print the figures; return 1 if anything is broken."""
    global _floor  # noqa: PLW0603 -- the processes of the floor inherit it
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), url)
        row = [factories.reserved() for _ in range(number)][-1]
        with app.app_context():
            session.remove()
            db.engine.dispose()
        met = killed(app, number, kills)
        found = faults(app, number)
        print(
            f"{number} certificates, {kills} kills, {met} of them during the work:"
            f" {found or 'all valid, none twice'}"
        )
        _floor = factories.issuer(), read_facts(row.facts)
        share = number // ROUNDS
        for workers in (1, 2):
            rates = sorted(
                (speed(app, share, workers), floor(share, workers)) for _ in range(ROUNDS)
            )
            rate, least = rates[ROUNDS // 2]
            print(
                f"{workers} processes: {rate:.1f}/s, drawing and signing alone {least:.1f}/s, {rate / least:.0%}"
            )
            sys.stdout.flush()
        found += faults(app, number + 2 * ROUNDS * share)
    return 1 if found or met < kills else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
