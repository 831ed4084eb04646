"""Dealing, handing in, the gate before the first real case, and the release after a talk."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import queries as deadlines
from cissapp.people.notices.models import Mail
from cissapp.people.schools import queries as schools
from cissapp.people.schools import services as schools_services
from cissapp.people.schools.models import School
from cissapp.people.schools.queries.tallies import tallies_of
from cissapp.people.schools.rules import RegisterFacts
from cissapp.people.schools.services import tallies
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.calibration import queries, services
from cissapp.review.calibration.benchmarks import drawing
from cissapp.review.calibration.models import BenchmarkCopy, CalibrationRelease
from cissapp.review.calibration.queries import CalibrationFigures, agreement
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import (
    loads,
    propose_assignments,
    role_candidates,
    unattended_roles,
)
from cissapp.review.independence.rules import CaseRole
from cissapp.review.reviews import services as reviews
from cissapp.review.reviews.queries.queue import queue
from tests import factories as make
from tests.factories import NOW, REASON
from tests.refusals import codes
from tests.review.calibration.files import assessed, dealt, newcomer

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)


def group_with_newcomer():
    school = make.school(code="MD-04711", locality="Telenești", region_code="MD-TE")
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    return school, coordinator, newcomer(school)


@make.a_beginning()
@make.in_one_unit
def group_with_files():
    """The same, once the newcomer has got the two files: to draw them takes longer than most tests."""
    school, coordinator, person = group_with_newcomer()
    return school, coordinator, person, *dealt(person, coordinator)


# --- dealing ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_the_files_look_like_those_of_the_groups_schools(context):
    school, _coordinator, _person, *copies = group_with_files()

    found = [copy.application for copy in copies]
    assert {one.benchmark_id for one in copies} == {"at-the-mill", "by-the-forest"}
    for one in found:
        own = one.school
        assert (one.state, one.round, one.reviews_wanted) == (ApplicationState.SUBMITTED, 1, 1)
        assert (own.country_code, own.region_code, own.locality, own.language) == (
            school.country_code,
            school.region_code,
            school.locality,
            school.language,
        )
        assert own.code.startswith("MD-")
        assert len(own.code) == len(school.code)
        assert own.code != school.code
        assert "demo" not in own.name.casefold()
        assert applications.course(one, 5).completeness_checked
        assert [due.kind.value for due in deadlines.of_subject(one.id)] == ["review"]
    assert len({one.school.name for one in found}) == 2
    assert session.scalar(select(func.count()).select_from(Mail)) == 0


@pytest.mark.one_database("sqlite")
def test_the_order_is_drawn(context):
    _school, coordinator, _person = group_with_newcomer()
    orders = {
        tuple(copy.benchmark_id for copy in dealt(newcomer(coordinator), coordinator, seed=seed))
        for seed in range(4)
    }

    assert len(orders) == 2


@pytest.mark.one_database("sqlite")
def test_no_second_files_as_long_as_the_first_are_open(context):
    _school, coordinator, person, *_copies = group_with_files()

    with pytest.raises(Refused) as refused:
        dealt(person, coordinator)

    assert codes(refused) == ["open"]


@pytest.mark.one_database("sqlite")
def test_a_coordinator_deals_to_the_own_group_only(context):
    _school, _coordinator, person = group_with_newcomer()

    with pytest.raises(Missing):
        dealt(person, make.user(Role.COORDINATOR))


@pytest.mark.one_database("sqlite")
def test_a_group_without_schools_gets_files_of_its_country(context):
    person = make.user(Role.REVIEWER, calibrated_at=None)

    copies = dealt(person, person)

    for copy in copies:
        own = copy.application.school
        assert own.country_code == "MD"
        assert own.region_code in content().countries["MD"].regions
        assert len(own.code) == 5


def test_the_days_work_deals_what_is_due_and_no_more(context):
    _school, _coordinator, person = group_with_newcomer()
    left = newcomer(person, deactivated_at=NOW, deactivated_by_id=person.id)
    session.commit()
    deal = {"content": content(), "store": files()}

    nothing = {**deal, "content": replace(content(), benchmarks=())}
    assert services.assign_due_benchmarks(at=NOW, **nothing) == 0
    counts = [services.assign_due_benchmarks(at=at, **deal) for at in (NOW, NOW + DAY)]

    assert counts == [1, 0]
    assert len(queries.copies_of(person.id)) == 2
    assert queries.copies_of(left.id) == []
    # A year later those who were calibrated then get two again, the one with open files none.
    later = NOW + 366 * DAY
    assert services.assign_due_benchmarks(at=later, **deal) == 1


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn: whether a transaction was open, and whatever a test does at the first drawing."""
    found, draw = [], drawing.draw_document

    meanwhile = []

    def spied(*arguments):
        found.append(session().in_transaction())
        while meanwhile:
            meanwhile.pop()()
        return draw(*arguments)

    monkeypatch.setattr(drawing, "draw_document", spied)
    return found, meanwhile


