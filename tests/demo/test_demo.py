"""The demonstration serves before its last schools are made; the rest follows, once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from cissapp.core import clock
from cissapp.core.db import session
from cissapp.core.roles import Role
from cissapp.demo import commands, story
from cissapp.demo.cast import Fate
from cissapp.schools.models import School
from tests.factories import NOW

# One school with somebody in the table, one with a certificate, one of each that comes later.
TOLD = {
    ("BY", Fate.REGISTERED, 1),
    ("BY", Fate.REGISTERED, 2),
    ("BY", Fate.BEGUN, 2),
    ("MD", Fate.CERTIFIED, 1),
    ("MD", Fate.CERTIFIED, 2),
    ("MD", Fate.SUSPENDED, 1),
}


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration of a few schools only."""
    plain = story._tales

    def few(now):
        return [
            tale
            for tale in plain(now)
            if (tale.country.code, tale.fate, tale.number_of_fate) in TOLD
        ]

    monkeypatch.setattr(story, "_tales", few)
    monkeypatch.setattr(commands.calibration_work, "add", lambda _stage: None)


def codes() -> set[str]:
    return {one.code for one in session.query(School)}


def test_certificates_and_the_people_of_the_table_come_first_and_the_rest_once(
    app: Flask, short: None, tmp_path: Path
):
    table = tmp_path / "people.json"
    with app.app_context(), clock.at(NOW):
        commands.make(app, table, few=False)
        first = codes()
        left = {(one.fate, one.number_of_fate) for one in story.untold(NOW)}
        commands.make_rest(app)
        then = codes()
        commands.make_rest(app)

        assert (len(first), left) == (4, {(Fate.REGISTERED, 2), (Fate.BEGUN, 2)})
        assert (len(then), first < then, codes() == then) == (6, True, True)
        assert story.untold(NOW) == []
    people = json.loads(table.read_text())
    assert {one["role"] for one in people} >= {
        Role.SECRETARIAT, Role.COORDINATOR, Role.REVIEWER, Role.MINISTRY, Role.REGION_OFFICER, Role.GUEST,
        Role.SCHOOL_MANAGER,
    }  # fmt: skip
    assert all(one["password"] and one["email"].endswith(".example") for one in people)


def test_the_short_form_has_the_first_of_each_kind_only(app: Flask, short: None, tmp_path: Path):
    with app.app_context(), clock.at(NOW):
        commands.make(app, tmp_path / "people.json", few=True)

        left = {(one.country.code, one.fate, one.number_of_fate) for one in story.untold(NOW)}
        assert left == {one for one in TOLD if one[2] == 2}


def test_the_rest_stops_when_nobody_serves_any_more(app: Flask, short: None, tmp_path: Path):
    with app.app_context(), clock.at(NOW):
        commands.make(app, tmp_path / "people.json", few=True)
        before = codes()
        commands.make_rest(app, serving=1 << 30)

        assert codes() == before


def test_a_demonstration_that_is_a_day_old_makes_no_school_twice(
    app: Flask, short: None, tmp_path: Path
):
    with app.app_context():
        with clock.at(NOW):
            commands.make(app, tmp_path / "people.json", few=False)
        with clock.at(NOW + timedelta(days=1)):
            commands.make_rest(app)
            assert (len(codes()), story.untold(clock.now())) == (6, [])
