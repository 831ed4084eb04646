"""What a learner costs: CPU milliseconds, statements and bytes of each page and of a saved answer.

    .venv/bin/ciss demo --no-serve --folder /some/folder
    .venv/bin/python benchmarks/learning.py /some/folder [reference_app.py]

In one process without a server. With the path of a reference application (`/page/<n>` with three selects,
`/rawsave` with one insert) each round asks both in turn, and the last column is the ratio of the medians.
Its database is made beside the demonstration, with synchronous=FULL as ours.
"""

import importlib.util
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pages import signed_in
from sqlalchemy import event, text

from cissapp import create_app
from cissapp.foundation.core.db import db
from cissapp.operate.demo.commands import _config

ROUNDS, WARM = 150, 20
MODULE = "/learn/risks-and-harms"
WHO = "designated person of a school: registered"


def reference(path: Path, folder: Path) -> Flask:
    """Load the reference application with a database of its own."""
    os.environ["DB"] = f"sqlite:///{folder / 'reference.db'}"
    spec = importlib.util.spec_from_file_location("reference_app", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    event.listen(
        module.engine, "connect", lambda one, _: one.execute("PRAGMA synchronous=FULL") and None
    )
    module.Base.metadata.create_all(module.engine)
    with module.engine.begin() as connection:
        if not connection.execute(text("SELECT count(*) FROM lessons")).scalar():
            rows = [
                {"m": m, "i": m * 100 + k, "t": f"Lesson {m}.{k}", "s": "A lesson. " * 50}
                for m in range(1, 6)
                for k in range(1, 13)
            ]
            insert = "INSERT INTO lessons (id, module_id, title, summary) VALUES (:i, :m, :t, :s)"
            connection.execute(text(insert), rows)
            hashed = module.ph.hash("Learn3r!x")
            person = "INSERT INTO users (id, name, pw) VALUES (1, 'learner1', :pw)"
            connection.execute(text(person), {"pw": hashed})
    application: Flask = module.app
    return application


def spent(ask: Callable[[], Any]) -> tuple[float, float]:
    """Give CPU and wall milliseconds of one request."""
    cpu, wall = time.process_time(), time.perf_counter()
    ask()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def answering(browser: FlaskClient) -> tuple[Callable[[], Any], str]:
    """Start the quiz, find a question with one choice, and give a function that changes its answer."""
    token = csrf(browser.get("/learn/wishes").get_data(as_text=True))
    browser.post(f"{MODULE}/quiz/start", data={"csrf_token": token})
    for position in range(1, 11):
        page = browser.get(f"{MODULE}/quiz/{position}").get_data(as_text=True)
        if page.count('type="radio"') == 4 and "chosen-0" in page:
            break
    turn = [0]

    def save() -> None:
        turn[0] += 1
        data = {
            "csrf_token": token,
            "attempt": value(page, "attempt"),
            "sequence": str(turn[0]),
            "chosen": str(turn[0] % 4 + 1),
        }
        answer = browser.post(
            f"{MODULE}/quiz/{position}", data=data, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 200, (answer.status, answer.get_data(as_text=True)[:300])

    return save, f"{MODULE}/quiz/{position}"


def csrf(page: str) -> str:
    """Find the token in a page."""
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def value(page: str, name: str) -> str:
    """Find the value of a hidden field."""
    tag = next(one for one in page.split("<input") if f'name="{name}"' in one)
    return tag.split('value="')[1].split('"')[0]


Ask = Callable[[], Any]


def asks_of(browser: FlaskClient, other: FlaskClient | None) -> dict[str, tuple[Ask, Ask | None]]:
    """Name what is measured: our request, and that of the reference application."""
    save, question = answering(browser)
    paths = {
        "overview": "/learn",
        "module": MODULE,
        "lesson": f"{MODULE}/grooming",
        "question": question,
        "all questions": f"{MODULE}/quiz/sheet",
    }
    found: dict[str, tuple[Ask, Ask | None]] = {}
    for name, path in paths.items():
        theirs = partial(other.get, "/page/1") if other else None
        found[name] = (partial(browser.get, path), theirs)
    insert = partial(other.post, "/rawsave", data={"q": "1", "c": "1"}) if other else None
    found["save an answer"] = (save, insert)
    return found


def measured(name: str, ours: Ask, theirs: Ask | None, statements: list[int]) -> str:
    """Ask in turn, and write the line of the table."""
    own, yard, size = [], [], 0
    for _ in range(ROUNDS + WARM):
        statements[0] = 0
        own.append(spent(ours))
        if theirs:
            yard.append(spent(theirs))
    cpu, wall = (sorted(one) for one in zip(*own[WARM:], strict=True))
    asked, answer = statements[0], ours()
    size = len(answer.data) / 1000 if answer is not None else 0
    row = [statistics.median(cpu), cpu[len(cpu) * 9 // 10], statistics.median(wall)]
    line = f"{name:16}" + "".join(f"{one:11.2f}" for one in row)
    line += f"{asked:11}{size:11.1f}"
    if yard:
        yard_cpu, yard_wall = zip(*yard[WARM:], strict=True)
        line += f"{row[0] / statistics.median(yard_cpu):11.2f}"
        line += f"{row[2] / statistics.median(yard_wall):11.2f}"
    return line


def main(folder: Path, yardstick: Path | None) -> None:
    """Measure each page, and print a line for it."""
    app = create_app(_config(folder, 8000))
    statements = [0]
    with app.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda *_: statements.__setitem__(0, statements[0] + 1),
        )
    browser = signed_in(app, folder, WHO)
    other = reference(yardstick, folder).test_client() if yardstick else None
    if other:
        other.post("/login", data={"u": "learner1", "p": "Learn3r!x"})
    heads = ("CPU ms", "p90", "wall ms", "statements", "kB", "CPU ratio", "wall ratio")
    print(f"{'page':16}" + "".join(f"{one:>11}" for one in heads))
    for name, (ours, theirs) in asks_of(browser, other).items():
        print(measured(name, ours, theirs, statements))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None)
