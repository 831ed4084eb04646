"""For what each school waits, who is stuck, and the figures of a group; on both databases."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import pages
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.enrolment import queries as enrolment
from cissapp.people.schools.models import KeptFigures, School
from cissapp.people.schools.queries import SchoolSearch, kept_figures, schools_page
from cissapp.people.schools.rules import Progress, Standing
from cissapp.people.schools.services.many import leave_register
from cissapp.prepare.applications.models import Application, CompletenessCheck
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.followup.models import FollowedStep
from cissapp.review.followup.queries import schools as followed
from cissapp.review.followup.queries.schools import (
    StepCount,
    count_steps,
    followed_ids,
    followed_page,
    followed_schools,
)
from cissapp.review.followup.queries.statistics import group_statistics
from cissapp.review.followup.rules import FollowupFilter, FollowupOrder, FollowupStep, MeasuredSpan
from cissapp.review.followup.services import keep_statistics, repair_steps
from cissapp.review.independence import queries as independence
from cissapp.review.reviews.queries import QueueFilter, decided_cases, queue
from tests import factories as make
from tests.factories import NOW
from tests.plans import plans, whole_tables
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _kept_as_it_is(app, stopped_clock):
    """Whatever a test does: what is kept is what the rows say."""
    yield
    with app.app_context(), unit_of_work():
        assert repair_steps(NOW) == 0


@pytest.fixture
def group(app):
    return make.group()


@pytest.fixture
def coordinator(group):
    return make.user(Role.COORDINATOR, group_id=group.id)


def school(group, **values):
    return make.school(group_id=group.id, **values)


def invitation(of, at=NOW):
    values = {
        "role": Role.SCHOOL_MANAGER,
        "duty": Duty.HEAD,
        "country_code": "MD",
        "language": "en",
    }
    return make.kept(
        Invitation(
            token_hash=f"{of.id}",
            email=f"{of.code}@school.example",
            name="Somebody",
            school_id=of.id,
            invited_at=at,
            expires_at=at + 7 * DAY,
            **values,
        )
    )


def open_deadline(app, of, *, due_on, person_id):
    with app.app_context(), unit_of_work():
        deadlines.open(
            DeadlineKind.REVIEW if person_id else DeadlineKind.CHANGES,
            subject_id=of.id,
            school=session.get_one(School, of.id),
            due_on=due_on,
            person_id=person_id,
            by=SYSTEM,
            at=NOW - DAY,
        )


def act(app, person, at):
    """Let a person of a school do something."""
    with app.app_context(), unit_of_work():
        pair = ("lesson", "1")
        record(Event.LESSON_READ, pair, by=person, at=at, school_id=person.school_id)


def listed(app, coordinator, **wanted):
    with app.app_context():
        return followed_page(coordinator, FollowupFilter(**wanted), content(), today=TODAY).rows


def step_of(app, coordinator, of):
    (found,) = [one for one in listed(app, coordinator) if one.id == of.id]
    return found.step


def test_before_an_application_a_school_waits_for_people_training_or_papers(
    app, group, coordinator
):
    nobody, invited, learning, ready = (
        school(group),
        school(group),
        school(group),
        school(group, progress=Progress.TRAINED),
    )
    invitation(invited)
    make.manager(learning)
    make.manager(ready)
    ended = school(group, progress=Progress.DECIDED)
    terms = {"level": 1, "valid_until_on": TODAY + 40 * DAY, "progress": Progress.DECIDED}
    expiring = school(group, standing=Standing.EXPIRING, **terms)
    suspended = school(group, standing=Standing.SUSPENDED, **terms)
    later = {**terms, "valid_until_on": TODAY + 400 * DAY}
    certified = school(group, standing=Standing.VALID, **later)
    make.school()  # of another group
    make.school(group_id=group.id, only_for_id=coordinator.id)  # invented, for a calibration

    found = {one.id: one.step for one in listed(app, coordinator)}

    assert found == {
        nobody.id: FollowupStep.NOT_INVITED,
        invited.id: FollowupStep.INVITED,
        learning.id: FollowupStep.TRAINING,
        ready.id: FollowupStep.PREPARING,
        ended.id: FollowupStep.ENDED,
        expiring.id: FollowupStep.EXPIRING,
        suspended.id: FollowupStep.SUSPENDED,
        certified.id: FollowupStep.NOTHING,
    }


@pytest.mark.one_database("sqlite")
def test_an_application_goes_from_check_to_reviewers_review_and_decision(app, group, coordinator):
    of = school(group)
    application = make.handed_in(of, sift=False)
    assert step_of(app, coordinator, of) is FollowupStep.COMPLETENESS_CHECK

    make.completeness_checked(application)
    assert step_of(app, coordinator, of) is FollowupStep.REVIEWERS

    reviewer, _decider = make.reviewers(application, 2)
    make.undrawn()
    review = make.begun(application, reviewer)
    assert step_of(app, coordinator, of) is FollowupStep.REVIEW

    make.recommended(make.scored(review))
    assert step_of(app, coordinator, of) is FollowupStep.DECISION


def test_a_question_of_the_group_waits_for_the_school_and_is_stuck_once_it_is_overdue(
    app, group, coordinator
):
    of = school(group)
    application = make.handed_in(of, at=NOW - 40 * DAY)
    with app.app_context(), unit_of_work():
        row = session.get_one(Application, application.id)
        row.state, row.changed_at = ApplicationState.CHANGES_REQUESTED, NOW - 30 * DAY
        deadlines.open(
            DeadlineKind.CHANGES,
            subject_id=row.id,
            school=session.get_one(School, of.id),
            due_on=TODAY,
            person_id=None,
            by=SYSTEM,
            at=NOW - 30 * DAY,
        )

    (due,) = listed(app, coordinator)
    with app.app_context():
        later = TODAY + DAY
        (over,) = followed_page(
            coordinator, FollowupFilter(stuck=True), content(), today=later
        ).rows

    assert (due.step, due.due_on, due.is_stuck, due.waiting_days) == (
        FollowupStep.ANSWER,
        TODAY,
        False,
        30,
    )
    assert (over.id, over.is_stuck) == (of.id, True)


def test_silence_counts_from_the_last_act_of_the_school_and_its_longest_comes_first(
    app, group, coordinator
):
    quiet, busy, new = (school(group, registered_at=NOW - 60 * DAY) for _number in range(3))
    heads = [make.manager(one) for one in (quiet, busy)]
    make.manager(new)
    act(app, heads[0], NOW - 14 * DAY)
    act(app, heads[0], NOW - 20 * DAY)
    act(app, heads[1], NOW - 13 * DAY)
    act(app, coordinator, NOW)

    found = listed(app, coordinator)

    assert [
        (one.id, one.waiting_days, one.is_stuck, one.last_event, one.last_act_at) for one in found
    ] == [
        (new.id, 60, True, None, None),
        (quiet.id, 14, True, Event.LESSON_READ, NOW - 14 * DAY),
        (busy.id, 13, False, Event.LESSON_READ, NOW - 13 * DAY),
    ]
    assert [one.id for one in listed(app, coordinator, stuck=True)] == [new.id, quiet.id]
    with app.app_context():
        counted = {one.step: one for one in count_steps(coordinator, TODAY)}
    assert counted[FollowupStep.TRAINING] == StepCount(FollowupStep.TRAINING, 3, 2)
    assert counted[FollowupStep.REVIEW] == StepCount(FollowupStep.REVIEW, 0, 0)


@pytest.mark.one_database("sqlite")
def test_modules_count_for_each_person_of_whom_the_gate_asks_them(app, group, coordinator):
    of = school(group)
    head = make.manager(of)
    make.passed_module(head, content_modules(app)[0])

    (found,) = listed(app, coordinator)

    assert (found.passed, found.to_pass) == (1, 10)


def content_modules(app):
    with app.app_context():
        return [one.id for one in content().modules]


def test_the_list_is_narrowed_sorted_and_the_same_in_a_file(app, group, coordinator):
    first = school(group, name="Alpha", locality="Bălți")
    second = school(group, name="Beta", region_code="MD-CU")

    def names(**wanted):
        return [one.name for one in listed(app, coordinator, **wanted)]

    assert names(order=FollowupOrder.NAME) == ["Alpha", "Beta"]
    assert names(search="bălți") == ["Alpha"]
    assert names(region_code="MD-CU") == ["Beta"]
    assert names(step=FollowupStep.TRAINING) == []
    assert {tuple(names(order=order)) for order in FollowupOrder} == {("Alpha", "Beta")}
    with app.app_context():
        wanted = FollowupFilter(order=FollowupOrder.NAME)
        batches = followed_schools(coordinator, wanted, content(), today=TODAY)
        everything = [school for batch in batches for school in batch]
        ids = followed_ids(coordinator, wanted, today=TODAY)
    assert everything == listed(app, coordinator, order=FollowupOrder.NAME)
    assert ids == [first.id, second.id]


@pytest.mark.parametrize("search", ["", "a"])
@pytest.mark.parametrize("order", FollowupOrder)
def test_the_pages_of_each_order_are_the_list_there_and_back(
    app, group, coordinator, monkeypatch, order, search
):
    monkeypatch.setattr(followed, "PAGE_ROWS", 2)
    monkeypatch.setattr(pages, "PAGES_AHEAD", 0)
    names = ["Delta", "Alpha", "Beta", "Beta", "Gamma"]
    made = [school(group, name=name) for name in names]
    make.handed_in(made[2], at=NOW - 3 * DAY)
    invitation(made[3], at=NOW - 2 * DAY)
    # Of a deadline of someone else the coordinator sees the date, unless there is one of their own.
    open_deadline(app, made[4], due_on=TODAY + 2 * DAY, person_id=None)
    open_deadline(app, made[4], due_on=TODAY + 9 * DAY, person_id=coordinator.id)
    open_deadline(app, made[0], due_on=TODAY + 5 * DAY, person_id=coordinator.id)
    open_deadline(app, made[1], due_on=TODAY + 7 * DAY, person_id=None)
    wanted = FollowupFilter(order=order, search=search)

    def page(place=None):
        return followed_page(coordinator, wanted, content(), today=TODAY, place=place)

    with app.app_context():
        ids = followed_ids(coordinator, wanted, today=TODAY)
        there = [page()]
        while there[-1].later:
            there.append(page(PagePlace(there[-1].later)))
        back = there[-1:]
        while back[-1].earlier:
            back.append(page(PagePlace(back[-1].earlier, back=True)))
        gone = page(PagePlace(str(group.id)))

    assert [len(one.rows) for one in there] == [2, 2, 1]
    assert [row.id for one in there for row in one.rows] == ids
    assert [one.rows for one in reversed(back)] == [one.rows for one in there]
    assert gone == there[0]
    if order is FollowupOrder.DUE:
        waiting = [row.due_on for one in there for row in one.rows]
        assert waiting == [TODAY + 5 * DAY, TODAY + 7 * DAY, TODAY + 9 * DAY, *waiting[3:]]


def test_nobody_but_the_coordinator_of_the_group_finds_a_school(app, group):
    school(group)
    people = [
        make.user(Role.COORDINATOR),
        make.user(Role.REVIEWER, group_id=group.id),
        make.user(Role.MINISTRY),
        make.user(Role.SECRETARIAT),
    ]

    with app.app_context():
        found = [
            (count_steps(one, TODAY)[0].schools, followed_ids(one, FollowupFilter(), today=TODAY))
            for one in people
        ]

    assert found == [(0, [])] * len(people)


def test_more_schools_ask_the_database_no_more_often(app, group, coordinator):
    counts = []
    for _more in range(2):
        make.manager(school(group))
        make.handed_in(school(group))
        with app.app_context():
            counts.append(
                statements(lambda: (listed(app, coordinator), count_steps(coordinator, TODAY)))
            )
            counts.append(statements(lambda: group_statistics(coordinator, content(), now=NOW)))

    assert counts[:2] == counts[2:]


def statements(ask):
    with statements_sent() as seen:
        ask()
    return len(seen)


# --- figures ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_the_steps_of_a_decided_application_are_measured_and_its_work_is_counted(app, group):
    of = school(group)
    # Later on its day than everything that follows on others.
    application = make.handed_in(of, at=NOW - 20 * DAY + timedelta(hours=8))
    first, decider = make.reviewers(application, 2)
    make.undrawn()
    review = make.scored(make.begun(application, first, at=NOW - 15 * DAY))
    make.recommended(review, at=NOW - 10 * DAY)
    make.keyring()
    make.ruled(review, decider, at=NOW)
    coordinator = make.user(Role.COORDINATOR, group_id=group.id, name="Zoe")

    with app.app_context():
        found = group_statistics(coordinator, content(), now=NOW)
        few = group_statistics(coordinator, content(), now=NOW, most=2)
        far = group_statistics(coordinator, content(), now=NOW + 400 * DAY)

    days = {one.span: (one.median_days, one.count) for one in found.counted.spans}
    assert days[MeasuredSpan.REVIEW] == (10.0, 1)
    assert days[MeasuredSpan.DECISION] == (10.0, 1)
    assert days[MeasuredSpan.WHOLE] == (20.0, 1)
    assert found.counted.rounds == {1: 1}
    loads = {one.name: (one.open, one.done) for one in found.loads}
    assert [loads[name] for name in (first.name, decider.name, "Zoe")] == [(0, 1), (0, 1), (0, 0)]
    assert (few.loads, few.people) == (found.loads[:2], len(found.loads))
    far = far.counted
    assert (far.rounds, [one.count for one in far.spans]) == ({}, [0] * len(MeasuredSpan))


@pytest.mark.one_database("sqlite")
def test_who_came_from_another_school_counts_from_the_day_of_coming(app, group):
    of = school(group)
    invitation(of, at=NOW - 9 * DAY)
    make.manager(of, joined_at=NOW - 800 * DAY, duty_since=NOW - 5 * DAY)
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    with app.app_context(), unit_of_work():
        session.execute(update(Invitation).values(accepted_at=NOW - 5 * DAY))
    make.handed_in(of, at=NOW)

    with app.app_context():
        found = group_statistics(coordinator, content(), now=NOW)

    days = {one.span: (one.median_days, one.count) for one in found.counted.spans}
    assert days[MeasuredSpan.JOINING] == (4.0, 1)
    assert days[MeasuredSpan.APPLYING] == (5.0, 1)


@pytest.mark.one_database("sqlite")
def test_criteria_are_counted_where_they_hold_schools_up(app, group, coordinator):
    application = make.handed_in(school(group), sift=False)
    with app.app_context(), unit_of_work():
        session.add(
            CompletenessCheck(
                application_id=application.id,
                round=1,
                sifter_id=coordinator.id,
                passed=False,
                remarks={"A1": "Not readable.", "B2": "Empty.", "all": "See below."},
                sifted_at=NOW,
            )
        )

    with app.app_context():
        found = group_statistics(coordinator, content(), now=NOW).counted.criteria

    assert [(one.criterion_id, one.returned, one.open) for one in found] == [
        ("A1", 1, 0),
        ("B2", 1, 0),
    ]


def test_a_step_that_is_wrong_is_mended_and_a_school_that_left_has_none(app, group, coordinator):
    one, other = (school(group, name=name) for name in ("One", "Other"))
    with app.app_context():
        with unit_of_work():
            session.execute(update(FollowedStep).values(step=FollowupStep.ENDED))
        with unit_of_work():
            assert repair_steps(NOW) == 2
        with unit_of_work():
            leave_register(session.get_one(School, other.id), by=SYSTEM, at=NOW)
        assert followed_ids(coordinator, FollowupFilter(), today=TODAY) == [one.id]
    assert step_of(app, coordinator, one) is FollowupStep.NOT_INVITED


def test_the_lists_of_a_group_read_indexes_and_no_whole_table(app, group, coordinator):
    invitation(school(group, name="Lyceum"))

    def ask():
        followed_page(coordinator, FollowupFilter(), content(), today=TODAY)
        count_steps(coordinator, TODAY)
        schools_page(coordinator, SchoolSearch())
        queue(coordinator, now=NOW)
        decided_cases(coordinator, QueueFilter(), now=NOW)
        independence.team(coordinator, today=TODAY)
        independence.unattended_roles(coordinator, today=TODAY)
        independence.propose_assignments(coordinator, today=TODAY)
        enrolment.staff_page()
        enrolment.staff_invitations()

    with app.app_context():
        assert whole_tables(ask) == set()


@pytest.mark.parametrize("order", FollowupOrder)
def test_a_later_page_of_each_order_begins_where_an_index_finds_it(app, group, coordinator, order):
    place = PagePlace(str(school(group).id))

    def ask():
        wanted = FollowupFilter(order=order)
        followed_page(coordinator, wanted, content(), today=TODAY, place=place)

    with app.app_context():
        found = plans(ask, in_order=True)
    # The last keys are those of each order.
    begins = re.compile(r"(SEARCH|Index Cond).*name_key, ?school_id\) ?>")
    assert any(map(begins.search, found)), found


def test_of_a_large_group_the_figures_are_those_that_were_kept_and_say_since_when(
    app, group, coordinator, monkeypatch, caplog
):
    monkeypatch.setattr(kept_figures, "LARGE_GROUP", 1)
    for _ in range(2):
        school(group)

    def counted():
        found = group_statistics(coordinator, content(), now=NOW)
        return sum(one.schools for one in found.counted.steps), found.as_of

    def stored(**values):
        session.execute(update(KeptFigures).values(**values))

    with app.app_context():
        assert counted() == (2, None)
        with unit_of_work():
            assert keep_statistics(content(), at=NOW) == 1
        kept = session.scalar(select(KeptFigures.figures))
        with unit_of_work():
            stored(figures={**kept, "steps": {"as an older version": "kept them"}})
        assert [counted(), counted()] == [(2, None)] * 2
        assert [one.msg for one in caplog.records if "old format" in one.msg] == [
            "the figures %s of %s, stored at %s, have an old format; counting them again for each reader"
        ]
        with unit_of_work():
            stored(figures=kept)
    school(group)
    with app.app_context():
        assert counted() == (2, NOW)
        with unit_of_work():
            keep_statistics(content(), at=NOW + DAY)
        assert counted() == (3, NOW + DAY)


@pytest.mark.one_database("sqlite")
def test_kept_figures_are_the_same_as_new_ones(app, group, coordinator, monkeypatch):
    make.handed_in(school(group), at=NOW - 3 * DAY)
    with app.app_context():
        new = group_statistics(coordinator, content(), now=NOW)
    monkeypatch.setattr(kept_figures, "LARGE_GROUP", 0)
    with app.app_context(), unit_of_work():
        keep_statistics(content(), at=NOW)
    with app.app_context():
        kept = group_statistics(coordinator, content(), now=NOW)

    assert (kept.counted, kept.loads) == (new.counted, new.loads)
    assert (kept.as_of, new.as_of) == (NOW, None)
