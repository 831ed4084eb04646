"""Runs the long restore drill: a loaded installation, backups while others write, restores that are killed.

    make try-restore FOLDER=/some/new/folder        # or python -m benchmarks.restore with --schools, --kills, --postgresql

Prints the sizes and how long each step took; exits with 1 if a restored installation is incomplete, or if one
whose restore was killed can be used.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import create_engine, text

from config import ROOT
from tests.postgres import start_postgres

SECRET = "for this drill only, and long enough to pass"
WRITER = """
import itertools, sys
from sqlalchemy import select
from cissapp import create_app
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.people.schools.models import School
from config import Config
with create_app(Config.from_env()).app_context():
    for number in itertools.count():
        with unit_of_work():
            school = session.scalars(select(School).limit(1)).one()
            files().put(f"drill/{number}", b"written while a backup is made")
            record(Event.SIGNS_CONFIRMED, ("drill", number), by=SYSTEM, at=clock.now(), counts={})
        if number == 0:
            print("writes", flush=True)
"""


def environment(folder: Path, database: str | None) -> dict[str, str]:
    """Return the settings of an installation in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "SECRET_KEY": SECRET,
        "BASE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": database or f"sqlite:///{folder}/ciss.db",
        "FILES_URL": f"file://{folder}/files",
        "KEYS_DIR": str(folder / "keys"),
        "CACHE_DIR": str(folder.parent / "cache"),
        "MAIL_URL": f"file://{folder}/mail",
    }
    return {**os.environ, "PYTHONPATH": str(ROOT), **{f"CISS_{k}": v for k, v in settings.items()}}


def ciss(env: dict[str, str], *arguments: object, check: bool = True) -> str:
    """Run a command, and report how long it took."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "cissapp.cli", *map(str, arguments)]
    done = subprocess.run(command, env=env, text=True, capture_output=True, check=False)
    print(f"{time.monotonic() - begun:7.1f} s  ciss {' '.join(map(str, arguments))[:90]}")
    if check and done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def writing(env: dict[str, str]) -> Iterator[None]:
    """Let another process keep writing during the block."""
    process = subprocess.Popen([sys.executable, "-c", WRITER], env=env, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        process.wait()


def killed(env: dict[str, str], after: float, *arguments: object) -> bool:
    """Run a command, and kill it after some seconds; return whether it was still at work."""
    command = [sys.executable, "-m", "cissapp.cli", *map(str, arguments)]
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def came_to_its_end(env: dict[str, str]) -> bool:
    """Return whether the audit trail has the last line of a restore, which is committed with everything else."""
    engine = create_engine(env["CISS_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE event = 'installation.restored'")
        )
    engine.dispose()
    return bool(found)


@contextmanager
def server() -> Iterator[list[str]]:
    """Start a PostgreSQL server with two empty databases."""
    running = start_postgres()
    address = next(running)
    engine = create_engine(address("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("here", "there"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    yield [address(name) for name in ("here", "there")]
    next(running, None)


def drill(folder: Path, schools: int, kills: int, databases: list[str | None]) -> None:
    """Back up, kill restores, restore, check."""
    here, there = (
        environment(folder / name, database)
        for name, database in zip(("here", "there"), databases, strict=True)
    )
    person = ("--email", "s@ciss.example", "--name", "S", "--password", "seven lanterns over")
    ciss(here, "db", "upgrade")
    ciss(here, "setup", "--yes", *person)
    ciss(here, "load", "--schools", schools, "--certificates")
    recipient = ciss(here, "backup", "key", folder / "key", "--no-passphrase").strip()
    with writing(here):
        print(ciss(here, "backup", folder / "backups", "--recipient", recipient))
    restore = ("restore", folder / "backups", "--identity", folder / "key", "--accept-loss")
    print(ciss(there, "backup", "check", folder / "backups", "--identity", folder / "key"))
    for _time in range(kills):
        after = random.uniform(1, 12)
        if killed(there, after, *restore):
            ready = ciss(there, "audit", "check", check=False)
            print(f"killed after {after:.1f} s")
            if "whole" in ready:
                if not came_to_its_end(there):
                    sys.exit("A restore that was killed half-way left something that can be used.")
                print("the restore had already finished: everything was saved at once, just before")
                break
    else:
        print(ciss(there, *restore))
    for check in (("keys", "check"), ("log", "check", "--files"), ("audit", "check")):
        print(ciss(there, *check))


def main() -> None:
    """Read the arguments, and run the drill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--schools", type=int, default=300)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with server() if given.postgresql else nullcontext([None, None]) as databases:
        drill(given.folder.resolve(), given.schools, given.kills, list(databases))


if __name__ == "__main__":
    main()