def test_documents_are_drawn_while_no_transaction_is_open(context, drawn):
    _school, coordinator, person = group_with_newcomer()

    documents = sum(len(one.file.documents) for one in content().benchmarks)

    dealt(person, coordinator)
    assert drawn[0] == [False] * documents

    newcomer(person)
    session.commit()
    assert services.assign_due_benchmarks(content(), store=files(), at=NOW) == 1
    assert drawn[0] == [False] * documents * 2


def test_who_was_dealt_files_while_others_were_drawn_keeps_the_first(context, drawn):
    _school, coordinator, person = group_with_newcomer()
    drawn[1].append(lambda: dealt(person, coordinator, seed=2))

    with pytest.raises(Refused) as refused:
        dealt(person, coordinator)

    assert codes(refused) == ["open"]
    assert len(queries.copies_of(person.id)) == 2


# --- invented schools are no schools of the register ------------------------------------------


@pytest.mark.one_database("sqlite")
def test_invented_schools_are_in_no_list_and_no_count(context):
    school, coordinator, person = group_with_newcomer()
    before = tallies.recount()
    kept = tallies_of("MD")

    copies = dealt(person, coordinator)

    assert tallies.recount() == before
    assert tallies_of("MD") == kept
    for user in (coordinator, person, make.user(Role.SECRETARIAT)):
        page = schools.schools_page(user, schools.SchoolSearch())
        assert [one.id for one in page.rows] == [school.id]
    for copy in copies:
        assert schools.school_by_code("MD", copy.application.school.code) is None
    assessed(copies[0], person)
    assert tallies.recount() == before
    assert tallies_of("MD") == kept


def test_a_real_school_takes_its_code_from_an_invented_one(context):
    _school, coordinator, _person, copy, _other = group_with_files()
    invented = copy.application.school
    code = invented.code
    facts = RegisterFacts("MD", "MD-OR", code, "Real", "Orhei", "ro", 100)

    real = schools_services.register(facts, group=coordinator.group, by=coordinator, at=NOW)

    session.refresh(invented)
    assert real.code == code
    assert invented.code.startswith(f"{code}-")


# --- for one person only ----------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_nobody_else_of_the_group_finds_the_files_in_queue_counts_or_loads(context):
    _school, coordinator, person, *copies = group_with_files()
    colleague = make.user(Role.REVIEWER, group_id=person.group_id)
    independence.declare(copies[0].application, grounds=[], note="", by=person, at=NOW)
    reviews.start_review(copies[0].application, by=person, at=NOW)

    own = queue(person, now=NOW)
    assert {one.id for one in own.under_way} == {copy.application_id for copy in copies}
    assert own.states[ApplicationState.SUBMITTED] + own.states[ApplicationState.IN_REVIEW] == 2
    for other in (coordinator, colleague):
        found = queue(other, now=NOW)
        assert found.under_way == []
        assert set(found.states.values()) == {0}
        assert [one.cases for one in found.loads] == [0, 0, 0]
    assert loads([person.id]) == {person.id: 0}


def test_own_files_of_a_coordinator_are_proposed_to_nobody(context):
    coordinator = make.user(Role.COORDINATOR, group_id=make.school().group_id)
    application = dealt(coordinator, coordinator)[0].application
    independence.declare(application, grounds=[], note="", by=coordinator, at=NOW)
    reviews.start_review(application, by=coordinator, at=NOW)
    independence.enter_absence(coordinator.id, NOW.date(), NOW.date(), by=coordinator, at=NOW)

    assert propose_assignments(coordinator, today=NOW.date()) == []
    assert unattended_roles(coordinator, today=NOW.date()) == []


