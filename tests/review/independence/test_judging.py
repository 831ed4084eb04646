"""Whoever helped a school, or has a conflict with it, neither suspends its certificate nor ends the suspension."""

from datetime import timedelta

import pytest

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.queries import certificate as certificate_of
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.independence import services
from tests import factories as make
from tests.factories import NOW
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("stopped_clock")

REASON = "The phone numbers were tried."
SENT = {"reason": REASON, "confirmed": "y"}
HELPED = "You have helped this school, or have a conflict of interest with it."


@pytest.fixture
def place(app):
    """A certificate, and a coordinator of the group of its school."""
    certificate = make.certified(make.school(group_id=make.group().id))
    with app.app_context():
        group_id = session.get_one(School, certificate.school_id).group_id
    return certificate, make.user(Role.COORDINATOR, group_id=group_id)


def mentored(app, certificate, person, ended=None):
    with app.app_context(), unit_of_work():
        school = session.get_one(School, certificate.school_id)
        by, first = session.merge(person), NOW.date() - timedelta(days=900)
        services.enter_mentoring(school, person.id, first, ended, by=by, at=NOW)


def act(app, certificate, person, name):
    """Suspend the certificate or end its suspension; return the codes of the reasons against it."""
    values = {"cure_days": 60} if name == "suspend" else {}
    with app.app_context(), unit_of_work():
        try:
            getattr(certificates, name)(
                certificate_of(certificate.id),
                reason=REASON,
                by=session.merge(person),
                at=NOW,
                **values,
            )
        except Refused as refusal:
            return [one.code for one in refusal.problems]
    return []


def test_a_mentor_judges_no_certificate_of_the_school_until_24_months_later(app, place):
    certificate, mentor = place
    other = make.user(Role.COORDINATOR, group_id=mentor.group_id)
    long_ago = make.user(Role.COORDINATOR, group_id=mentor.group_id)
    mentored(app, certificate, mentor)
    mentored(app, certificate, long_ago, NOW.date() - timedelta(days=800))

    assert act(app, certificate, mentor, "suspend") == ["helped"]
    assert act(app, certificate, long_ago, "suspend") == []
    assert act(app, certificate, mentor, "reinstate") == ["helped"]
    assert act(app, certificate, other, "reinstate") == []


def test_a_conflict_declared_for_the_newest_case_of_the_school_counts(app, place):
    certificate, person = place
    newest = make.application(
        session_school(app, certificate), cycle=2, round=1, state=ApplicationState.SUBMITTED
    )
    declared = make.user(Role.COORDINATOR, group_id=person.group_id)
    make.declared(newest, declared, "paid_by_school")
    make.declared(newest, person)

    assert act(app, certificate, declared, "suspend") == ["helped"]
    assert act(app, certificate, person, "suspend") == []


def session_school(app, certificate):
    with app.app_context():
        return session.get_one(School, certificate.school_id)


def test_the_page_says_why_and_the_secretariat_acts_for_a_group_of_one(app, sign_in, place):
    certificate, only = place
    mentored(app, certificate, only)
    address = f"/certificates/{certificate.id}"

    page, sent = sign_in(only).get(address), sign_in(only).post(f"{address}/suspend", data=SENT)
    desk = sign_in(make.user(Role.SECRETARIAT))
    answers = [desk.post(f"{address}/{one}", data=SENT) for one in ("suspend", "reinstate")]

    assert HELPED in text_of(page)
    assert f"{address}/suspend" not in page.get_data(as_text=True)
    assert (sent.status_code, HELPED in text_of(sent)) == (422, True)
    assert REASON in sent.get_data(as_text=True)
    assert [one.status_code for one in answers] == [302, 302]
    assert HELPED not in text_of(desk.get(address))


@pytest.mark.one_database("sqlite")
def test_a_mentor_is_not_offered_to_suspend_where_people_are_missing(app, sign_in, place):
    certificate, mentor = place
    other = make.user(Role.COORDINATOR, group_id=mentor.group_id)
    mentored(app, certificate, mentor)
    with app.app_context(), unit_of_work():
        gap = QuorumGap(school_id=certificate.school_id, lost_at=NOW, noted_at=NOW, asked_at=NOW)
        session.add(gap)

    def is_offered(person):
        page = sign_in(person).get(f"/schools/{certificate.school_id}/upkeep")
        return "Suspend the certificate" in text_of(page)

    assert [is_offered(one) for one in (mentor, other)] == [False, True]
