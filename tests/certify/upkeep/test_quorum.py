"""The clock of the quorum, with the database."""

from datetime import date

import pytest
from sqlalchemy import select

from cissapp.certify.certificates import services as certificate_services
from cissapp.certify.upkeep import queries, services
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.certify.upkeep.services import quorum_gaps
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.learn.learning.services import module_passed
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.notices.models import Mail
from tests.certify.upkeep.people import (
    DAY,
    REASON,
    START,
    TODAY,
    at,
    both,
    leave,
    mails,
    trail,
    worth,
)


def clocks() -> list[tuple[date, bool]]:
    rows = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.QUORUM))
    return [(one.due_on, one.met_at is None) for one in rows]


def test_whoever_leaves_starts_the_clock_at_once(place):
    certificate, head, designated, coordinator = place
    day = TODAY + 100 * DAY

    leave(designated, coordinator, day)

    assert clocks() == [(day + 60 * DAY, True)]
    assert mails("quorum") == sorted((day.isoformat(), one.email) for one in (head, coordinator))
    assert trail("quorum.") == ["quorum.lost"]
    assert queries.open_gap(certificate.school_id).lost_at == at(day)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("leaver", ["head", "designated"])
def test_the_mail_says_that_the_head_is_missing_and_who_can_change_that(place, leaver):
    _certificate, head, designated, coordinator = place

    leave(head if leaver == "head" else designated, coordinator, TODAY + 100 * DAY)

    bodies = session.scalars(select(Mail.body).where(Mail.kind == "quorum")).all()
    said = ["has no head with an account. Only the national group can" in one for one in bodies]
    assert said == [leaver == "head"] * 2


def test_whoever_is_not_needed_starts_no_clock(place, make):
    certificate, _head, _designated, coordinator = place
    deputy = make.manager(certificate.school, duty=Duty.DEPUTY, joined_at=START)

    leave(deputy, coordinator, TODAY + 10 * DAY)

    assert (clocks(), mails("quorum")) == ([], [])


def test_the_clock_ends_with_the_last_module_of_somebody_new(place, make):
    certificate, _head, designated, coordinator = place
    day = TODAY + 100 * DAY
    leave(designated, coordinator, day)
    new = make.manager(certificate.school, duty=Duty.DESIGNATED_PERSON, joined_at=at(day + 5 * DAY))
    for number, module in enumerate(content().modules):
        assert clocks() == [(day + 60 * DAY, True)], number
        make.passed_module(new, module.id, at(day + 10 * DAY))
        module_passed.send(new, at=at(day + 10 * DAY))

    assert clocks() == [(day + 60 * DAY, False)]
    assert trail("quorum.") == ["quorum.lost", "quorum.ended"]
    assert queries.open_gap(certificate.school_id) is None


def test_missed_days_change_neither_the_day_of_the_loss_nor_the_end_of_the_clock(place, make):
    certificate, _head, designated, _coordinator = place
    lost = TODAY + 100 * DAY
    designated.deactivated_at, designated.deactivated_by_id = at(lost), certificate.school_id
    session.flush()

    counts = [services.update_quorums(content(), at=at(lost + n * DAY)) for n in (9, 9, 61, 61, 70)]

    assert counts == [1, 0, 1, 0, 0]
    assert clocks() == [(lost + 60 * DAY, True)]
    assert trail("quorum.") == ["quorum.lost", "quorum.overdue"]


@pytest.mark.one_database("sqlite")
def test_a_loss_that_is_noted_very_late_leaves_the_school_time(place):
    certificate, _head, designated, _coordinator = place
    lost, noted = TODAY + 100 * DAY, TODAY + 300 * DAY
    designated.deactivated_at, designated.deactivated_by_id = at(lost), certificate.school_id
    session.flush()

    services.update_quorums(content(), at=at(noted))

    assert clocks() == [(noted + 30 * DAY, True)]


@pytest.mark.one_database("sqlite")
def test_when_the_time_is_over_the_group_is_asked_once_and_nothing_is_suspended(place):
    certificate, head, designated, coordinator = place
    day = TODAY + 100 * DAY
    leave(designated, coordinator, day)

    for n in (60, 61, 62, 61):
        services.update_quorums(content(), at=at(day + n * DAY))

    assert mails("quorum")[2:] == [((day + 61 * DAY).isoformat(), coordinator.email)]
    assert worth(certificate, day + 62 * DAY) == "valid"
    assert head.email not in {to for _day, to in mails("quorum")[2:]}


@pytest.mark.one_database("sqlite")
def test_a_gap_ends_with_the_certificate(place):
    certificate, _head, designated, coordinator = place
    leave(designated, coordinator, TODAY + 100 * DAY)
    certificate_services.withdraw(certificate, reason=REASON, by=SYSTEM, at=at(TODAY + 110 * DAY))

    changed = [services.update_quorums(content(), at=at(TODAY + n * DAY)) for n in (111, 112)]

    assert changed == [1, 0]
    assert clocks() == [(TODAY + 160 * DAY, False)]


def test_a_clock_that_starts_during_the_night_goes_on(place, monkeypatch):
    """Whoever leaves once the schools are listed starts a clock that the night must not take for an old one."""
    _certificate, _head, designated, coordinator = place
    day = TODAY + 100 * DAY
    leave(designated, coordinator, day)
    monkeypatch.setattr(quorum_gaps.due, "holders_with_quorum_change", lambda *_of: [])

    changed = services.update_quorums(content(), at=at(day))

    assert (changed, clocks()) == (0, [(day + 60 * DAY, True)])


def test_a_school_without_certificate_has_no_clock(context, make):
    school = make.school()
    _head, designated = both(school)
    leave(designated, make.user(), TODAY + DAY)

    services.update_quorums(content(), at=at(TODAY + 2 * DAY))

    assert session.query(QuorumGap).count() == 0


def test_a_country_may_ask_for_more_people(place):
    assert place
    country = content().countries["MD"].file
    object.__setattr__(country, "trained_people", 3)
    try:
        services.update_quorums(content(), at=at(TODAY + DAY))
    finally:
        object.__setattr__(country, "trained_people", None)

    assert clocks() == [(TODAY + 60 * DAY, True)]
