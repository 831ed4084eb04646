"""What other rooms know of a school year: studio, posters, numbers, documents."""

from datetime import date, timedelta

import pytest

from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.mechanism.models import ReportingPerson
from cissapp.prepare.plan.queries import asked_dates
from cissapp.prepare.plan.rules import PlanKind, SchoolYear
from cissapp.prepare.policy.models import PolicyAnswer
from cissapp.prepare.posters.models import PlacedPoster, PosterPlace, PosterSighting
from cissapp.prepare.posters.rules.choices import PosterFormat, Readers
from tests.factories import NOW
from tests.prepare.acts import add

pytestmark = pytest.mark.usefixtures("stopped_clock", "context")

TODAY = NOW.date()


def days(school, kind, first=2026):
    found = asked_dates(school, SchoolYear(first), documents.documents(school.id), TODAY)
    return [(one.day, one.done_on, one.is_suggestion) for one in found if one.kind is kind]


@pytest.mark.one_database("sqlite")
def test_the_policy_is_reviewed_a_year_after_it_came_unless_the_studio_says_when(school, head):
    assert days(school, PlanKind.POLICY_REVIEW) == []
    add(school, head, files())
    assert days(school, PlanKind.POLICY_REVIEW, 2027) == [(date(2027, 11, 25), None, False)]

    answer(school, head, "next_review", "2027-09-20")
    assert days(school, PlanKind.POLICY_REVIEW, 2027) == [(date(2027, 9, 20), None, False)]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2026-10-02", (date(2026, 9, 25), date(2026, 10, 2), True)),
        ("2025-10-02", (date(2026, 10, 2), None, False)),
        ("in October", (date(2026, 9, 25), None, True)),
    ],
)
def test_staff_are_trained_again_a_year_after_the_last_time(school, head, said, found):
    answer(school, head, "trained_on", said)

    assert days(school, PlanKind.TRAINING) == [found]


def answer(school, head, question, said):
    row = {"question_id": question, "said": [said], "saved_at": NOW, "saved_by_id": head.id}
    session.add(PolicyAnswer(school_id=school.id, **row))
    session.flush()


@pytest.mark.one_database("sqlite")
def test_a_poster_round_is_done_once_a_poster_was_seen_in_that_half_of_the_year(school, head):
    place = PosterPlace(school_id=school.id, name="corridor", added_at=NOW, added_by_id=head.id)
    session.add(place)
    session.flush()
    poster = PlacedPoster(
        school_id=school.id,
        place_id=place.id,
        code="P1",
        format=next(iter(PosterFormat)),
        readers=next(iter(Readers)),
        languages=["ro"],
        large=False,
        printed_at=NOW,
        printed_by_id=head.id,
    )
    session.add(poster)
    session.flush()
    assert [done for _day, done, _ in days(school, PlanKind.POSTERS)] == [None, None]
    for seen_on in (TODAY, TODAY - timedelta(days=1), date(2026, 5, 1)):
        session.add(PosterSighting(poster_id=poster.id, seen_on=seen_on, count=1))
    session.flush()

    assert [done for _day, done, _ in days(school, PlanKind.POSTERS)] == [date(2026, 11, 24), None]
    assert [done for _day, done, _ in days(school, PlanKind.POSTERS, 2025)] == [
        None,
        date(2026, 5, 1),
    ]


@pytest.mark.one_database("sqlite")
def test_numbers_are_confirmed_before_the_first_of_them_is_printed_nowhere(school):
    assert [one[0] for one in days(school, PlanKind.NUMBERS)] == [
        date(2026, 9, 15),
        date(2027, 2, 15),
    ]
    person = {"office": "Head", "contact": "room 1", "hours": "8-9", "added_at": NOW}
    session.add(ReportingPerson(school_id=school.id, **person))
    session.flush()

    assert days(school, PlanKind.NUMBERS) == [(date(2027, 5, 25), None, False)]


def test_evidence_that_expires_is_renewed(school, head):
    document = add(school, head, files(), title="Register", evidence_code="REG")
    document.versions[-1].expires_on = date(2027, 3, 1)
    session.flush()

    assert days(school, PlanKind.DOCUMENT) == [(date(2027, 3, 1), None, False)]
    assert days(school, PlanKind.DOCUMENT, 2027) == []
