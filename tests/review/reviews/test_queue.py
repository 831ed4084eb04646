"""The queue: my next, counts as SQL counts them, age and overdue in words, load, filters, pages."""

import sys
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from cissapp.foundation.access import scopes
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import regions
from cissapp.people.deadlines import queries as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.joining.models import JoinRequest
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import SchoolSearch, schools_page
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.reviews import queries
from cissapp.review.reviews.queries import queue_cases
from cissapp.review.reviews.queries.progress import CaseProgress
from cissapp.review.reviews.queries.queue import _reviewers, _RowContext
from cissapp.review.reviews.rules.phases import Phase
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.rules.waiting import (
    OpenDeadline,
    QueueKey,
    deadline_for,
    parse_queue_key,
)
from cissapp.review.reviews.views.queue_page import region_choices
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree, words
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)


def application(
    of: Any, name: str = "Lyceum", *, at: datetime = NOW, sift: bool = True, **values: Any
) -> Any:
    school = make.school(group_id=of.id, name=name, progress=Progress.TRAINED, **values)
    return make.handed_in(school, at, sift=sift)


def begun(of: Any, person: Any, **values: Any) -> Any:
    make.declared(of, person)
    return make.begun(of, person, **values)


def due(app: Any, of: Any, on: date, kind: DeadlineKind = DeadlineKind.REVIEW) -> None:
    """Give an application this one open deadline."""
    from cissapp.people.deadlines import services

    with app.app_context(), unit_of_work():
        for one in deadlines.of_subject(of.id):
            services.meet(one.kind, subject_id=of.id, at=NOW)
        services.open(
            kind,
            subject_id=of.id,
            school=session.get(School, of.school_id),
            due_on=on,
            person_id=None,
            by=SYSTEM,
            at=NOW,
        )


def tasks(answer: Any, heading: str) -> list[str]:
    """The whole text of each line below a heading."""
    for section in tree(answer).findall(".//main//section"):
        found = section.find("h2")
        if found is not None and words(found) == heading:
            return [words(one) for one in section.findall(".//li[@class='task']")]
    raise AssertionError(f"no section {heading}")


def table(answer: Any, caption: str) -> list[list[str]]:
    for one in tree(answer).findall(".//table"):
        if words(one.find("caption")) == caption:
            return [[words(cell) for cell in row] for row in one.findall("tbody/tr")]
    raise AssertionError(f"no table {caption}")


def my_next(answer: Any) -> tuple[str, str] | None:
    found = tree(answer).find(".//a[@class='card next my-next']")
    return None if found is None else (found.get("href"), words(found))


def counts(answer: Any) -> dict[str, int]:
    rows = tree(answer).findall(".//ul[@class='counts']/li")
    return {words(one).rpartition(" ")[0]: int(words(one.find("strong"))) for one in rows}


def names(answer: Any) -> list[str]:
    return [line.split(" Moldova")[0].split(" ·")[0] for line in tasks(answer, UNDER_WAY)]


# The heading of what a search found; without one each case stands once, the own ones first.
UNDER_WAY = "Everything under way"
LISTS = ("To review", "To decide", "Other cases under way")


def cases(answer: Any) -> list[str]:
    """The whole text of each case on the page without a search."""
    return [line for heading in LISTS for line in tasks(answer, heading)]


@pytest.fixture
def group(app: Any) -> Any:
    return make.group()


@pytest.fixture
def me(group: Any) -> Any:
    return make.user(Role.REVIEWER, group_id=group.id, name="Me")


# --- my next ---------------------------------------------------------------------------------


def test_my_next_is_one_large_link_to_the_earliest_due(app, group, me, sign_in):
    later, sooner = application(group, "Later"), application(group, "Sooner")
    due(app, later, date(2026, 12, 9))
    due(app, sooner, date(2026, 12, 1))

    page = sign_in(me).get("/reviews")

    assert my_next(page) == (
        f"/reviews/{sooner.id}",
        (
            "Next for you Sooner First declare whether you have a conflict of interest "
            "due 1 December 2026, in 6 days"
        ),
    )


