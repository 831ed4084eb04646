"""The time to mend: it begins with a suspension, and ends with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.certify.certificates import queries, services
from cissapp.certify.certificates.services import cures
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines.models import Deadline
from cissapp.people.notices.models import Mail
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("clock_of_next_day", "plain_files")

REASON = "The designated person left and nobody follows."
MENDED = "The council named a new designated person on 3 November, order 14."


def suspended(make):
    with unit_of_work():
        certificate = make.certified()
        make.manager(certificate.school)
    with unit_of_work():
        row = queries.certificate(certificate.id)
        services.suspend(row, reason=REASON, cure_days=60, by=SYSTEM, at=NOW)
    return certificate


def deadlines() -> list[Deadline]:
    return list(session.scalars(select(Deadline)))


def test_a_suspension_opens_the_clock_and_tells_the_school(app, make):
    with app.app_context():
        certificate = suspended(make)
        clock_ = queries.cure_deadline(certificate.id)
        mails = [one.subject for one in session.scalars(select(Mail))]

        assert clock_.due_on == NOW.date() + timedelta(days=60)
        assert clock_.cure.reason == REASON
        assert mails == ["Your school’s certificate has been suspended"]


@pytest.mark.parametrize("how", ["reinstate", "withdraw"])
def test_the_end_of_the_suspension_stops_the_clock(app, make, how):
    with app.app_context():
        certificate = suspended(make)
        with unit_of_work():
            row = queries.certificate(certificate.id)
            getattr(services, how)(row, reason=REASON, by=SYSTEM, at=NOW)

        assert queries.cure_deadline(certificate.id) is None
        assert [one.met_at is not None for one in deadlines()] == [True]


def test_a_second_suspension_opens_a_clock_of_its_own(app, make):
    with app.app_context():
        certificate = suspended(make)
        with unit_of_work():
            row = queries.certificate(certificate.id)
            services.reinstate(row, reason=REASON, by=SYSTEM, at=NOW)
            services.suspend(row, reason="Another reason.", cure_days=30, by=SYSTEM, at=NOW)

        assert queries.cure_deadline(certificate.id).cure.reason == "Another reason."
        assert sorted(one.met_at is None for one in deadlines()) == [False, True]


def test_after_the_end_nothing_more_is_stated(app, make):
    with app.app_context():
        certificate = suspended(make)
        with unit_of_work():
            cure = queries.open_cure(certificate.id)
            row = queries.certificate(certificate.id)
            services.withdraw(row, reason=REASON, by=SYSTEM, at=NOW)
            with pytest.raises(Refused):
                cures.record_statement(cure, text=MENDED, by=SYSTEM, at=NOW)


def test_the_school_says_what_it_mended_and_the_group_reads_it(app, make, sign_in):
    with app.app_context():
        certificate = suspended(make)
    head = sign_in(make.manager(certificate.school))
    coordinator = sign_in(make.user(Role.COORDINATOR, group_id=certificate.school.group_id))

    empty = head.post("/school/certificate/cure", data={"text": ""})
    done = head.post("/school/certificate/cure", data={"text": MENDED})

    assert (empty.status_code, done.status_code) == (422, 302)
    page = coordinator.get(f"/certificates/{certificate.id}").get_data(as_text=True)
    assert MENDED in page


def test_a_school_without_a_suspension_has_nothing_to_state(make, sign_in):
    head = sign_in(make.manager(make.certified().school))

    assert head.get("/school/certificate/cure").status_code == 404


def test_when_the_time_is_over_the_group_sees_what_it_can_do(app, make, sign_in):
    with app.app_context():
        certificate = suspended(make)

    with clock.at(NOW + timedelta(days=61)):
        person = make.user(Role.COORDINATOR, group_id=certificate.school.group_id)
        coordinator = sign_in(person)
        page = coordinator.get(f"/certificates/{certificate.id}").get_data(as_text=True)

    assert "The deadline has passed." in page
