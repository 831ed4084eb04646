"""The short way of an answer ends as the long one does, whatever state an attempt is in; and it overwrites nobody."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.audit import services as audit
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import QuestionKind
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db, session
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.models import Attempt, AttemptQuestion
from cissapp.learn.learning.rules import AttemptState
from cissapp.learn.learning.services import attempts as drawn_attempts
from cissapp.learn.learning.views import quizzes
from tests.factories import NOW
from tests.learn.learning.answering import drawing, key_of
from tests.shipped import MODULE as FIRST
from tests.statements import statements_sent

QUIZ = f"/learn/{FIRST.id}/quiz"
JSON = {"Accept": "application/json"}
KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
SENT = ("1", "2", "3", ["1", "2"], ["2", "1"], ["1", "1"], ["1", "9"], "9", "", "x", [])
SEQUENCES = ("0", "1", "2", "7", "", "x")


@pytest.fixture(autouse=True)
def _still(monkeypatch):
    monkeypatch.setattr(drawn_attempts, "SystemRandom", lambda: drawing(FIRST, *KINDS))
    with clock.at(NOW):
        yield


def attempt_of(person):
    return session.scalars(select(Attempt).where(Attempt.user_id == person.id)).one()


def as_it_is(attempt):
    """Leave the attempt open."""


def closed_as(state, points):
    def close(attempt):
        attempt.state, attempt.closed_at, attempt.points = state, NOW, points

    return close


def at_its_end(attempt):
    attempt.expires_at = NOW


def of_another_module(attempt):
    attempt.module_id = "another"


def without_a_version(attempt):
    attempt.questions[-1].version_id = None


STATES = {
    "open": as_it_is,
    "passed": closed_as(AttemptState.PASSED, 1000),
    "failed": closed_as(AttemptState.FAILED, 0),
    "test that was handed in": closed_as(AttemptState.CLOSED, 0),
    "expired": closed_as(AttemptState.EXPIRED, None),
    "voided": closed_as(AttemptState.VOIDED, None),
    "at its end": at_its_end,
    "of another module": of_another_module,
    "without a version": without_a_version,
}


def transcript(app, browser, person, change, seed):
    """Send answers before and after a change of the attempt: what was answered, and what is kept then."""
    random, told = Random(seed), []
    browser.post(f"{QUIZ}/start")
    with app.app_context():
        attempt = attempt_of(person)
        given, places = str(attempt.id), [*(row.position for row in attempt.questions), 11]
        session.remove()
    for turn in range(24):
        if turn == 12:
            with app.app_context():
                change(attempt_of(person))
                session.commit()
                session.remove()
        named = random.choices([given, "", "x", str(uuid4())], [9, 1, 1, 1])[0]
        data = {"chosen": random.choice(SENT), "sequence": random.choice(SEQUENCES)}
        place = random.choice(places)
        answer = browser.post(f"{QUIZ}/{place}", data={"attempt": named, **data}, headers=JSON)
        body = answer.get_json(silent=True) or {}
        told.append((answer.status_code, answer.location, {**body, "receipt": "receipt" in body}))
    with app.app_context():
        rows = [(row.chosen, row.sequence, row.saved_at) for row in attempt_of(person).questions]
        query = select(AuditEntry).where(AuditEntry.actor_id == person.id).order_by(AuditEntry.id)
        trail = [(one.event, one.facts, one.at, one.school_id) for one in session.scalars(query)]
        assert audit.first_fault() is None
        session.remove()
    return told, rows, [one for one in trail if one[0] is Event.ANSWER_SAVED]


@pytest.mark.parametrize("state", STATES)
def test_the_short_way_ends_as_the_long_one(app, make, sign_in, monkeypatch, state):
    school = make.school()
    people = [make.manager(school=school), make.manager(school=school)]
    quick = transcript(app, sign_in(people[0]), people[0], STATES[state], seed=state)
    monkeypatch.setattr(quizzes, "save_at_once", lambda *_: None)
    long = transcript(app, sign_in(people[1]), people[1], STATES[state], seed=state)

    assert quick == long
    assert any(status == 200 for status, _, _ in quick[0])


def test_an_answer_that_came_between_is_followed_on_the_short_way(app, make, sign_in, monkeypatch):
    person = make.manager()
    browser = sign_in(person)
    browser.post(f"{QUIZ}/start")
    with app.app_context():
        attempt = attempt_of(person)
        row = next(one for one in attempt.questions if key_of(one).kind is QuestionKind.SINGLE)
        place, sent = row.position, {"attempt": str(attempt.id), "sequence": "0"}
        session.remove()
    browser.post(f"{QUIZ}/{place}", data={**sent, "chosen": "1"}, headers=JSON)
    save, overtaken = services.save_single_answer, []

    def as_found_before(found, *values, **named):
        overtaken.append(found.sequence)
        found = replace(found, sequence=0) if len(overtaken) == 1 else found
        return save(found, *values, **named)

    monkeypatch.setattr(services, "save_single_answer", as_found_before)
    monkeypatch.setattr(quizzes, "load_person", lambda: pytest.fail("the long way"))
    answer = browser.post(f"{QUIZ}/{place}", data={**sent, "chosen": "2"}, headers=JSON)

    assert (answer.status_code, answer.get_json()["sequence"], overtaken) == (200, 2, [1, 1])


def test_an_answer_costs_two_statements_more_where_a_file_holds_the_database(app, make, sign_in):
    browser = sign_in(person := make.manager())
    browser.post(f"{QUIZ}/start")
    with app.app_context():
        attempt, kind = attempt_of(person), db.engine.dialect.name
        row = next(one for one in attempt.questions if key_of(one).kind is QuestionKind.SINGLE)
        place, sent = row.position, {"attempt": str(attempt.id), "sequence": "0"}
        session.remove()
    browser.post(f"{QUIZ}/{place}", data={**sent, "chosen": "1"}, headers=JSON)
    with statements_sent(app) as asked:
        answer = browser.post(f"{QUIZ}/{place}", data={**sent, "chosen": "2"}, headers=JSON)

    of_kind = {
        "sqlite": ["SELECT", "BEGIN", "UPDATE", "INSERT"],
        "postgresql": ["SELECT", "WITH"],
    }
    assert answer.status_code == 200
    assert [one.split()[0] for one in asked] == of_kind[kind]


def begun(person):
    return services.start_attempt(
        FIRST, content=content(), by=person, at=NOW, random=drawing(FIRST, *KINDS)
    )


def faster_answer(attempt, row, person):
    services.save_answer(attempt, row.position, row.options[:1], sequence=0, by=person, at=NOW)


def faster_end(attempt, row, person):
    attempt.state, attempt.closed_at = AttemptState.VOIDED, NOW
    session.flush()


@pytest.mark.parametrize("faster", [faster_answer, faster_end])
def test_who_was_faster_is_not_overwritten(context, make, faster):
    person = make.manager()
    attempt = begun(person)
    row = next(one for one in attempt.questions if key_of(one).kind is QuestionKind.SINGLE)
    found = queries.one_question(attempt.id, row.position)
    assert services.is_answerable(found, module_id=FIRST.id, by=person, at=NOW)
    faster(attempt, row, person)
    query = select(AttemptQuestion.chosen, AttemptQuestion.sequence).where(
        AttemptQuestion.attempt_id == attempt.id, AttemptQuestion.position == row.position
    )
    before = session.execute(query).one()
    lines = len(session.scalars(select(AuditEntry)).all())

    saved = services.save_single_answer(
        found, row.options[1:2], sequence=0, by=person, at=NOW + timedelta(seconds=1)
    )

    assert saved is None
    assert session.execute(query).one() == before
    assert len(session.scalars(select(AuditEntry)).all()) == lines