@pytest.mark.one_database("sqlite")
def test_my_next_is_my_own_task_and_an_overdue_case_for_anyone_heads_the_list(
    app, group, me, sign_in
):
    own, free = application(group, "Own"), application(group, "Free")
    begun(own, me)
    due(app, own, date(2026, 12, 9))
    due(app, free, date(2026, 11, 2))

    page = sign_in(me).get("/reviews")

    assert my_next(page)[0] == f"/reviews/{own.id}"
    assert [line.split()[0] for line in tasks(page, "To review")] == ["Free", "Own"]
    lead = words(tree(page).find(".//main"))
    assert "“Next for you” starts with your own tasks." in lead
    assert "earliest due date at the top" in lead


def test_with_nothing_to_do_it_says_so(group, me, sign_in):
    page = sign_in(me).get("/reviews")

    assert my_next(page) is None
    assert "Nothing is waiting for you now" in words(tree(page).find(".//main"))


@pytest.mark.one_database("sqlite")
def test_a_coordinator_without_schools_is_led_to_register_them_and_a_reviewer_is_not(
    group, me, sign_in
):
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)

    first = tree(sign_in(coordinator).get("/reviews")).find(".//section[@class='card next']")
    others = words(tree(sign_in(me).get("/reviews")).find(".//main"))
    make.school(group_id=group.id)
    later = words(tree(sign_in(coordinator).get("/reviews")).find(".//main"))

    assert words(first.find(".//h2")) == "Register the first schools of your group"
    assert first.find(".//a").get("href") == "/schools"
    assert "Nothing is waiting for you now" in others
    assert "Nothing is waiting for you now" in later


def test_what_waits_for_others_is_not_my_next(app, group, me, sign_in):
    tied = application(group)
    make.declared(tied, me, "paid_by_school")

    assert my_next(sign_in(me).get("/reviews")) is None


# --- counts ----------------------------------------------------------------------------------


def test_the_counts_are_those_of_the_database(app, group, me, sign_in):
    for _ in range(3):
        application(group)
    other = make.user(Role.REVIEWER, group_id=group.id)
    in_review, returned, done = (application(group) for _ in range(3))
    begun(in_review, other)
    make.handed_in(make.school(progress=Progress.TRAINED))  # of another group
    with app.app_context(), unit_of_work():
        session.get(Application, returned.id).state = ApplicationState.CHANGES_REQUESTED
        session.get(Application, done.id).state = ApplicationState.WITHDRAWN
        session.flush()
        counted = dict(
            session.execute(
                select(Application.state, func.count())
                .join(School, School.id == Application.school_id)
                .where(School.group_id == group.id)
                .group_by(Application.state)
            ).all()
        )

    page = sign_in(me).get("/reviews")

    assert counts(page) == {
        "Submitted": counted[ApplicationState.SUBMITTED],
        "In review": counted[ApplicationState.IN_REVIEW],
        "Changes requested": counted[ApplicationState.CHANGES_REQUESTED],
        "Decided": 0,
    }
    assert counts(page) == {
        "Submitted": 3,
        "In review": 1,
        "Changes requested": 1,
        "Decided": 0,
    }
    assert len(cases(page)) == 5


def test_what_applications_wait_for_and_how_many_are_over_their_day(app, group, me, sign_in):
    late, fresh = (application(group, sift=False) for _ in range(2))
    returned = application(group)
    due(app, late, date(2026, 11, 23), kind=DeadlineKind.COMPLETENESS_CHECK)
    due(app, fresh, date(2026, 12, 9), kind=DeadlineKind.COMPLETENESS_CHECK)
    with app.app_context(), unit_of_work():
        session.get(Application, returned.id).state = ApplicationState.CHANGES_REQUESTED
    due(app, returned, date(2026, 12, 9), kind=DeadlineKind.CHANGES)

    page = sign_in(me).get("/reviews")

    assert table(page, "What applications are waiting for") == [
        ["Completeness check", "2", "! 1 overdue"],
        ["Review", "0", "–"],
        ["Decision", "0", "–"],
        ["Answer from the school", "1", "–"],
    ]


