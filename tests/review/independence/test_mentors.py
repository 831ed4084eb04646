"""No mentor takes another role in the school's cases, and no such person mentors it: by service, by SQL, at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.independence import queries, services
from cissapp.review.independence.models import Assignment, Mentoring
from cissapp.review.independence.queries import facts
from cissapp.review.independence.rules import CaseRole
from tests import factories as make
from tests.factories import NOW
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("stopped_clock")

TODAY = NOW.date()
AFTER_MIDNIGHT = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
TWO_YEARS_AGO = date(2024, 11, 25)


def people_of(application: Application) -> tuple[User, User]:
    coordinator = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    return make.reviewers(application, 1)[0], coordinator


def key(value):
    return value.hex if session.get_bind().dialect.name == "sqlite" else value


def mentor_by_sql(application, person, to_on):
    statement = (
        "INSERT INTO mentoring (id, school_id, person_id, from_on, to_on, entered_at, entered_by_id)"
        " VALUES (:id, :school, :person, :from_on, :to_on, :at, :person)"
    )
    session.execute(
        text(statement),
        {
            "id": key(uuid4()), "school": key(application.school_id), "person": key(person.id),
            "from_on": "2020-01-01", "to_on": to_on and to_on.isoformat(), "at": NOW.isoformat(),
        },
    )  # fmt: skip


def role_by_sql(application, person, role, at=NOW):
    statement = (
        "INSERT INTO seat (id, application_id, person_id, seat, round, taken_at, taken_by_id)"
        " VALUES (:id, :application, :person, :role, 1, :at, :person)"
    )
    session.execute(
        text(statement),
        {
            "id": key(uuid4()), "application": key(application.id), "person": key(person.id),
            "role": role.value, "at": at.isoformat(),
        },
    )  # fmt: skip


def succeeds(step, *arguments) -> bool:
    nested = session.begin_nested()
    try:
        step(*arguments)
    except IntegrityError:
        return False
    finally:
        nested.rollback()
    return True


def test_a_mentor_takes_no_other_role_by_sql_until_24_months_after_the_last_day(context):
    application = make.handed_in()
    person, _coordinator = people_of(application)

    def mentor_then_role(to_on, role):
        mentor_by_sql(application, person, to_on)
        role_by_sql(application, person, role)

    assert {
        (to_on, role): succeeds(mentor_then_role, to_on, role)
        for to_on in (None, TODAY, TWO_YEARS_AGO, TWO_YEARS_AGO - timedelta(days=1))
        for role in CaseRole
    } == {
        (to_on, role): role is CaseRole.MENTOR or to_on == TWO_YEARS_AGO - timedelta(days=1)
        for to_on in (None, TODAY, TWO_YEARS_AGO, TWO_YEARS_AGO - timedelta(days=1))
        for role in CaseRole
    }


def test_who_holds_a_role_becomes_no_mentor_by_sql(context):
    application = make.handed_in()
    person, _coordinator = people_of(application)
    long_ago = datetime(2024, 11, 20, tzinfo=UTC)

    def role_then_mentor(role, state, taken_at, to_on):
        application.state = state
        session.flush()
        role_by_sql(application, person, role, taken_at)
        mentor_by_sql(application, person, to_on)

    def found(role, state=ApplicationState.IN_REVIEW, taken_at=NOW, to_on=None):
        return succeeds(role_then_mentor, role, state, taken_at, to_on)

    withdrawn = ApplicationState.WITHDRAWN
    assert {role: found(role) for role in CaseRole} == {role: role is CaseRole.MENTOR for role in CaseRole}  # fmt: skip
    assert [found(CaseRole.REVIEWER, one) for one in (ApplicationState.CHANGES_REQUESTED, withdrawn)] == [False, True]  # fmt: skip
    assert [found(CaseRole.PANEL_MEMBER, withdrawn, one) for one in (NOW, long_ago)] == [False, True]  # fmt: skip
    assert found(CaseRole.REVIEWER, to_on=TWO_YEARS_AGO - timedelta(days=1)) is True


def test_a_role_goes_on_in_no_further_round_of_a_school_that_its_holder_mentors(context):
    """Rows from before the database held it: the role is handed over, not taken up again."""
    application = make.handed_in()
    person, coordinator = people_of(application)
    application.state = ApplicationState.WITHDRAWN
    session.flush()
    role_by_sql(application, person, CaseRole.REVIEWER)
    mentor_by_sql(application, person, None)
    own = queries.assignment_of(application.id, person.id)
    application.state = ApplicationState.IN_REVIEW
    session.flush()

    def next_round():
        session.execute(text("UPDATE seat SET round = 2 WHERE id = :id"), {"id": key(own.id)})

    assert succeeds(next_round) is False
    services.leave_role(own, reason="Mentors the school.", by=coordinator, at=NOW)
    assert own.left_at == NOW


@pytest.mark.one_database("sqlite")
def test_a_mentoring_waits_until_the_role_is_handed_over(context):
    application = make.handed_in()
    person, coordinator = people_of(application)
    own = services.assign(application, person.id, CaseRole.REVIEWER, by=coordinator, at=NOW)

    with pytest.raises(Refused) as refused:
        services.enter_mentoring(application.school, person.id, TODAY, None, by=coordinator, at=NOW)
    assert [one.code for one in refused.value.problems] == ["person_id"]

    services.leave_role(own, reason="Becomes the mentor.", by=coordinator, at=NOW)
    made = services.enter_mentoring(
        application.school, person.id, TODAY, None, by=coordinator, at=NOW
    )
    assert (made.person_id, made.to_on) == (person.id, None)


def test_of_mentor_and_reviewer_at_once_one_is_refused(app):
    """Each of six people is made mentor and reviewer of a school of their own at the same moment."""
    with app.app_context(), unit_of_work():
        cases = []
        for _number in range(6):
            application = make.handed_in()
            person, coordinator = people_of(application)
            cases.append((application.id, application.school_id, person.id, coordinator.id))
    gate = Barrier(2)

    def at_once(step, case):
        application_id, school_id, person_id, coordinator_id = case
        with app.app_context():
            gate.wait()
            try:
                with clock.at(NOW), unit_of_work():
                    by = session.get_one(User, coordinator_id)
                    if step == "mentor":
                        school = session.get_one(School, school_id)
                        services.enter_mentoring(school, person_id, TODAY, None, by=by, at=NOW)
                    else:
                        row = session.get_one(Application, application_id)
                        services.assign(row, person_id, CaseRole.REVIEWER, by=by, at=NOW)
            except Refused:
                return None
            finally:
                session.remove()
            return step

    with ThreadPoolExecutor(2) as pool:
        done = [
            [one for one in pool.map(at_once, ("mentor", "reviewer"), (case, case)) if one]
            for case in cases
        ]

    assert [len(one) for one in done] == [1] * 6
    with app.app_context():
        roles = session.query(Assignment).filter(Assignment.role != CaseRole.MENTOR).count()
        assert roles + session.query(Mentoring).count() == 6


def test_a_race_that_the_service_lost_is_told_as_what_it_is(context, monkeypatch):
    application = make.handed_in()
    person, coordinator = people_of(application)
    mentor_by_sql(application, person, None)
    monkeypatch.setattr(services.assignments, "assign_mentors", lambda *_, **__: None)

    with pytest.raises(Refused) as refused:
        services.assignments._assign(
            application, person.id, CaseRole.DECIDER, lambda *_: [], by=coordinator, at=NOW
        )
    assert [one.code for one in refused.value.problems] == ["mentored"]


@pytest.mark.one_database("sqlite")
def test_a_mentoring_begins_bars_and_ends_on_the_day_at_the_school(context):
    application = make.handed_in()
    mentor, coordinator = people_of(application)
    today, tomorrow = date(2026, 11, 26), date(2026, 11, 27)

    def enter(from_on):
        return services.enter_mentoring(
            application.school, mentor.id, from_on, None, by=coordinator, at=AFTER_MIDNIGHT
        )

    with pytest.raises(Refused):
        enter(tomorrow)
    made = enter(today)
    [seat] = queries.assignments_of(application)
    services.end_mentoring(made, by=coordinator, at=AFTER_MIDNIGHT)

    assert (seat.person_id, seat.role) == (mentor.id, CaseRole.MENTOR)
    assert queries.present_mentors(application.school_id, today=AFTER_MIDNIGHT.date())
    assert queries.involvement_of(application, mentor.id, today=AFTER_MIDNIGHT.date()).mentored
    assert made.to_on == today


def test_the_page_proposes_the_day_at_the_school(app, sign_in):
    school = make.school()
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    with clock.at(AFTER_MIDNIGHT):
        page = sign_in(coordinator).get(f"/schools/{school.id}/mentors").text
    assert 'value="2026-11-26"' in page


def test_a_person_reads_the_own_mentorings_by_pages_the_newest_first(context, monkeypatch):
    monkeypatch.setattr(facts, "MENTORINGS_AT_ONCE", 2)
    group = make.group()
    person = make.user(Role.REVIEWER, group_id=group.id)
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    for days in (30, 20, 10):
        school = make.school(group_id=group.id, name=f"{days} days")
        begun = TODAY - timedelta(days=days)
        services.enter_mentoring(school, person.id, begun, None, by=coordinator, at=NOW)

    first = queries.mentorings_page(person.id)
    second = queries.mentorings_page(person.id, PagePlace(first.later))
    services.end_mentorings_of(person, at=NOW)

    assert [one.school.name for one in first.rows] == ["10 days", "20 days"]
    assert [one.school.name for one in second.rows] == ["30 days"]
    assert (first.earlier, second.later) == ("", "")
    assert queries.current_mentorings_of(person.id) == []


@pytest.mark.one_database("sqlite")
def test_a_sole_coordinator_who_mentors_the_school_still_leads_its_case_from_outside(app, sign_in):
    """The contents stay closed; the state, the dates, the tasks and who may take them do not."""
    application = make.handed_in()
    (reviewer, other), coordinator = make.reviewers(application), people_of(application)[1]
    case = f"/reviews/{application.id}"
    with app.app_context(), clock.at(NOW), unit_of_work():
        school = session.merge(application.school)
        by = session.merge(coordinator)
        services.enter_mentoring(school, coordinator.id, TODAY, None, by=by, at=NOW)
    desk = sign_in(coordinator)

    page = text_of(desk.get(case))
    assert "You mentor this school" in page
    assert "People in this case" in page
    assert "Change the date" in page, "whoever leads the case does not see by when"
    for closed in ("criteria/A1", "visit", "comments", "declaration"):
        assert desk.get(f"{case}/{closed}").status_code in (302, 404), closed
    task = {"seat": "assessor", "person_id": str(reviewer.id)}
    assert desk.post(f"{case}/people", data=task).status_code == 302
    people = desk.get(f"{case}/people")
    (address,) = set(re.findall(rf"{case}/people/[\w-]+/hand-over", people.text))
    given = {"person_id": str(other.id), "reason": "The first one is ill."}
    assert desk.post(address, data=given).status_code == 302
    assert "The application is closed to this person" in text_of(people)
    assert sign_in(other).get(f"{case}/criteria/A1").status_code == 200


@pytest.mark.one_database("sqlite")
def test_the_people_of_a_case_say_so_if_nobody_can_take_a_free_task(app, sign_in):
    application = make.handed_in(sift=False)
    coordinator = make.user(Role.COORDINATOR, group_id=application.group_id)
    with app.app_context(), clock.at(NOW), unit_of_work():
        school = session.merge(application.school)
        by = session.merge(coordinator)
        services.enter_mentoring(school, coordinator.id, TODAY, None, by=by, at=NOW)

    page = text_of(sign_in(coordinator).get(f"/reviews/{application.id}/people"))

    assert "Nobody in the group can take a task that is still free." in page
