"""What is measured on a day, and what is kept of a month: by days that have ended, and by what counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.services import succession
from cissapp.foundation.core.actor import SYSTEM
from cissapp.oversee.figures.queries.criteria import scored
from cissapp.oversee.figures.queries.measuring import measures_at
from cissapp.oversee.figures.rules import Measure, lots
from cissapp.oversee.figures.rules.tree import end_of
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.schools import queries as schools
from cissapp.people.schools.queries import newest_statuses
from cissapp.people.schools.rules import Figure, Progress
from cissapp.review.reviews.rules.places import ReviewPlace, combine_scores
from tests.oversee.figures.decided import altered, review_of

AT = datetime(2026, 8, 31, 9, tzinfo=UTC)
MONTH_END = end_of(date(2026, 8, 1))
DAY = timedelta(days=1)
LATER_ON_THE_DAY = AT + timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _here(context, plain_files):
    pass


def measured(before: datetime, measure: Measure) -> dict[str, int]:
    """A measure of Moldova, by its detail."""
    found = measures_at(before, lambda _country: lambda code: (code,))
    return {
        detail: number
        for area, kind, detail, number in found["MD"].rows()
        if (area, kind) == ("", measure)
    }


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("before", [LATER_ON_THE_DAY, MONTH_END])
@pytest.mark.parametrize(("due_on", "counts"), [(date(2026, 9, 30), 1), (date(2026, 10, 1), 0)])
def test_work_is_due_within_thirty_days_of_a_day_and_of_the_end_of_the_month_that_it_ends(
    make, before, due_on, counts
):
    school = make.school(progress=Progress.SUBMITTED, registered_at=AT - DAY)
    kind, opened = DeadlineKind.REVIEW, AT - DAY
    of = {"subject_id": school.id, "school": school, "person_id": None}
    deadlines.open(kind, **of, due_on=due_on, by=SYSTEM, at=opened)

    assert measured(before, Measure.DUE).get("", 0) == counts


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("before", [LATER_ON_THE_DAY, MONTH_END])
def test_a_certificate_that_ends_on_the_last_day_of_a_month_ends_in_that_month(make, before):
    certified = make.certified(at=datetime(2024, 8, 31, 9, tzinfo=UTC))
    assert certified.valid_until_on == AT.date()

    assert measured(before, Measure.ENDING) == {"2026-08": 1}


def test_a_renewal_that_was_withdrawn_before_it_began_moves_no_end(make):
    old = make.certified(at=datetime(2024, 11, 24, 9, tzinfo=UTC))
    new = make.certified(old.school, cycle=2, at=AT - 3 * DAY)
    before = measured(AT - DAY, Measure.ENDING)

    certificates.withdraw(new, reason="It was issued by mistake.", by=SYSTEM, at=AT - DAY)

    assert before == {f"{new.valid_until_on:%Y-%m}": 1}
    assert measured(MONTH_END, Measure.ENDING) == {f"{old.valid_until_on:%Y-%m}": 1}


def test_a_level_that_a_renewal_brings_counts_from_its_first_day_however_late_it_is_noticed(make):
    decided_at = datetime(2024, 8, 29, 9, tzinfo=UTC)
    school = make.school(registered_at=decided_at - DAY)
    make.certified(school, level=1, at=decided_at)
    new = make.certified(school, cycle=2, level=3, at=datetime(2026, 8, 1, 9, tzinfo=UTC))
    assert new.valid_from_on == date(2026, 8, 30)

    succession.begin_due_certificates(at=MONTH_END + 3 * DAY)

    ends = (datetime(2026, 8, 30, tzinfo=UTC), MONTH_END)
    before, after = (schools.counts_at(end)["MD"][school.region_code] for end in ends)
    assert [one.get(Figure.LEVEL_1) for one in (before, after)] == [1, None]
    assert [one.get(Figure.LEVEL_3) for one in (before, after)] == [None, 1]


# The levels of the reviews of a round, by place; "not applicable" is None.
ROUNDS = [
    [{"A1": 2}],
    [{"A1": 1}],
    [{"A1": 2}, {"A1": 1}],
    [{"A1": 0}, {"A1": 2}, {"A1": 2}],
    [{"A1": 3}, {"A1": 1}, {"A1": 1}],
    [{"A1": None}, {"A1": 1}],
    [{"A1": None}],
    [{"A1": None}, {"A1": None}, {"A1": 1}],
    [{"A1": 2}, {"A1": None}, {}],
]


@pytest.mark.parametrize("levels", ROUNDS)
def test_the_level_counts_that_all_reviews_together_give(make, monkeypatch, levels):
    monkeypatch.setattr(lots, "SCHOOLS_LEAST", 1)
    school = make.school(registered_at=AT - DAY)
    review_of(school, [make.user() for _ in range(4)], AT - DAY, *levels)

    found = weak_at(MONTH_END)

    counted = combine_scores(dict(zip(ReviewPlace, levels, strict=False)))["A1"]
    whole = ("MD", school.region_code, "A1", 1, counted is not None and counted < 2)
    assert found == ([whole] if counted is not None else [])


def weak_at(before: datetime) -> list[tuple[str, str, str, int, int]]:
    """The counted schools of each criterion, and those below 2."""
    return list(scored(before, newest_statuses(before).subquery()))


@pytest.mark.one_database("sqlite")
def test_levels_that_a_panel_altered_count_with_the_next_lot(make):
    people, first = [make.user(), make.user()], AT - DAY
    schools = [make.school(registered_at=first - DAY) for _ in range(12)]
    decisions = [review_of(one, people, first, {"A1": 1}) for one in schools[:10]]
    for number, decision in enumerate(decisions):
        altered(decision, people, first + timedelta(hours=1 + number), {"A1": 2})
    place = ("MD", schools[0].region_code, "A1")

    # The tenth school that the panel helped closes the lot.
    assert weak_at(first + timedelta(hours=10)) == [(*place, 10, 10)]
    assert weak_at(MONTH_END) == [(*place, 10, 0)]


def test_an_appeal_against_an_earlier_decision_alters_no_newer_level(make, monkeypatch):
    monkeypatch.setattr(lots, "SCHOOLS_LEAST", 1)
    people, first = [make.user(), make.user()], AT - DAY
    school = make.school(registered_at=first - DAY)
    earlier = review_of(school, people, first, {"A1": 1})
    review_of(school, people, first + timedelta(hours=1), {"A1": 1}, cycle=2)

    altered(earlier, people, first + timedelta(hours=2), {"A1": 2})

    assert weak_at(MONTH_END) == [("MD", school.region_code, "A1", 1, 1)]
