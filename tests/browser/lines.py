"""A server of its own with learners, for browsers whose line is cut or that are killed.

Used by `test_offline.py` and `test_lost_answers.py`, and by `benchmarks/lost_answers.py`.
"""

import os
import re
import signal
import socket
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from cissapp import create_app
from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.services import attempts
from cissapp.people.accounts.models import User
from config import Config
from tests import factories
from tests.client import Client
from tests.learn.learning.answering import drawing
from tests.migrated import copy
from tests.processes import ciss, ended
from tests.shipped import MODULE as FIRST
from tests.shipped import SHIPPED

MODULE = FIRST.id
TICKED = (QuestionKind.SINGLE,) * 3
ROWS = {"single", "true_false", "multiple"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Learner:
    """A person with an open attempt, and the cookie of a session."""

    place: "Place"
    person: User
    browser: Client
    attempt_id: UUID
    module: str

    @property
    def sheet(self) -> str:
        return f"/learn/{self.module}/quiz/sheet"

    def cookie(self) -> dict[str, str]:
        found = self.browser.get_cookie("ciss")
        assert found
        return {"name": "ciss", "value": found.value, "url": self.place.url}

    def questions(self) -> dict[int, AttemptQuestion]:
        """Read the questions of the attempt from the database."""
        with self.place.app.app_context():
            query = select(AttemptQuestion).where(AttemptQuestion.attempt_id == self.attempt_id)
            found = {row.position: row for row in session.scalars(query)}
            session.remove()
        return found

    def answers(self) -> dict[int, list[str]]:
        """Read what is saved, as the numbers of the page; questions with options to tick only."""
        return {
            position: sorted(str(row.options.index(one) + 1) for one in row.chosen)
            for position, row in self.questions().items()
            if row.chosen and all(one in row.options for one in row.chosen)
        }

    def save(self, position: int, *numbers: str) -> None:
        """Save an answer past the browser, as another device would."""
        sequence = self.questions()[position].sequence
        fields = [["chosen", number] for number in numbers]
        answer = self.send([{"position": position, "fields": fields, "sequence": sequence}])
        assert answer["outcomes"][0]["outcome"] == "saved", answer

    def send(self, answers: list[dict[str, Any]]) -> Any:
        """Send a batch of answers, and give what the server says."""
        address = f"/learn/attempts/{self.attempt_id}/answers"
        headers = {"X-CSRFToken": self.browser.token(), "Accept": "application/json"}
        return self.browser.post(
            address, json={"answers": answers}, headers=headers, csrf=False
        ).json

    def close(self) -> None:
        """Let the attempt come to its end, as a month without a line does."""
        with self.place.app.app_context(), unit_of_work():
            found = session.get(Attempt, self.attempt_id)
            assert found
            found.expires_at = clock.now() - timedelta(days=1)

    def end_sessions(self) -> None:
        """End all sessions of the person, as time does."""
        from cissapp.people.accounts.models import UserSession

        with self.place.app.app_context(), unit_of_work():
            for row in session.scalars(
                select(UserSession).where(UserSession.user_id == self.person.id)
            ):
                session.delete(row)

    def sign_in_again(self) -> None:
        self.browser.sign_in(self.person)


@dataclass
class Place:
    """A server process, and the application on the same database to look past it."""

    app: Flask
    url: str
    environment: dict[str, str]
    process: ForkServerProcess | None = None
    learners: list[Learner] = field(default_factory=list)

    def start(self) -> None:
        self.process = ciss("serve", "--bind", self.url[7:], environment=self.environment)
        for _ in range(1_200):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let the server take connections and answer nothing."""
        assert self.process
        found, ahead = [], [self.process.pid]
        while ahead:
            pid = ahead.pop()
            found.append(pid)
            ahead += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in found:
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            ended(self.process)

    def learner(self, module: str = MODULE, kinds: Collection[QuestionKind] = TICKED) -> Learner:
        """Make a person who has begun a quiz, which asks questions of all these kinds: some to tick, if none is named."""
        person = factories.manager(name="Ana Rusu")
        browser: Client = self.app.test_client()  # type: ignore[assignment]
        browser.sign_in(person)
        chance = partial(drawing, SHIPPED.module_by_id[module], *kinds)
        with patch.object(attempts, "SystemRandom", chance):
            browser.post(f"/learn/{module}/quiz/start")
        with self.app.app_context():
            found = session.scalars(select(Attempt).where(Attempt.user_id == person.id)).one()
            session.remove()
        return Learner(self, person, browser, found.id, module)


@contextmanager
def running(folder: Path, migrated: Path) -> Iterator[Place]:
    """Run a server on a fresh SQLite database in the folder."""
    url = f"http://127.0.0.1:{free_port()}"
    config = Config(
        secret_key="for tests only, and long enough to pass",
        base_url=url,
        database_url=f"sqlite:///{folder}/ciss.db",
        files_url=f"file://{folder}/files",
        mail_url=f"file://{folder}/mail",
        keys_dir=folder / "keys",
        testing=True,
    )
    app = create_app(config)
    app.test_client_class = Client
    copy(migrated, config.database_url)
    factories.bind(app)
    environment = {
        "PATH": os.environ["PATH"],
        "CISS_SECRET_KEY": config.secret_key,
        "CISS_BASE_URL": url,
        "CISS_DATABASE_URL": config.database_url,
        "CISS_FILES_URL": config.files_url,
        "CISS_MAIL_URL": config.mail_url,
        "CISS_KEYS_DIR": str(config.keys_dir),
    }
    place = Place(app, url, environment)
    place.start()
    try:
        yield place
    finally:
        place.stop()


def answer(page: Any) -> None:
    """Answer the question of this page, whatever its kind; a story is decided to its end."""
    place = page.locator("[data-position]")
    kind = place.get_attribute("data-kind")
    if kind == "short_text":
        place.locator("input[type=text]").fill("a few words")
        page.keyboard.press("Tab")
    elif kind == "scenario":
        while place.locator("input[type=radio]").count():
            place.locator("input[type=radio]").first.check(force=True)
            with page.expect_navigation():
                place.get_by_role("button", name="Save and continue").click()
    elif kind in {"matching", "ordering"}:
        for number, part in enumerate(place.locator("select").all(), start=1):
            part.select_option(index=number if kind == "ordering" else 1)
    else:
        place.locator("input[name=chosen]").first.check(force=True)


class Screen:
    """A page of a browser, in the words of a learner."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def ready(self) -> None:
        self.page.locator("body[data-ready]").wait_for()

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.ready()

    def question(self, position: int) -> Any:
        return self.page.locator(f"#question-{position}")

    def kinds(self) -> dict[int, str]:
        found = self.page.locator("[data-position]").all()
        return {
            int(one.get_attribute("data-position")): one.get_attribute("data-kind") for one in found
        }

    def choose(self, position: int, number: str) -> None:
        self.question(position).locator(f"input[name=chosen][value='{number}']").check(force=True)

    def chosen(self, position: int) -> list[str]:
        inputs = self.question(position).locator("input:checked").all()
        return sorted(one.input_value() for one in inputs)

    def said(self, position: int) -> str:
        return str(self.question(position).locator("[data-saved]").text_content()).strip()

    def wait(self, position: int, words: str) -> str:
        line = self.question(position).locator("[data-saved]").filter(has_text=re.compile(words))
        line.wait_for()
        return str(line.text_content()).strip()