@pytest.mark.one_database("sqlite")
def test_nobody_else_can_act_on_a_file(context):
    _school, coordinator, person, copy, _other = group_with_files()
    application = copy.application

    for act in (
        lambda: independence.declare(application, grounds=[], note="", by=coordinator, at=NOW),
        lambda: reviews.start_review(application, by=coordinator, at=NOW),
        lambda: independence.assign(
            application, coordinator.id, CaseRole.DECIDER, by=person, at=NOW
        ),
    ):
        with pytest.raises(Missing):
            act()


# --- the gate ----------------------------------------------------------------------------------


def test_without_calibration_nobody_sifts_begins_or_is_assigned(context):
    application = make.handed_in()
    person = newcomer(application.school)
    make.declared(application, person)
    coordinator = make.user(Role.COORDINATOR, group_id=person.group_id)
    unsifted = make.handed_in(make.school(group_id=person.group_id), sift=False)
    make.declared(unsifted, person)

    for act in (
        lambda: reviews.start_review(application, by=person, at=NOW),
        lambda: independence.assign(
            application, person.id, CaseRole.REVIEWER, by=coordinator, at=NOW
        ),
        lambda: reviews.check_completeness(
            unsifted, remarks={}, content=content(), by=person, at=NOW
        ),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["calibration"]
    mine = next(
        one
        for one in role_candidates(application, today=NOW.date()).rows
        if one.person.id == person.id
    )
    assert [one.code for one in mine.why_not[CaseRole.REVIEWER]] == ["calibration"]
    assert mine.why_not[CaseRole.DECIDER] == []


@pytest.mark.one_database("sqlite")
def test_two_files_within_the_goals_open_the_gate(context):
    application = make.handed_in()
    person = newcomer(application.school)
    make.declared(application, person)
    coordinator = make.user(Role.COORDINATOR, group_id=person.group_id)
    first, second = dealt(person, coordinator)

    assessed(first, person, A5=2, C9=2)
    assert person.calibrated_at is None
    with pytest.raises(Refused):
        reviews.start_review(application, by=person, at=NOW)
    assessed(second, person, NOW + DAY)

    assert person.calibrated_at == NOW + DAY
    assert reviews.start_review(application, by=person, at=NOW + DAY).assessor_id == person.id


@pytest.mark.one_database("sqlite")
def test_a_file_closes_with_its_review_and_nothing_goes_to_anybody(context):
    _school, _coordinator, person, copy, _other = group_with_files()

    assessed(copy, person, A1=0)

    application = session.get(Application, copy.application_id)
    model = content().benchmark_by_id[copy.benchmark_id].model["A1"]
    assert (application.state, application.outcome) == (ApplicationState.WITHDRAWN, None)
    assert [one.met_at for one in deadlines.of_subject(application.id)] == [NOW]
    assert session.scalar(select(func.count()).select_from(Mail)) == 0
    assert copy.done_at == NOW
    assert copy.mean_difference == pytest.approx(model / 44)
    assert copy.lean == pytest.approx(-model / 44)
    assert copy.critical_wrong == (["A1"] if model >= 2 else [])


def test_a_file_is_never_in_the_sample_for_a_second_review(context):
    _school, coordinator, _person, copy, _other = group_with_files()
    application = copy.application

    reviews.request_reviews(application, 2, content().standard, by=coordinator, at=NOW)

    assert application.reviews_wanted == 1


@pytest.mark.one_database("sqlite")
def test_the_invented_school_cannot_be_asked(context):
    _school, _coordinator, person, copy, _other = group_with_files()
    application = copy.application
    independence.declare(application, grounds=[], note="", by=person, at=NOW)
    review = reviews.start_review(application, by=person, at=NOW)

    with pytest.raises(Refused) as refused:
        reviews.ask_school(review, {"A1": "Where is annex 1 of the policy?"}, by=person, at=NOW)

    assert codes(refused) == ["texts"]


# --- outside the goals ---------------------------------------------------------------------------


def outside(person, copies):
    for copy in copies:
        assessed(copy, person, B9=2)


def test_outside_the_goals_a_talk_comes_first(context):
    _school, coordinator, person, *copies = group_with_files()
    outside(person, copies)
    assert person.calibrated_at is None

    made = services.release(person, reason=REASON, by=coordinator, at=NOW)

    assert (made.person_id, made.reason, made.released_by_id) == (
        person.id,
        REASON,
        coordinator.id,
    )
    assert person.calibrated_at == NOW
    events = set(session.scalars(select(AuditEntry.event)))
    assert {
        Event.CALIBRATION_DEALT,
        Event.CALIBRATION_DONE,
        Event.APPLICATION_CLOSED,
        Event.CALIBRATION_RELEASED,
        Event.PERSON_CALIBRATED,
    } <= events


@pytest.mark.one_database("sqlite")
def test_two_more_files_within_the_goals_open_the_gate_too(context):
    _school, coordinator, person, *copies = group_with_files()
    outside(person, copies)

    for copy in dealt(person, coordinator, seed=2, at=NOW + DAY):
        assessed(copy, person, NOW + 2 * DAY)

    assert person.calibrated_at == NOW + 2 * DAY


def test_who_may_not_be_released_and_by_whom(context):
    _school, coordinator, person = group_with_newcomer()

    with pytest.raises(Refused) as refused:
        services.release(person, reason="ok", by=coordinator, at=NOW)
    assert codes(refused) == ["open", "reason"]
    with pytest.raises(Missing):
        services.release(person, reason=REASON, by=make.user(Role.COORDINATOR), at=NOW)
    alone = make.user(Role.COORDINATOR, group_id=person.group_id, calibrated_at=None)
    outside(alone, dealt(alone, alone))
    with pytest.raises(Refused) as refused:
        services.release(alone, reason=REASON, by=alone, at=NOW)
    assert codes(refused) == ["own"]
    with pytest.raises(Refused) as refused:
        services.release(coordinator, reason=REASON, by=alone, at=NOW)
    assert codes(refused) == ["state", "open"]
    assert session.scalars(select(CalibrationRelease)).all() == []


# --- agreement -----------------------------------------------------------------------------------


def test_agreement_counts_each_persons_newest_review_of_each_file(context):
    school, coordinator, person = group_with_newcomer()
    people = [person, newcomer(school), newcomer(school)]
    for number, one in enumerate(people):
        for copy in dealt(one, coordinator, seed=number):
            assessed(copy, one, A9=number)
    for copy in dealt(person, coordinator, seed=9, at=NOW + DAY):
        assessed(copy, person, NOW + DAY, A9=2)

    found = {one.name: one.agreement for one in _agreements(coordinator)}

    assert {(one.raters, one.units) for name, one in found.items() if len(name) > 1} == {(3, 2)}
    assert (found[""].raters, found[""].units) == (3, 88)
    assert found["A1"].alpha == pytest.approx(1)
    assert found["A9"].low
    assert found["A"].alpha < 1
    elsewhere = make.user(Role.COORDINATOR)
    assert {one.agreement.raters for one in _agreements(elsewhere)} == {0}
    assert len(list(_agreements(make.user(Role.SECRETARIAT)))) == len(found)


def _agreements(person):
    standard = content().standard
    found = queries.calibration_figures(person, standard).figures
    return queries.agreements(found, standard, "en")


def test_the_secretariat_sees_groups_over_the_years_not_persons(context):
    _school, coordinator, person, *copies = group_with_files()
    for copy in copies:
        assessed(copy, person)

    names = {one.name for one in queries.drifts(make.user(Role.SECRETARIAT))}

    assert names == {person.group.name}
    assert {one.name for one in queries.drifts(coordinator)} == {person.name}


def test_a_large_group_shows_the_years_of_a_page_and_the_highest_shares(context, monkeypatch):
    monkeypatch.setattr(agreement, "SHARES_SHOWN", 1)
    _school, coordinator, person, *copies = group_with_files()
    for copy in copies:
        assessed(copy, person)
    scores = [(coordinator.id, 44, 3), (person.id, 22, 2)]

    years = [queries.drifts(coordinator, [one.id]) for one in (coordinator, person)]
    shares = queries.agreed_shares(CalibrationFigures({}, scores), coordinator)

    assert [{one.name for one in found} for found in years] == [set(), {person.name}]
    assert [(one.name, one.percent) for one in shares] == [(person.name, 9)]


def test_a_copy_keeps_difference_and_moment_together(context):
    _school, _coordinator, person, *_copies = group_with_files()

    assert {copy.done_at for copy in session.scalars(select(BenchmarkCopy))} == {None}
    assert (
        session.scalar(
            select(func.count()).select_from(School).where(School.only_for_id == person.id)
        )
        == 2
    )
    assert session.get(User, person.id).calibrated_at is None