# --- age and overdue -------------------------------------------------------------------------


def test_age_and_overdue_are_said_in_working_days(app, group, me, sign_in):
    old = application(group, "Old", at=datetime(2026, 8, 25, 9, tzinfo=UTC))
    due(app, old, date(2026, 8, 28))

    with clock.at(datetime(2026, 9, 1, 9, tzinfo=UTC)):
        (line,) = cases(sign_in(me).get("/reviews"))

    # 27 and 31 August are holidays of Moldova, 29 and 30 a weekend: 26, 28, 1 September; due on the 28th.
    assert "3 working days old" in line
    assert "due 28 August 2026, 4 days overdue" in line
    assert line.endswith("! Overdue")


def test_the_day_itself_is_not_over(app, group, me, sign_in):
    due(app, application(group), date(2026, 11, 25))

    (line,) = cases(sign_in(me).get("/reviews"))

    assert "due 25 November 2026, today" in line
    assert "Overdue" not in line


def test_a_decision_that_cannot_be_taken_yet_is_not_called_late(app, group, me, sign_in):
    due(app, application(group), date(2026, 11, 2), kind=DeadlineKind.DECISION)

    (line,) = cases(sign_in(me).get("/reviews"))

    assert "due" not in line
    assert "Overdue" not in line


# --- load ------------------------------------------------------------------------------------


def test_everybody_of_the_group_sees_who_has_how_much(app, group, me, sign_in):
    busy = make.user(Role.REVIEWER, group_id=group.id, name="Busy")
    boss = make.user(Role.COORDINATOR, group_id=group.id, name="Boss")
    for _ in range(2):
        begun(application(group), busy)
    begun(application(group), me)

    def load(person: Any) -> list[list[str]]:
        page = sign_in(person).get("/reviews")
        shown = table(page, "Cases in hand, reviews and decisions")
        return [row for row in shown if not row[0].startswith("Person")]  # who sifted

    assert load(boss) == [["Busy", "2"], ["Me", "1"], ["Boss (you)", "0"]]
    assert load(me) == [["Busy", "2"], ["Me (you)", "1"], ["Boss", "0"]]


# --- blind -----------------------------------------------------------------------------------


def pictures(browser: Any) -> tuple[Any, ...]:
    """Everything that the queue tells about the applications."""
    page = browser.get("/reviews")
    return (
        my_next(page),
        counts(page),
        table(page, "What applications are waiting for"),
        cases(page),
        table(page, "Cases in hand, reviews and decisions"),
    )


def two_reviews(app: Any, group: Any, me: Any) -> tuple[Any, Any]:
    """An application that two people review; mine is the second review; gives the first one."""
    of, other = application(group), make.user(Role.REVIEWER, group_id=group.id, name="First")
    first = make.scored(begun(of, other))
    make.wanting_second(of)
    begun(of, me, place=ReviewPlace.SECOND)
    return of, first


def test_a_second_reviewer_learns_nothing_of_the_first_review(app, group, me, sign_in):
    _of, first = two_reviews(app, group, me)
    browser = sign_in(me)

    before = pictures(browser)
    make.recommended(first)

    assert pictures(browser) == before


UUIDS = st.uuids()
DUES = st.builds(
    OpenDeadline,
    st.sampled_from(DeadlineKind),
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.none() | UUIDS,
)


@given(UUIDS, st.lists(DUES), st.lists(DUES))
def test_who_has_a_day_of_the_own_is_shown_no_other(person, own, others):
    mine = [OpenDeadline(one.kind, one.due_on, person) for one in own]
    theirs = [one for one in others if one.person_id != person]

    shown = deadline_for(person, [*theirs, *mine])

    if mine:
        assert shown == min(mine, key=lambda one: (one.due_on, one.kind))
    elif theirs:
        assert shown.due_on == min(one.due_on for one in theirs)
    else:
        assert shown is None


