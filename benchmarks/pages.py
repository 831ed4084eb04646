"""Measures CPU milliseconds and database statements per request, on an existing demonstration.

    .venv/bin/ciss demo --no-serve --folder /some/folder
    .venv/bin/python -m benchmarks.pages /some/folder

Runs in one process without a server, so only the application's own work is counted. Figures of one
machine say little; compare two versions side by side on the same one.
"""

import json
import re
import statistics
import sys
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from cissapp import create_app
from cissapp.foundation.core.db import db
from cissapp.operate.demo.commands import _config

ROUNDS, WARM = 40, 5
PAGES = [
    ("a visitor", None, "/"),
    ("learner's overview", "half-way", "/learn"),
    ("lesson", "half-way", "/learn/safety-policy/what-a-policy-contains"),
    ("school's first page", "half-way", "/school"),
    ("self-assessment, 44 criteria", "head of a school: ready", "/school/self-assessment"),
    ("check before the hand-in", "head of a school: ready", "/school/application"),
    ("review queue", "reviewer in MD", "/reviews"),
    ("figures of a country", "ministry of MD", "/oversight/MD"),
    ("register of certified schools", None, "/register"),
]


def signed_in(app: Flask, folder: Path, about: str | None) -> FlaskClient:
    """Sign in a person of the demonstration through the sign-in page."""
    if about is None:
        return app.test_client()
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    return signed_in_as(app, next(one for one in people if about in one["about"]))


def signed_in_as(app: Flask, person: dict[str, str]) -> FlaskClient:
    """Sign in a person of the demonstration."""
    browser = app.test_client()
    page = browser.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    data = {"csrf_token": token[1] if token else "", **person}
    answer = browser.post("/sign-in", data=data)
    assert answer.status_code == 302, answer.status
    return browser


def main(folder: Path) -> None:
    """Measure each page and print a line for it."""
    app = create_app(_config(folder, 8000))
    statements = [0]
    with app.app_context():
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda *_: statements.__setitem__(0, statements[0] + 1),
        )
    print(f"{'page':34}{'CPU ms, median':>15}{'p90':>8}{'statements':>12}{'kB':>7}")
    for name, about, path in PAGES:
        browser = signed_in(app, folder, about)
        times = []
        size = 0
        for round_ in range(ROUNDS + WARM):
            statements[0] = 0
            begun = time.process_time()
            answer = browser.get(path)
            spent = (time.process_time() - begun) * 1000
            assert answer.status_code == 200, (path, answer.status)
            size = len(answer.data)
            if round_ >= WARM:
                times.append(spent)
        p90 = statistics.quantiles(times, n=10)[-1]
        median = statistics.median(times)
        print(f"{name:34}{median:15.1f}{p90:8.1f}{statements[0]:12}{size / 1000:7.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
