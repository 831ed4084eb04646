"""An erasure that was asked for: it waits, can be stopped, and never takes a person out of an open duty."""

from datetime import timedelta
from threading import Event

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.oversee.personal_data.queries.duties import open_duties
from cissapp.oversee.personal_data.rules.retention import ERASURE_WAITS
from cissapp.oversee.personal_data.services import requests
from cissapp.people.accounts.models import User
from cissapp.people.enrolment.services import close_account
from cissapp.people.notices.models import Mail
from cissapp.review.reviews.models import Decision
from tests.factories import NOW
from tests.journeys.racing import at_once

DUE = NOW + ERASURE_WAITS


def done_at(moment) -> bool:
    return bool(requests.carry_out_due(store=files(), at=moment))


def test_it_is_done_after_two_weeks_and_not_before(context, make):
    person = make.manager()
    requests.ask_erasure(person, by=person, at=NOW)

    assert not done_at(DUE - timedelta(seconds=1))
    assert person.is_active
    assert done_at(DUE)
    assert not done_at(DUE)
    assert (person.is_active, person.password_hash) == (False, "!")
    assert person.name.startswith("School member ")
    assert person.email.endswith("@erased.invalid")


def test_asked_twice_it_is_one_request_and_stopped_it_is_none(context, make):
    person = make.manager()
    first = requests.ask_erasure(person, by=person, at=NOW)
    again = requests.ask_erasure(person, by=person, at=NOW + timedelta(days=3))

    requests.stop_erasure(person, by=person, at=NOW + timedelta(days=4))
    requests.stop_erasure(person, by=person, at=NOW + timedelta(days=5))

    assert again.id == first.id
    assert not done_at(DUE + timedelta(days=9))
    assert person.is_active
    assert requests.ask_erasure(person, by=person, at=DUE).id != first.id


@pytest.mark.only_on("postgresql")
def test_the_last_of_the_secretariat_is_not_erased_while_closing_the_other(app, make):
    ids = [make.user(Role.SECRETARIAT).id for _ in range(2)]
    with app.app_context(), unit_of_work():
        person = session.get_one(User, ids[0])
        requests.ask_erasure(person, by=person, at=NOW)
    closed, never = Event(), Event()

    def close(ready):
        by, other = (session.get_one(User, one) for one in ids)
        ready()
        close_account(other, by=by, at=NOW)
        closed.set()
        never.wait(0.5)  # before the commit, so that the erasure comes as far as it can

    def erase(ready):
        session.get_one(User, ids[0])
        ready()
        closed.wait(10)
        return f"erased {done_at(DUE)}"

    said = at_once(app, [lambda ready: ready(), close, erase])

    assert said == ["won", "won", "won erased False"]
    with app.app_context():
        assert [session.get_one(User, one).is_active for one in ids] == [True, False]


def test_for_somebody_else_only_once_the_account_is_closed(context, make):
    person, secretariat = make.manager(), make.user()
    with pytest.raises(Refused):
        requests.ask_erasure(person, by=secretariat, at=NOW)

    person.deactivated_at, person.deactivated_by_id = NOW, secretariat.id
    requests.ask_erasure(person, by=secretariat, at=NOW)

    assert done_at(DUE)
    assert session.query(Mail).filter_by(user_id=person.id).count() == 0


def test_a_head_under_review_and_a_reviewer_with_an_open_role_wait(app, make):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.scored(make.begun(application, assessor))
    with app.app_context(), unit_of_work():
        people = [
            session.query(User).filter_by(school_id=application.school_id, duty="head").one(),
            session.get_one(User, assessor.id),
        ]
        for person in people:
            requests.ask_erasure(person, by=person, at=NOW)
        assert [[one.code for one in open_duties(person)] for person in people] == [
            ["head"],
            ["role"],
        ]
        assert not done_at(DUE)
    make.ruled(make.recommended(review), decider)
    with app.app_context(), unit_of_work():
        assert requests.carry_out_due(store=files(), at=DUE) == 2
        assert session.query(ErasureRequest).filter(ErasureRequest.done_at.is_(None)).count() == 0


def test_the_decision_of_an_erased_decider_stays_under_one_pseudonym(app, make):
    _submission, decision = decided_by(make)
    with app.app_context(), unit_of_work():
        decider = session.get_one(User, decision.decider_id)
        before = session.get_one(Decision, decision.id).reasons
        requests.ask_erasure(decider, by=decider, at=NOW)
        assert done_at(DUE)
    with app.app_context():
        after = session.get_one(Decision, decision.id)
        decider = session.get_one(User, after.decider_id)
        assert after.reasons == before
        assert decider.name.split()[0] in {"Reviewer", "Coordinator"}
        assert len(decider.name.split()[1]) == 4


def decided_by(make):
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.recommended(make.scored(make.begun(application, assessor)))
    return application, make.ruled(review, decider)


def test_the_last_of_the_secretariat_waits(context, make):
    only = make.user()
    assert [one.code for one in open_duties(only)] == ["secretariat"]
    make.user()
    assert open_duties(only) == []


def test_who_signs_for_the_group_waits(context, make):
    from cissapp.people.schools.models import Letterhead

    person = make.user(Role.REVIEWER)
    session.add(
        Letterhead(
            group_id=person.group_id,
            signatory_name=person.name,
            signatory_office="Director",
            address="Chișinău",
            changed_at=NOW,
        )
    )
    session.flush()

    assert [one.code for one in open_duties(person)] == ["signs"]


def test_an_erasure_that_fails_stops_no_other(app, make, monkeypatch):
    people = [make.manager().id for _ in range(3)]
    with app.app_context(), unit_of_work():
        for one in people:
            person = session.get_one(User, one)
            requests.ask_erasure(person, by=person, at=NOW)
    erase = requests.erase

    def fail_for_one(person, **values):
        if person.id == people[0]:
            raise LookupError
        return erase(person, **values)

    monkeypatch.setattr(requests, "erase", fail_for_one)
    with app.app_context():
        with pytest.raises(LookupError):
            done_at(DUE)
        names = [session.get_one(User, one).name.startswith("School member ") for one in people]

    assert names == [False, True, True]
