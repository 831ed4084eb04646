"""Runs races between sixteen participants, round after round, on a separate database.

    .venv/bin/python -m benchmarks.races 50 sqlite:////some/folder/races.db
    .venv/bin/python -m benchmarks.races 50 postgresql+psycopg://user@/empty_database "drill" "sift"

The database must be empty; it is filled with invented schools. Prints for each kind of race how its acts
ended and how long they took, and what was broken; exits with 1 if anything was.
"""

import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from cissapp import create_app
from cissapp.foundation.audit.services import first_fault
from config import ROOT, Config
from tests import factories
from tests.journeys.racing import AT_ONCE, RACES, Result, run


def application(folder: Path, url: str) -> Flask:
    """Create the application on this database, and migrate the database."""
    app = create_app(
        Config(
            secret_key="for races only, and long enough to pass",
            base_url="http://ciss.example",
            database_url=url,
            files_url=f"file://{folder}/files",
            mail_url=f"file://{folder}/mail",
            keys_dir=folder / "keys",
            modules_dir=ROOT / "modules",
            testing=True,
        )
    )
    with app.app_context():
        upgrade()
    factories.bind(app)
    return app


def main(rounds: int, url: str, kinds: list[str]) -> int:
    """Run each kind of race a number of times; return 1 if anything was broken or an act failed."""
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), url)
        for kind in kinds:
            begun, whole = time.perf_counter(), Result()
            for _ in range(rounds):
                whole.add(run(app, kind))
            seconds = time.perf_counter() - begun
            print(
                f"{kind}: {rounds} rounds of {AT_ONCE} at once, {whole.won} won,",
                f"{whole.said.total() - whole.won} did not; {whole.seconds:.1f} s in acts, {seconds:.1f} s in all,",
                f"{len(whole.broken)} broken",
            )
            for said, count in whole.said.most_common():
                print(f"    {count:5} {said}")
            for one in sorted(set(whole.broken)):
                print(f"    BROKEN {one}")
            bad += len(whole.broken) + len(whole.faults)
            sys.stdout.flush()
        with app.app_context():
            trail = first_fault()
        print(f"audit trail: {trail or 'intact'}")
    return 1 if bad or trail else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:] or list(RACES)))
