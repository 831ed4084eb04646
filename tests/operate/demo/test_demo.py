"""The demonstration serves before its last schools are made; the rest follows, once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from cissapp import create_app
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.roles import Role
from cissapp.operate.demo import commands
from cissapp.operate.demo.schools import stories
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.people.schools.models import School
from tests.factories import NOW
from tests.migrated import copy

# One school with somebody in the table, one with a certificate, one of each that comes later.
TOLD = {
    ("BY", DemoState.REGISTERED, 1),
    ("BY", DemoState.REGISTERED, 2),
    ("BY", DemoState.BEGUN, 2),
    ("MD", DemoState.CERTIFIED, 1),
    ("MD", DemoState.CERTIFIED, 2),
    ("MD", DemoState.SUSPENDED, 1),
}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration of a few schools only."""
    plain = stories._tales

    def few(now):
        return [
            tale
            for tale in plain(now)
            if (tale.country.code, tale.state, tale.number_in_state) in TOLD
        ]

    monkeypatch.setattr(stories, "_tales", few)
    monkeypatch.setattr(commands.calibration, "add", lambda _stage: None)


@pytest.fixture
def app(tmp_path: Path, migrated: Path) -> Iterator[Flask]:
    """A demonstration of its own: it makes keys, which the other tests' installation has not."""
    made = create_app(replace(commands._config(tmp_path, 8000), testing=True))
    copy(migrated, made.config["CISS"].database_url)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def codes() -> set[str]:
    return {one.code for one in session.query(School)}


def test_certificates_and_the_people_of_the_table_come_first_and_the_rest_once(
    app: Flask, short: None, tmp_path: Path
):
    table = tmp_path / "people.json"
    with app.app_context(), clock.at(NOW):
        commands.make(app, table, few=False)
        first = codes()
        left = {(one.state, one.number_in_state) for one in stories.untold(NOW)}
        commands.make_rest(app)
        then = codes()
        with clock.at(NOW + timedelta(days=1)):  # begun again on another day
            commands.make_rest(app)

        assert (len(first), left) == (4, {(DemoState.REGISTERED, 2), (DemoState.BEGUN, 2)})
        assert (len(then), first < then, codes() == then) == (6, True, True)
        assert stories.untold(NOW) == []
    people = json.loads(table.read_text())
    assert {one["role"] for one in people} >= {
        Role.SECRETARIAT, Role.COORDINATOR, Role.REVIEWER, Role.MINISTRY, Role.REGION_OFFICER, Role.GUEST,
        Role.SCHOOL_MANAGER,
    }  # fmt: skip
    assert all(one["password"] and one["email"].endswith(".example") for one in people)


def test_the_short_form_has_the_first_of_each_kind_only_and_nothing_follows_when_nobody_serves(
    app: Flask, short: None, tmp_path: Path
):
    with app.app_context(), clock.at(NOW):
        commands.make(app, tmp_path / "people.json", few=True)
        before = codes()
        commands.make_rest(app, serving=1 << 30)

        left = {(one.country.code, one.state, one.number_in_state) for one in stories.untold(NOW)}
        assert (left, codes() == before) == ({one for one in TOLD if one[2] == 2}, True)

        commands.make_rest(app)  # as `ciss demo` does after `ciss demo --few`

        left = {(one.country.code, one.state, one.number_in_state) for one in stories.untold(NOW)}
        assert left == {("MD", DemoState.CERTIFIED, 2)}


def test_a_demonstration_that_is_started_again_begins_what_an_earlier_run_left(
    app, tmp_path, monkeypatch
):
    (tmp_path / "people.json").write_text("[]")
    for home, name in (
        (commands, "upgrade"),
        (commands, "_keys"),
        (commands, "_print_table"),
        (commands.services, "daily"),
        (commands.logs, "init"),
    ):
        monkeypatch.setattr(home, name, lambda *_a, **_v: None)
    monkeypatch.setattr(commands, "create_app", lambda _config: app)
    monkeypatch.setattr(commands.stories, "to_follow", lambda _at: [])
    begun: list[str] = []
    monkeypatch.setattr(commands, "begin_serving", lambda _app: begun.append("work"))
    monkeypatch.setattr(commands.servers, "serve_one", lambda *_a: begun.append("pages"))

    done = CliRunner().invoke(commands.demo, ["--folder", str(tmp_path)])

    assert (done.exception, begun) == (None, ["work", "pages"])