# --- filters and pages -----------------------------------------------------------------------


def test_filters_narrow_the_list_and_nothing_else(app, group, me, sign_in):
    late, fresh = application(group, "Late"), application(group, "Fresh")
    far = application(group, "Far", region_code="MD-CA")
    third = application(group, "Begun")
    begun(third, make.user(Role.REVIEWER, group_id=group.id))
    for one, on in ((late, 23), (fresh, 30), (far, 26), (third, 27)):
        due(app, one, date(2026, 11, on))
    browser = sign_in(me)

    def shown(**search: str) -> list[str]:
        return names(browser.get("/reviews", query_string=search))

    assert [name.split()[0] for name in cases(browser.get("/reviews"))] == [
        "Late", "Far", "Fresh", "Begun",
    ]  # fmt: skip
    assert [name.split()[0] for name in shown(name="bEG")] == ["Begun"]
    assert [name.split()[0] for name in shown(overdue="y")] == ["Late"]
    assert [name.split()[0] for name in shown(region="MD-CA")] == ["Far"]
    assert [name.split()[0] for name in shown(state="in_review")] == ["Begun"]
    assert [name.split()[0] for name in shown(state="submitted", region="MD-OR")] == [
        "Late",
        "Fresh",
    ]
    assert shown(state="changes_requested") == []
    assert len(cases(browser.get("/reviews?state=nonsense&region=XX-YY&after=nonsense"))) == 4
    page = browser.get("/reviews?state=in_review")
    assert counts(page)["Submitted"] == 3
    assert "1 application" in words(tree(page).find(".//main"))


@pytest.mark.both_databases
@pytest.mark.parametrize("most_listed", [0, 500])
def test_a_region_with_very_many_below_it_is_that_of_all_lists(
    app, group, me, monkeypatch, most_listed
):
    monkeypatch.setattr(scopes, "MOST_LISTED", most_listed)
    for name, code in (("Near", "MD-OR"), ("New", "MD-OR-NEW"), ("Far", "MD-CA")):
        application(group, name, region_code=code)
    with app.app_context():
        wanted = queries.QueueFilter(region_code="MD-OR")
        listed = queries.queue(me, now=NOW, wanted=wanted).listed(wanted).rows
        search = SchoolSearch(region_code="MD-OR")
        schools = [one.name for one in schools_page(me, search).rows]

    # A place that no pack knows yet is below a region if that is told by the code.
    assert (
        sorted(one.school for one in listed)
        == schools
        == ["Near", "New"][: 1 if most_listed else 2]
    )


def test_of_very_many_regions_under_way_the_upper_ones_are_offered(app, group, me, monkeypatch):
    codes = {"MD-CA", "MD-CU", "MD-OR"}
    for code in codes:
        application(group, code, region_code=code)
    with app.test_request_context():
        before = [code for code, _name in region_choices(me, None)]
        monkeypatch.setattr(regions, "MOST_OFFERED", 2)
        after = [code for code, _name in region_choices(me, None)]
        too_many, top = queries.regions_under_way(me, 2), content().countries["MD"].top()

    assert set(before) == codes
    assert set(after) == set(top) > codes
    assert too_many is None


def test_a_long_list_goes_on_where_it_stopped_whatever_happens_in_between(
    app, group, me, sign_in, monkeypatch
):
    # The function has the name of its file, so the file is found by its full name.
    monkeypatch.setattr(sys.modules["cissapp.review.reviews.queries.queue"], "PAGE_ROWS", 2)
    listed = [application(group, f"S{number}") for number in range(5)]
    for number, one in enumerate(listed):
        due(app, one, date(2026, 12, 1) + number * DAY)
    browser = sign_in(me)

    def page(address: str) -> tuple[list[str], str | None]:
        answer = browser.get(address)
        following = tree(answer).find(".//nav[@class='pages row']/a[@rel='next']")
        found = [name.split()[0] for name in names(answer)]
        return found, None if following is None else following.get("href")

    first, following = page("/reviews?state=submitted")
    due(app, listed[4], date(2026, 11, 30))  # the last one becomes the first
    second, third = page(following)

    assert (first, second) == (["S0", "S1"], ["S2", "S3"])
    assert "state=submitted" in following
    assert third is None


