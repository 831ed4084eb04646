"""The code of a drill is its school's: two schools may have the same, one after the update and one before it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.core.commands import drift
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.prepare.drills import services
from cissapp.prepare.mechanism.rules import ChannelKind
from tests import factories
from tests.prepare.drills.test_services import MONDAY, channel, started

SAME = "DRILL-7Q4K"
HOUR = timedelta(hours=1)


def scene() -> SimpleNamespace:
    """A school with one way to report, and a member of its group."""
    school = factories.school()
    member = factories.user(Role.COORDINATOR, group_id=school.group_id)
    return SimpleNamespace(
        school=school, member=member, box=channel(school, kind=ChannelKind.WRITTEN)
    )


def codes() -> list[tuple[str, str]]:
    query = text("SELECT code, state FROM drill ORDER BY started_at, id")
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_two_schools_may_have_one_code_and_the_way_back_tells_them_apart(app, monkeypatch):
    monkeypatch.setattr(services, "new_code", lambda: SAME)
    with app.app_context():
        with unit_of_work():
            first = scene()
            services.call_off(started(first, first.box), by=first.member, at=MONDAY + HOUR)
            second = scene()
            started(second, second.box, at=MONDAY + HOUR)
        assert codes() == [(SAME, "called_off"), (SAME, "prepared")]
        session.remove()

        downgrade(revision="0067")
        assert codes() == [(f"{SAME}-2", "called_off"), (SAME, "prepared")]
        nothing_may_change_a_code()

        upgrade()
        assert (codes(), drift()) == ([(f"{SAME}-2", "called_off"), (SAME, "prepared")], [])
        nothing_may_change_a_code()
        session.remove()


def test_each_way_back_finds_numbers_that_are_free_and_the_oldest_open_drill_keeps_its_code(
    app, monkeypatch
):
    monkeypatch.setattr(services, "new_code", lambda: SAME)

    def start(at, *, is_over=False):
        with app.app_context(), unit_of_work():
            of = scene()
            drill = started(of, of.box, at=at)
            if is_over:
                services.call_off(drill, by=of.member, at=at + HOUR)

    def back_and_forth():
        with app.app_context():
            downgrade(revision="0067")
            found = codes()
            upgrade()
            session.remove()
            return found

    start(MONDAY, is_over=True)
    start(MONDAY + HOUR)
    start(MONDAY + 2 * HOUR)
    first = [
        (f"{SAME}-3", "called_off"), (SAME, "prepared"), (f"{SAME}-2", "prepared"),
    ]  # fmt: skip
    assert back_and_forth() == first

    start(MONDAY + 3 * HOUR, is_over=True)
    start(MONDAY + 4 * HOUR)
    assert back_and_forth() == [
        *first, (f"{SAME}-5", "called_off"), (f"{SAME}-4", "prepared"),
    ]  # fmt: skip


def nothing_may_change_a_code() -> None:
    """The triggers of the table come back with it, and its indexes."""
    names = {one["name"] for one in inspect(db.engine).get_indexes("drill")}
    assert {"uq_drill_open", "ix_drill_state", "ix_drill_started_at"} <= names
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="is fixed when it"):
        connection.execute(text("UPDATE drill SET code = 'DRILL-0000'"))
