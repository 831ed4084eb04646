"""Measures what a learner costs: CPU milliseconds, statements and bytes of each page and of a saved answer.

    .venv/bin/ciss demo --no-serve --folder /some/folder
    .venv/bin/python -m benchmarks.learning /some/folder

Runs in one process without a server. Each round requests our page and that of the yardstick (`yardstick.py`) in
turn; the last columns are the ratios of the medians. The yardstick's database is created beside the demonstration,
with synchronous=FULL like ours.
"""

import importlib
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
from sqlalchemy import event

from benchmarks.pages import signed_in
from cissapp import create_app
from cissapp.foundation.core.db import db
from cissapp.operate.demo.commands import _config

ROUNDS, WARM = 150, 20
MODULE = "/learn/risks-and-harms"
WHO = "designated person of a school: registered"


def yardstick_in(folder: Path) -> Flask:
    """Load the yardstick with a database of its own, which it fills itself."""
    os.environ["DB"] = f"sqlite:///{folder / 'yardstick.db'}"
    application: Flask = importlib.import_module("benchmarks.yardstick").app
    return application


def spent(ask: Callable[[], Any]) -> tuple[float, float]:
    """Return CPU and wall milliseconds of one request."""
    cpu, wall = time.process_time(), time.perf_counter()
    ask()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def answering(browser: FlaskClient) -> tuple[Callable[[], Any], str]:
    """Start the quiz, find a single-choice question, and return a function that changes its answer."""
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


def asks_of(browser: FlaskClient, other: FlaskClient) -> dict[str, tuple[Ask, Ask]]:
    """Return what is measured by name: our request, and that of the yardstick."""
    save, question = answering(browser)
    paths = {
        "overview": "/learn",
        "module": MODULE,
        "lesson": f"{MODULE}/grooming",
        "question": question,
        "all questions": f"{MODULE}/quiz/sheet",
    }
    found: dict[str, tuple[Ask, Ask]] = {}
    for name, path in paths.items():
        found[name] = (partial(browser.get, path), partial(other.get, "/page/1"))
    insert = partial(other.post, "/rawsave", data={"q": "1", "c": "1"})
    found["save an answer"] = (save, insert)
    return found


def measured(name: str, ours: Ask, theirs: Ask, statements: list[int]) -> str:
    """Request both in turn, and return the line of the table."""
    own, yard = [], []
    for _ in range(ROUNDS + WARM):
        statements[0] = 0
        own.append(spent(ours))
        yard.append(spent(theirs))
    cpu, wall = (sorted(one) for one in zip(*own[WARM:], strict=True))
    asked, answer = statements[0], ours()
    size = len(answer.data) / 1000 if answer is not None else 0
    row = [statistics.median(cpu), cpu[len(cpu) * 9 // 10], statistics.median(wall)]
    line = f"{name:16}" + "".join(f"{one:11.2f}" for one in row)
    line += f"{asked:11}{size:11.1f}"
    yard_cpu, yard_wall = zip(*yard[WARM:], strict=True)
    line += f"{row[0] / statistics.median(yard_cpu):11.2f}"
    return line + f"{row[2] / statistics.median(yard_wall):11.2f}"


def main(folder: Path) -> None:
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
    other = yardstick_in(folder).test_client()
    other.post("/login", data={"u": "learner1"})
    heads = ("CPU ms", "p90", "wall ms", "statements", "kB", "CPU ratio", "wall ratio")
    print(f"{'page':16}" + "".join(f"{one:>11}" for one in heads))
    for name, (ours, theirs) in asks_of(browser, other).items():
        print(measured(name, ours, theirs, statements))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