@given(
    st.dates(date(2020, 1, 1), date(9999, 12, 31)),
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    UUIDS,
)
def test_a_place_in_the_list_comes_back_as_it_was_written(due_on, submitted_at, id_):
    key = QueueKey(due_on, submitted_at, id_)

    assert parse_queue_key(key.written()) == key


@given(st.text(max_size=80))
def test_any_other_place_is_none(text):
    assert parse_queue_key(text) is None or isinstance(parse_queue_key(text), QueueKey)


# --- cost ------------------------------------------------------------------------------------


def test_the_number_of_queries_is_fixed(app, group, me, sign_in):
    other = make.user(Role.REVIEWER, group_id=group.id)
    browser, numbers = sign_in(me), []
    for more in (1, 3):
        for _ in range(more):
            due(app, application(group), date(2026, 12, 1))
            begun(application(group), other)
        with statements_sent(app) as seen:
            browser.get("/reviews")
        numbers.append(len(seen))

    assert numbers[0] == numbers[1]


def test_the_queue_never_loads_documents_or_dossiers(app, group, me, sign_in):
    application(group)
    with statements_sent(app) as seen:
        sign_in(me).get("/reviews")

    assert [one for one in seen if "document_version" in one or "submission.content" in one] == []


def test_a_row_knows_no_more_than_may_be_shown():
    assert set(queries.QueueRow.__struct_fields__) == {
        "id",
        "school",
        "region_code",
        "state",
        "outcome",
        "round",
        "submitted_at",
        "waits",
        "due",
        "has_conflict",
        "reviewers",
        "role",
        "work",
        "age",
        "today",
    }


def test_a_very_long_queue_comes_in_parts_and_nothing_is_in_none(app, group, me, monkeypatch):
    monkeypatch.setattr(queue_cases, "MOST", 2)
    made = [
        application(group, name, at=NOW - number * DAY)
        for number, name in enumerate(["Amethyst", "Beryl", "Citrine", "Diopside", "Emerald"])
    ]

    with app.app_context():
        parts, behind = [], None
        while not parts or behind:
            wanted = queries.QueueFilter(behind=behind)
            found = queries.queue(me, now=NOW, wanted=wanted)
            parts.append({one.id for one in found.under_way})
            behind = found.last
        by_name = queries.queue(me, now=NOW, wanted=queries.QueueFilter(name="Amethyst"))

    assert [len(one) for one in parts] == [2, 2, 1]
    assert set.union(*parts) == {one.id for one in made}
    assert made[0].id in {one.id for one in by_name.under_way}


def test_a_filter_of_a_very_long_queue_finds_all_in_parts_and_changes_nothing_else(
    app, group, me, monkeypatch
):
    monkeypatch.setattr(queue_cases, "MOST", 2)
    for number, name in enumerate(["A 1", "A 2", "A 3", "B 1", "B 2", "B 3"]):
        application(group, name, at=NOW - number * DAY)

    with app.app_context():
        parts, behind = [], None
        while not parts or behind:
            wanted = queries.QueueFilter(name="A", behind=behind)
            found = queries.queue(me, now=NOW, wanted=wanted)
            parts.append([one.school for one in found.listed(wanted).rows])
            behind = found.last
        whole = queries.queue(me, now=NOW)
        nothing = queries.queue(me, now=NOW, wanted=queries.QueueFilter(name="C"))

    assert parts == [["A 3", "A 2"], ["A 1"]]
    assert (nothing.waits, nothing.to_assess) == (whole.waits, whole.to_assess)
    assert sum(count for count, _late in nothing.waits.values()) == 2


