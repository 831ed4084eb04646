"""When a school may hand in again: from some months before the end, and with which answers after it."""

from datetime import date, datetime, timedelta

import pytest

from cissapp.certify.certificates import services as certificate_services
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.people.schools.rules import Standing, answers_count_from
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.queries.readiness import gather_readiness
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.assessment import services as assessment_services
from cissapp.prepare.assessment.services import facts_of
from tests.certify.upkeep.people import START, both

pytestmark = pytest.mark.usefixtures("plain_files")

END = date(2024, 11, 25)
DAY = timedelta(days=1)


def at(day: date) -> datetime:
    return datetime.combine(day, START.timetz())


@pytest.fixture
def certified(context, make):
    school = make.school()
    head, _designated = both(school)
    make.complete_dossier(school, head, START)
    make.certified(school, at=START)
    return school, head


@pytest.fixture
def moldova(app):
    """The pack of Moldova with figures of its own, as if its editor had written them."""
    file = app.extensions["ciss-content"].countries["MD"].file
    kept = (file.renewal_opens_months, file.grace_days)
    object.__setattr__(file, "renewal_opens_months", 3)
    object.__setattr__(file, "grace_days", 10)
    yield
    object.__setattr__(file, "renewal_opens_months", kept[0])
    object.__setattr__(file, "grace_days", kept[1])


def may_open(school, head, day: date) -> bool:
    try:
        with session.begin_nested() as kept:
            applications.open_application(school, content=content(), by=head, at=at(day))
            kept.rollback()
    except Refused:
        return False
    finally:
        session.refresh(school)
    return True


def test_the_next_application_opens_six_months_before_the_end(certified):
    school, head = certified

    found = [may_open(school, head, day) for day in (date(2024, 5, 24), date(2024, 5, 25))]

    assert found == [False, True]


def test_a_country_says_when_it_opens(certified, moldova):
    school, head = certified

    found = [may_open(school, head, day) for day in (date(2024, 8, 24), date(2024, 8, 25))]

    assert found == [False, True]


def test_after_a_renewal_was_decided_none_opens_until_its_own_end_comes_near(certified, make):
    school, head = certified
    make.certified(school, cycle=2, at=at(END - 60 * DAY))

    days = (END - 59 * DAY, END, END + DAY, date(2026, 5, 25), date(2026, 5, 26))

    assert [may_open(school, head, day) for day in days] == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("standing", "day", "grace", "begin"),
    [
        (Standing.EXPIRED, END + 90 * DAY, 90, None),
        (Standing.EXPIRED, END + 91 * DAY, 90, END + 91 * DAY),
        (Standing.EXPIRED, END + DAY, 0, END + DAY),
        (Standing.EXPIRING, END + 91 * DAY, 90, None),
        (Standing.NONE, END + 91 * DAY, 90, None),
    ],
)
def test_answers_count_for_some_days_after_the_end(standing, day, grace, begin):
    assert answers_count_from(standing, END, grace, day) == begin


def left(school, day: date) -> int:
    found = gather_readiness(None, school, content(), today=day).facts.criteria_left
    assert all("save it again" in one.message for one in found)
    return len(found)


@pytest.mark.parametrize(("own", "days"), [(False, 90), (True, 10)])
def test_in_the_days_of_grace_nothing_has_to_be_answered_anew(request, certified, own, days):
    school, _head = certified
    if own:
        request.getfixturevalue("moldova")
    certificate_services.refresh_standings(at=at(END + DAY), expiring_days=90)
    all_ = len(content().standard.criteria)

    found = [left(school, END + n * DAY) for n in (1, days, days + 1)]

    assert (school.standing, found) == (Standing.EXPIRED, [0, 0, all_])


def test_an_old_answer_counts_again_once_it_is_saved_as_it_is(certified):
    school, head = certified
    certificate_services.refresh_standings(at=at(END + DAY), expiring_days=90)
    later = END + 200 * DAY
    criterion = content().standard.by_id["A1"]
    before = left(school, later)

    for _time in range(2):
        assessment_services.save_score(
            school,
            criterion,
            facts_of(assessment.score(school.id, "A1")),
            standard=content().standard,
            by=head,
            at=at(later),
        )

    assert left(school, later) == before - 1
    assert assessment.score(school.id, "A1").saved_at == at(later)
