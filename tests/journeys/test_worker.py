"""`ciss worker`, a real process, is killed in the middle of its work: all of it is done, and no mail leaves thrice."""

import os
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select, update

from cissapp import create_app
from cissapp.foundation.background.models import Task
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.operate.operations.commands.worker import worker
from cissapp.people.accounts.services import request_reset
from cissapp.people.notices import services as notices
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailText
from config import Config
from tests import factories
from tests.migrated import copy
from tests.processes import ciss, ended

KILLS, LONG_KILLS = 2, 20
MAILS, PEOPLE = 60, 6
PATIENCE = 60


@pytest.fixture
def config(tmp_path, redis):
    return Config(
        secret_key="for tests only, and long enough to pass",
        base_url="http://127.0.0.1:8000",
        database_url=f"sqlite:///{tmp_path}/ciss.db",
        files_url=f"file://{tmp_path}/files",
        mail_url=f"file://{tmp_path}/mail",
        keys_dir=tmp_path / "keys",
        queue_url=f"{redis.url}/3",
        testing=True,
    )


def environment_of(config):
    names = ("secret_key", "base_url", "database_url", "files_url", "mail_url", "queue_url")
    return {
        "PATH": os.environ["PATH"],
        "CISS_KEYS_DIR": str(config.keys_dir),
        **{f"CISS_{name.upper()}": getattr(config, name) for name in names},
    }


def sent(tmp_path: Path) -> Counter[str]:
    found = Counter()
    for file in (tmp_path / "mail").glob("*.eml"):
        found[message_from_bytes(file.read_bytes())["To"]] += 1
    return found


def left(app) -> tuple[int, int]:
    with app.app_context():
        mails = select(Mail.id).where(Mail.sent_at.is_(None))
        found = len(session.scalars(mails).all()), len(session.scalars(select(Task.id)).all())
        session.remove()
        return found


def let_leases_pass(app):
    """What a killed worker had claimed is free after its lease; nobody waits for that here."""
    past = clock.now() - timedelta(seconds=1)
    with app.app_context(), unit_of_work():
        for table in (Mail, Task):
            session.execute(
                update(table).where(table.claimed_until.is_not(None)).values(claimed_until=past)
            )


def ask_for_work(app, addresses):
    with app.app_context(), unit_of_work():
        for number in range(MAILS):
            text = MailText(f"Letter {number}", "Good morning\n")
            to = f"reader{number}@school.example"
            notices.queue("decision", text, to=to, at=clock.now())
        for address in addresses:
            request_reset(address, at=clock.now())


def test_all_is_done_whenever_the_worker_is_killed(config, tmp_path, request, migrated):
    app = create_app(config)
    copy(migrated, config.database_url)
    factories.bind(app)
    people = [factories.user(Role.SCHOOL_MANAGER).email for _ in range(PEOPLE)]
    service = create_app(replace(config, testing=False))
    random = Random(7)
    kills = LONG_KILLS if request.config.getoption("long") else KILLS
    before = 0
    for number in range(kills):
        ask_for_work(service, [people[number % PEOPLE]])
        running = ciss("worker", environment=environment_of(config))
        until = time.monotonic() + PATIENCE
        # Killed in the middle: once more letters have left than before, and a moment later.
        while sum(sent(tmp_path).values()) <= before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.05))
        running.kill()
        running.join()
        let_leases_pass(service)
        before = sum(sent(tmp_path).values())
    running = ciss("worker", environment=environment_of(config))
    until = time.monotonic() + PATIENCE
    while left(service) != (0, 0) and time.monotonic() < until:
        time.sleep(0.1)
    running.terminate()
    assert ended(running, PATIENCE) == 0

    assert left(service) == (0, 0)
    found = sent(tmp_path)
    letters = [found[f"reader{number}@school.example"] for number in range(MAILS)]
    assert min(letters) >= kills
    # A process that dies between sending and writing it down lets one letter leave twice, and no more.
    assert sum(letters) <= kills * MAILS + kills
    assert all(found[address] >= 1 for address in people[: min(kills, PEOPLE)])


def test_without_a_queue_the_worker_says_who_does_the_work(config):
    app = create_app(replace(config, queue_url=""))

    done = app.test_cli_runner().invoke(worker)

    assert done.exit_code == 1
    assert "CISS_QUEUE_URL" in done.output