def test_a_filter_that_finds_nothing_yet_says_that_there_is_more(
    app, group, me, sign_in, monkeypatch
):
    """ "No applications match" stood beside a link to the ones that did."""
    monkeypatch.setattr(queue_cases, "MOST", 2)
    for number, name in enumerate(["A 1", "A 2", "A 3"]):
        application(group, name, at=NOW - number * DAY)

    page = words(tree(sign_in(me).get("/reviews?overdue=1")))

    assert "No applications match" not in page
    assert "There are more to look at. Show the applications that came after these" in page


@pytest.mark.parametrize("address", ["/reviews", "/reviews/people"])
def test_people_stand_in_the_order_of_the_alphabet(app, group, sign_in, address):
    """Databases put "Ірина" before "Андрій", and "Ґалина" behind "Ярина"."""
    own = ["Ярина", "Ґалина", "Ірина", "Андрій", "Ганна"]
    for name in own:
        make.user(Role.REVIEWER, group_id=group.id, name=name)
    reader = make.user(Role.COORDINATOR, group_id=group.id, name="Євген")

    page = words(tree(sign_in(reader).get(address)))

    assert sorted(own, key=page.rindex) == ["Андрій", "Ганна", "Ґалина", "Ірина", "Ярина"]


def test_the_order_of_reviewers_does_not_show_who_began_first():
    """Names that are sorted alike kept the order in which the reviews are read."""
    names = {uuid4(): "Ana Pop", uuid4(): "Ana-Pop"}
    context = _RowContext(
        person=SimpleNamespace(role=Role.COORDINATOR),
        own=None,
        stands={},
        due={},
        names=names,
        now=NOW,
    )

    both = (ReviewPlace.FIRST, ReviewPlace.SECOND)

    shown = [
        _reviewers(
            CaseProgress(
                ApplicationState.IN_REVIEW, Phase.REVIEW, both, dict(zip(both, ids, strict=True))
            ),
            context,
            opened=True,
        )
        for ids in (list(names), reversed(names))
    ]

    assert shown == [("Ana Pop", "Ana-Pop")] * 2


def test_a_school_that_asks_for_an_invitation_is_on_the_first_page(app, group, me, sign_in):
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    before = words(tree(sign_in(coordinator).get("/reviews")))
    with app.app_context(), unit_of_work():
        session.add(
            JoinRequest(
                country_code="MD",
                group_id=group.id,
                school_name="New school",
                locality="Orhei",
                code="",
                email="new@school.example",
                person_name="Ana",
                office="Head",
                reason="",
                language="en",
                asked_at=NOW,
                expires_at=NOW + DAY,
                confirmed_at=NOW,
            )
        )

    page = words(tree(sign_in(coordinator).get("/reviews")))

    assert "Schools asking for an invitation" not in before
    assert "Schools asking for an invitation 1" in page
    assert "asking for an invitation" not in words(tree(sign_in(me).get("/reviews")))


def test_decided_cases_go_on_behind_a_case_the_last_first(app, group, me, monkeypatch):
    monkeypatch.setattr(sys.modules[queries.queue.__module__], "DECIDED_SHOWN", 2)
    made = [application(group) for _ in range(3)]
    with app.app_context(), unit_of_work():
        for number, one in enumerate(made):
            session.execute(
                update(Application)
                .where(Application.id == one.id)
                .values(state="decided", outcome="major_gaps", changed_at=NOW - number * DAY)
            )

    with app.app_context():
        first = queries.decided_cases(me, queries.QueueFilter(), now=NOW)
        second = queries.decided_cases(
            me, queries.QueueFilter(), now=NOW, place=PagePlace(first.later)
        )

    assert [one.id for one in (*first.rows, *second.rows)] == [one.id for one in made]
    assert (second.earlier, second.later) == (str(made[2].id), "")
