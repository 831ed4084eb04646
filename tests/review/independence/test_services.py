"""Seats, declarations, exceptions, mentorings, absences, guests: what each writes, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import product
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cissapp.foundation.audit.queries import history_of
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.enrolment import services as enrolment
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries, services
from cissapp.review.independence.models import Absence, Assignment, GuestPass, Waiver
from cissapp.review.independence.queries import unattended
from cissapp.review.independence.rules import CaseRole, ConflictAnswer, PossibleConflict
from cissapp.review.reviews.models import AbandonedReview, Review
from tests import factories as make
from tests.factories import NOW
from tests.refusals import codes

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)
ALONE = [CaseRole.REVIEWER, CaseRole.SECOND_REVIEWER, CaseRole.THIRD_REVIEWER, CaseRole.DECIDER]


def take(application, person, role, by=None, at=NOW):
    return services.take_role(application, person.id, role, by=by or person, at=at)


def coordinator_of(application) -> User:
    return make.user(Role.COORDINATOR, group_id=application.school.group_id)


def member_of(application, **values) -> User:
    return make.user(Role.REVIEWER, group_id=application.school.group_id, **values)


# --- declaration -----------------------------------------------------------------------------


def test_a_declaration_is_kept_and_recorded(context):
    application = make.handed_in()
    person = member_of(application)

    made = services.declare(
        application, grounds=["paid_by_school"], note="A lecture.", by=person, at=NOW
    )

    kept = queries.declaration_of(application, person.id)
    assert kept is made
    assert (kept.user_id, kept.grounds, kept.note, kept.answers, kept.declared_at, kept.has_conflict) == (
        person.id, ["paid_by_school"], "A lecture.", {}, NOW, True,
    )  # fmt: skip
    entry = history_of(made)[0]
    assert (entry.event, entry.facts["grounds"], entry.school_id) == (
        "conflict.declared", ["paid_by_school"], application.school_id,
    )  # fmt: skip


def test_one_declares_once(context):
    application = make.handed_in()
    person, _other = make.reviewers(application)

    with pytest.raises(Refused) as refused:
        services.declare(application, grounds=["paid_by_school"], note="", by=person, at=NOW)

    assert codes(refused) == ["declaration"]
    assert queries.declaration_of(application, person.id).grounds == []


def test_the_database_keeps_one_declaration_a_person(context):
    application = make.handed_in()
    person, _other = make.reviewers(application)

    with pytest.raises(IntegrityError), session.begin_nested():
        make.declared(application, person, "paid_by_school")


def test_another_group_declares_nothing(context):
    application = make.handed_in()
    stranger = make.user(Role.REVIEWER)

    with pytest.raises(Missing):
        services.declare(application, grounds=[], note="", by=stranger, at=NOW)


@pytest.mark.one_database("sqlite")
def test_every_hint_needs_its_answer(context):
    application = make.handed_in()
    person = member_of(application)
    services.state_background(employer="", locality="Orhei", phone="", by=person, at=NOW)

    with pytest.raises(Refused) as refused:
        services.declare(application, grounds=[], note="", by=person, at=NOW)
    assert codes(refused) == ["hint_locality"]

    services.declare(
        application,
        grounds=[],
        note="",
        answers={"locality": ConflictAnswer.UNTRUE},
        by=person,
        at=NOW,
    )
    assert (
        queries.involvement_of(application, person.id, today=NOW.date()).possible_conflict_open
        is False
    )
    assert take(application, person, CaseRole.REVIEWER).person_id == person.id


@pytest.mark.one_database("sqlite")
def test_who_declares_a_tie_leaves_the_seat_that_was_given(context):
    application = make.handed_in()
    person, coordinator = member_of(application), coordinator_of(application)
    own = take(application, person, CaseRole.REVIEWER, by=coordinator)

    services.declare(application, grounds=["paid_by_school"], note="", by=person, at=NOW + DAY)

    assert (own.left_at, own.left_by_id) == (NOW + DAY, person.id)
    other = member_of(application)
    assert take(application, other, CaseRole.REVIEWER, by=coordinator).left_at is None


# --- exceptions ------------------------------------------------------------------------------


def hinted(application) -> User:
    """A person who confirmed to live where the school is."""
    person = member_of(application)
    services.state_background(employer="", locality="Orhei", phone="", by=person, at=NOW)
    services.declare(
        application,
        grounds=[],
        note="",
        answers={"locality": ConflictAnswer.TRUE},
        by=person,
        at=NOW,
    )
    return person


def test_a_confirmed_hint_waits_for_the_coordinator(context):
    application = make.handed_in()
    person, coordinator = hinted(application), coordinator_of(application)

    with pytest.raises(Refused) as refused:
        take(application, person, CaseRole.REVIEWER)
    assert codes(refused) == ["hint"]

    waiver = services.waive(
        application,
        person.id,
        PossibleConflict.LOCALITY,
        reason="A town of 20,000.",
        by=coordinator,
        at=NOW,
    )
    assert take(application, person, CaseRole.REVIEWER).role is CaseRole.REVIEWER
    assert queries.exceptions() == [waiver]
    assert history_of(waiver)[0].facts["hint"] == "locality"


def test_an_exception_is_never_for_oneself_nor_for_a_tie_nor_for_nothing(context):
    application = make.handed_in()
    coordinator = coordinator_of(application)
    services.state_background(employer="", locality="Orhei", phone="", by=coordinator, at=NOW)
    tied, free = hinted_and_tied(application), member_of(application)

    for by, person, expected in (
        (coordinator, coordinator, ["person_id"]),
        (coordinator, tied, ["hint"]),
        (coordinator, free, ["hint"]),
    ):
        with pytest.raises(Refused) as refused:
            services.waive(
                application,
                person.id,
                PossibleConflict.LOCALITY,
                reason="No reason.",
                by=by,
                at=NOW,
            )
        assert codes(refused) == expected
    with pytest.raises(Missing):
        services.waive(
            application, make.user(Role.REVIEWER).id, PossibleConflict.LOCALITY, reason="-", by=coordinator, at=NOW
        )  # fmt: skip
    assert queries.exceptions() == []


def hinted_and_tied(application) -> User:
    person = member_of(application)
    services.state_background(employer="", locality="Orhei", phone="", by=person, at=NOW)
    services.declare(
        application, grounds=["paid_by_school"], note="",
        answers={"locality": ConflictAnswer.TRUE}, by=person, at=NOW,
    )  # fmt: skip
    return person


@pytest.mark.parametrize("statement", ["UPDATE waiver SET reason = 'x'", "DELETE FROM waiver"])
def test_the_log_of_exceptions_cannot_be_changed(app, statement):
    with app.app_context(), unit_of_work():
        application = make.handed_in()
        person, coordinator = hinted(application), coordinator_of(application)
        services.waive(
            application,
            person.id,
            PossibleConflict.LOCALITY,
            reason="A town.",
            by=coordinator,
            at=NOW,
        )
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    with app.app_context():
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Waiver)) == 1


# --- seats -----------------------------------------------------------------------------------


@pytest.fixture
def number_of_people(request) -> int:
    """Two people make every pair: the same person, or another. In the long form who else is there is tried as well."""
    return 4 if request.config.getoption("long") else 2


def test_of_all_pairs_of_people_and_seats_only_disjoint_ones_succeed_by_service(
    context, number_of_people
):
    application = make.handed_in()
    people = make.reviewers(application, number_of_people)
    wrong = []
    for (one, first), (other, second) in product(product(people, CaseRole), repeat=2):
        nested = session.begin_nested()
        take(application, one, first)
        try:
            take(application, other, second)
        except Refused:
            succeeded = False
        else:
            succeeded = True
        same = one is other and first is second
        shared = first is second and second in {CaseRole.MENTOR, CaseRole.PANEL_MEMBER}
        allowed = same or (one is not other and (first is not second or shared))
        if succeeded is not allowed:
            wrong.append((people.index(one), first, people.index(other), second))
        nested.rollback()

    assert wrong == []


def test_of_all_pairs_of_people_and_seats_only_disjoint_ones_succeed_by_sql(
    context, number_of_people
):
    application = make.handed_in()
    people = make.reviewers(application, number_of_people)
    statement = text(
        "INSERT INTO seat (id, application_id, person_id, seat, round, taken_at, taken_by_id)"
        " VALUES (:id, :application, :person, :seat, 1, :at, :person)"
    ).bindparams()

    def insert(person, role):
        kind = session.get_bind().dialect.name
        key = (lambda one: one.hex) if kind == "sqlite" else (lambda one: one)
        session.execute(
            statement,
            {
                "id": key(uuid4()), "application": key(application.id), "person": key(person.id),
                "seat": role.value, "at": NOW.isoformat(),
            },
        )  # fmt: skip

    wrong = []
    for (one, first), (other, second) in product(product(people, CaseRole), repeat=2):
        nested = session.begin_nested()
        insert(one, first)
        try:
            with session.begin_nested():
                insert(other, second)
        except IntegrityError:
            succeeded = False
        else:
            succeeded = True
        shared = second in {CaseRole.MENTOR, CaseRole.PANEL_MEMBER}
        allowed = one is not other and (first is not second or shared)
        if succeeded is not allowed:
            wrong.append((people.index(one), first, people.index(other), second))
        nested.rollback()

    assert wrong == []


@pytest.mark.parametrize("role", ALONE)
def test_of_sixteen_who_take_a_seat_at_once_one_wins(app, role):
    application = make.handed_in()
    people = [one.id for one in make.reviewers(application, 16)]
    gate = Barrier(16)

    def one_takes(person_id):
        with app.app_context():
            gate.wait()
            try:
                with clock.at(NOW), unit_of_work():
                    row = session.get(Application, application.id)
                    by = session.get(User, person_id)
                    services.take_role(row, person_id, role, by=by, at=NOW)
            except Refused as refused:
                return [one.code for one in refused.problems]
            finally:
                session.remove()
            return "done"

    with ThreadPoolExecutor(16) as pool:
        outcome = list(pool.map(one_takes, people))

    assert sorted(map(str, outcome)) == ["['seat']"] * 15 + ["done"]
    with app.app_context():
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1


@pytest.mark.one_database("sqlite")
def test_a_seat_is_kept_and_recorded(context):
    application = make.handed_in()
    person, _other = make.reviewers(application)

    own = take(application, person, CaseRole.DECIDER, at=NOW + DAY)

    assert (own.person_id, own.role, own.round, own.taken_at, own.taken_by_id, own.left_at) == (
        person.id, CaseRole.DECIDER, 1, NOW + DAY, person.id, None,
    )  # fmt: skip
    assert take(application, person, CaseRole.DECIDER) is own
    entries = history_of(own)
    assert [(one.event, one.facts["seat"]) for one in entries] == [("seat.taken", "decider")]


@pytest.mark.one_database("sqlite")
def test_without_a_declaration_nobody_takes_a_seat_but_a_coordinator_may_give_one(context):
    application = make.handed_in()
    person, coordinator = member_of(application), coordinator_of(application)

    with pytest.raises(Refused) as refused:
        take(application, person, CaseRole.REVIEWER)
    assert codes(refused) == ["declaration"]

    own = take(application, person, CaseRole.REVIEWER, by=coordinator)
    assert (own.person_id, own.taken_by_id) == (person.id, coordinator.id)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("role", [*ALONE, CaseRole.PANEL_MEMBER])
def test_mentors_inviters_and_earlier_assessors_take_no_seat(context, role):
    application = make.handed_in()
    mentor, inviter, earlier, closed = make.reviewers(application, 4)
    coordinator = coordinator_of(application)
    services.enter_mentoring(
        application.school, mentor.id, date(2026, 1, 1), date(2026, 2, 1), by=coordinator, at=NOW
    )
    make.manager(application.school, invited_by_id=inviter.id)
    before = make.application(application.school, cycle=0, round=1, state="withdrawn")
    session.add(
        Assignment(
            application_id=before.id, person_id=earlier.id, role=CaseRole.REVIEWER, round=1,
            taken_at=NOW, taken_by_id=earlier.id,
        )
    )  # fmt: skip
    accounts.deactivate(closed, by=coordinator, at=NOW)

    for person, expected in (
        (mentor, ["mentored"]), (inviter, ["invited"]), (earlier, ["assessed_before"]),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            take(application, person, role)
        assert codes(refused) == expected
    with pytest.raises(Missing):
        take(application, closed, role)


def test_a_mentor_is_seated_as_one_so_that_the_database_bars_the_rest(context):
    application = make.handed_in()
    mentor, other = make.reviewers(application)
    services.enter_mentoring(
        application.school,
        mentor.id,
        date(2026, 1, 1),
        None,
        by=coordinator_of(application),
        at=NOW,
    )

    assert [(one.person_id, one.role) for one in queries.assignments_of(application)] == [
        (mentor.id, CaseRole.MENTOR)
    ]
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            Assignment(
                application_id=application.id, person_id=mentor.id, role=CaseRole.DECIDER, round=1,
                taken_at=NOW, taken_by_id=other.id,
            )
        )  # fmt: skip


# --- handover --------------------------------------------------------------------------------


def begun():
    application = make.handed_in()
    old, new, third = make.reviewers(application, 3)
    coordinator = coordinator_of(application)
    review = make.begun(application, old)
    return application, review, old, new, third, coordinator


@pytest.mark.one_database("sqlite")
def test_a_handover_gives_the_new_assessor_an_empty_sheet_and_keeps_the_old_one(context):
    application, review, old, new, _third, coordinator = begun()
    make.scored(review)
    number = len(review.scores)
    assignment = queries.assignment_of(application.id, old.id)

    made = services.hand_over(
        application, assignment, new.id, reason="Away until spring.", by=coordinator, at=NOW + DAY
    )

    assert (assignment.left_at, assignment.left_by_id, assignment.left_reason) == (
        NOW + DAY, coordinator.id, "Away until spring.",
    )  # fmt: skip
    assert (made.person_id, made.role, made.left_at) == (new.id, CaseRole.REVIEWER, None)
    row = session.scalars(select(Review)).one()
    assert (row.assessor_id, row.scores, row.started_at) == (new.id, [], NOW + DAY)
    left = session.scalars(select(AbandonedReview)).one()
    assert (left.assessor_id, len(left.scores), left.abandoned_at) == (old.id, number, NOW + DAY)


@pytest.mark.one_database("sqlite")
def test_who_handed_over_takes_no_seat_of_the_case_any_more(context):
    application, _review, old, new, _third, coordinator = begun()
    assignment = queries.assignment_of(application.id, old.id)
    services.hand_over(application, assignment, new.id, reason="Away.", by=coordinator, at=NOW)

    found = {}
    for role in CaseRole:
        with pytest.raises(Refused) as refused:
            take(application, old, role, by=coordinator)
        found[role] = codes(refused)[0]
    assert found == {
        CaseRole.MENTOR: "assessed", CaseRole.REVIEWER: "left", CaseRole.SECOND_REVIEWER: "assessed",
        CaseRole.THIRD_REVIEWER: "assessed", CaseRole.DECIDER: "assessed", CaseRole.PANEL_MEMBER: "assessed",
    }  # fmt: skip


@pytest.mark.one_database("sqlite")
def test_a_seat_goes_only_to_who_may_take_it_and_only_while_it_is_open(context):
    application, review, old, new, third, coordinator = begun()
    assignment = queries.assignment_of(application.id, old.id)
    take(application, third, CaseRole.DECIDER)

    def to(person):
        with pytest.raises(Refused) as refused, session.begin_nested():
            services.hand_over(
                application, assignment, person.id, reason="-", by=coordinator, at=NOW
            )
        session.refresh(assignment)
        return codes(refused)

    assert to(third) == ["decided"]
    make.recommended(make.scored(review))
    assert to(new) == ["state"]


def test_nobody_loses_a_file_when_its_holder_is_gone_away_or_barred(context, monkeypatch):
    application, _review, old, new, third, coordinator = begun()
    take(application, third, CaseRole.DECIDER)
    assert queries.unattended_roles(coordinator, today=NOW.date()) == []

    services.enter_absence(third.id, NOW.date(), NOW.date() + DAY, by=coordinator, at=NOW)
    accounts.deactivate(old, by=coordinator, at=NOW)
    found = queries.unattended_roles(coordinator, today=NOW.date())
    assert {one.assignment.person_id: [why.code for why in one.reasons] for one in found} == {
        old.id: ["gone"], third.id: ["away"],
    }  # fmt: skip
    assert queries.unattended_roles(make.user(Role.COORDINATOR), today=NOW.date()) == []

    assignment = queries.assignment_of(application.id, old.id)
    services.hand_over(application, assignment, new.id, reason="Left.", by=coordinator, at=NOW)
    assert [
        one.assignment.person_id for one in queries.unattended_roles(coordinator, today=NOW.date())
    ] == [third.id]
    make.manager(application.school, invited_by_id=new.id)
    assert {one.assignment.person_id: one.reasons[0].code for one in queries.unattended_roles(coordinator, today=NOW.date())} == {
        third.id: "away", new.id: "invited",
    }  # fmt: skip
    assert queries.are_all_cases_checked(coordinator)
    monkeypatch.setattr(unattended, "CASES_CHECKED", 0)
    found = queries.unattended_roles(coordinator, today=NOW.date())
    assert [one.reasons[0].code for one in found] == ["away"]
    assert not queries.are_all_cases_checked(coordinator)


# --- facts -----------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_mentoring_ends_once_and_is_recorded(context):
    school = make.school()
    person = make.user(Role.REVIEWER, group_id=school.group_id)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    made = services.enter_mentoring(
        school, person.id, date(2026, 1, 1), None, by=coordinator, at=NOW
    )

    services.end_mentoring(made, by=coordinator, at=NOW)
    services.end_mentoring(made, by=coordinator, at=NOW + DAY)

    assert made.to_on == NOW.date()
    assert [one.event for one in history_of(made)] == ["mentoring.entered", "mentoring.ended"]
    with pytest.raises(Missing):
        services.enter_mentoring(
            school, make.user(Role.REVIEWER).id, date(2026, 1, 1), None, by=coordinator, at=NOW
        )


def test_an_absence_is_of_the_own_group_and_can_be_taken_back(context):
    person = make.user(Role.REVIEWER)
    made = services.enter_absence(person.id, NOW.date(), NOW.date(), by=person, at=NOW)

    with pytest.raises(Missing):
        services.enter_absence(
            make.user(Role.REVIEWER).id, NOW.date(), NOW.date(), by=person, at=NOW
        )
    with pytest.raises(Refused) as refused:
        services.enter_absence(person.id, NOW.date(), NOW.date() - DAY, by=person, at=NOW)
    assert codes(refused) == ["to_on"]
    services.remove_absence(made, by=person, at=NOW)
    assert session.scalars(select(Absence)).all() == []


# --- guests ----------------------------------------------------------------------------------


def invited(application, at=NOW, by=None, **values):
    values = {
        "email": "guest@audit.example", "name": "Guest", "language": "en",
        "purpose": "Yearly look from outside.", "ends_on": NOW.date() + 30 * DAY, **values,
    }  # fmt: skip
    guest = services.GuestInvitation(**values)
    inviter = by or coordinator_of(application)
    if by is None:
        make.declared(application, inviter)
    return services.invite_guest(application, guest, by=inviter, at=at)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("why", ["declaration", "mentored", "tied"])
def test_nobody_invites_a_guest_to_a_case_that_is_closed_to_them(context, why):
    """A coordinator who mentored the school, or had a conflict of interest, read it through a guest."""
    application = make.handed_in()
    waiting, inviter = invited(application), coordinator_of(application)
    if why == "mentored":
        services.enter_mentoring(
            application.school, inviter.id, NOW.date(), None, by=inviter, at=NOW
        )
    elif why == "tied":
        make.declared(application, inviter, "paid_by_school")

    for act in (
        lambda: invited(application, by=inviter, email="another@audit.example"),
        lambda: services.invite_guest_again(waiting, by=inviter, at=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == [why]


@pytest.mark.one_database("sqlite")
def test_a_guest_is_invited_to_one_case_until_the_end_of_a_day(context):
    application = make.handed_in()

    guest = invited(application)

    invitation = session.get(Invitation, guest.invitation_id)
    ends = datetime(2026, 12, 25, 22, tzinfo=UTC)  # midnight at the school
    assert (invitation.role, invitation.guest_application_id, invitation.ends_at, guest.ends_at) == (
        Role.GUEST, application.id, ends, ends,
    )  # fmt: skip
    assert (invitation.group_id, invitation.school_id, guest.is_open(NOW)) == (None, None, True)
    with pytest.raises(Refused) as refused:
        invited(application, email="other@audit.example", ends_on=NOW.date() + 61 * DAY)
    assert codes(refused) == ["ends_on"]


def test_the_last_day_of_a_guest_is_one_at_the_school(context):
    application, after_midnight = make.handed_in(), datetime(2026, 11, 25, 22, 30, tzinfo=UTC)

    with pytest.raises(Refused):
        invited(application, at=after_midnight, ends_on=date(2026, 11, 25))
    guest = invited(application, at=after_midnight, ends_on=date(2026, 11, 26))

    assert guest.ends_at == datetime(2026, 11, 26, 22, tzinfo=UTC)


@pytest.mark.one_database("sqlite")
def test_after_the_last_day_a_guest_is_refused_in_words_and_the_session_is_worthless(app):
    application = make.handed_in()
    guest = make.user(Role.GUEST, guest_application_id=application.id, ends_at=NOW + 30 * DAY)

    def sign_in(password, at):
        with app.app_context(), unit_of_work():
            return accounts.sign_in(guest.email, password, at=at)

    def session_of(token):
        with app.app_context():
            return accounts.open_session_of(token, at=NOW)

    token = sign_in(make.PASSWORD, NOW)
    assert session_of(token).user_id == guest.id
    with clock.at(NOW + 30 * DAY):
        assert session_of(token) is None
        with pytest.raises(Refused) as refused:
            sign_in(make.PASSWORD, NOW + 30 * DAY)
        assert codes(refused) == ["email"]
        assert sign_in("wrong", NOW + 30 * DAY) is None


@pytest.mark.one_database("sqlite")
def test_a_visit_can_be_ended_early(context):
    application = make.handed_in()
    guest = invited(application)
    account = make.user(
        Role.GUEST, email=guest.email, guest_application_id=application.id, ends_at=guest.ends_at
    )
    coordinator = coordinator_of(application)

    services.end_guest(guest, by=coordinator, at=NOW)

    invitation = session.get(Invitation, guest.invitation_id)
    assert (account.is_active, invitation.revoked_at, guest.is_open(NOW)) == (False, NOW, False)
    with pytest.raises(Refused):
        services.end_guest(guest, by=coordinator, at=NOW)
    assert [one.event for one in history_of(guest)] == ["guest.invited", "guest.ended"]


def test_a_guest_invited_again_by_the_secretariat_still_has_the_case_and_the_last_day(context):
    application = make.handed_in()
    guest = invited(application)
    first = session.get(Invitation, guest.invitation_id)
    secretariat = make.user(Role.SECRETARIAT)

    again = enrolment.resend(first, by=secretariat, at=NOW + DAY)

    assert (again.guest_application_id, again.ends_at) == (application.id, guest.ends_at)
    session.refresh(first)
    assert first.revoked_at == NOW + DAY
    services.end_guest(guest, by=coordinator_of(application), at=NOW + 2 * DAY)
    session.refresh(again)
    assert again.revoked_at == NOW + 2 * DAY, "the newer link outlived the visit"
    with pytest.raises(Refused):
        enrolment.resend(again, by=secretariat, at=guest.ends_at)


def test_a_guest_is_invited_to_a_case_once_and_again_only_by_a_new_link(context):
    application = make.handed_in()
    guest = invited(application)
    coordinator = coordinator_of(application)
    make.declared(application, coordinator)

    with pytest.raises(Refused) as refused:
        invited(application, email="Guest@audit.example")
    services.invite_guest_again(guest, by=coordinator, at=NOW + 8 * DAY)

    assert codes(refused) == ["email"]
    again = session.get(Invitation, guest.invitation_id)
    assert (again.invited_at, again.ends_at) == (NOW + 8 * DAY, guest.ends_at)
    accounts.accept_invitation(again, name="Guest", password=None, at=NOW + 9 * DAY)
    with pytest.raises(Refused):
        services.invite_guest_again(guest, by=coordinator, at=NOW + 9 * DAY)


def test_a_guest_whose_inviter_left_is_invited_anew_and_the_earlier_pass_ends(context):
    application = make.handed_in()
    guest = invited(application)
    inviter = session.get(User, guest.invited_by_id)
    accounts.deactivate(inviter, by=make.user(Role.SECRETARIAT), at=NOW + DAY)

    new = invited(application, at=NOW + 2 * DAY)

    assert (guest.ended_at, new.is_open(NOW + 3 * DAY)) == (NOW + 2 * DAY, True)
    again = session.get(Invitation, new.invitation_id)
    session.refresh(again)
    assert again.revoked_at is None


@pytest.mark.parametrize("ended_early", [False, True])
def test_a_guest_of_an_earlier_case_is_invited_to_another_with_the_same_account(
    context, ended_early
):
    first, second = make.handed_in(), make.handed_in()
    guest = invited(first, ends_on=NOW.date() + DAY)
    invitation = session.get(Invitation, guest.invitation_id)
    account = accounts.accept_invitation(invitation, name="Guest", password=None, at=NOW)
    later = guest.ends_at
    if ended_early:
        services.end_guest(guest, by=coordinator_of(first), at=NOW)

    with clock.at(later):
        again = invited(second, at=later)
        link = session.get(Invitation, again.invitation_id)
        assert accounts.had_account(link)
        joined = accounts.accept_invitation(
            link, name="Guest", password=None, was_here=True, at=later
        )
        assert (joined.id, joined.is_active) == (account.id, True)
    assert (joined.guest_application_id, joined.ends_at) == (second.id, again.ends_at)
    assert queries.guests_uninvited(second, [again], at=later) == set()
    assert queries.guest_pass_of(joined).id == again.id


def test_a_guest_looks_at_one_case_of_a_group_at_a_time(context):
    first = make.handed_in()
    second = make.handed_in(make.school(group_id=first.school.group_id))
    invited(first)

    with pytest.raises(Refused) as refused:
        invited(second)
    assert codes(refused) == ["email"]
    assert invited(make.handed_in()).is_open(NOW), "another group learned of a visit"


@pytest.mark.one_database("sqlite")
def test_nobody_sends_the_link_of_a_guest_again_after_the_last_day(context):
    application = make.handed_in()
    guest = invited(application)

    with pytest.raises(Refused):
        services.invite_guest_again(guest, by=coordinator_of(application), at=guest.ends_at)


def test_a_guest_declares_but_takes_no_seat(context):
    application = make.handed_in()
    guest = make.user(Role.GUEST, guest_application_id=application.id, ends_at=NOW + DAY)
    services.declare(application, grounds=[], note="", by=guest, at=NOW)

    assert queries.involvement_of(application, guest.id, today=NOW.date()).has_conflict is False
    for role in CaseRole:
        with pytest.raises(Missing):
            take(application, guest, role)
    with pytest.raises(Missing):
        services.declare(make.handed_in(), grounds=[], note="", by=guest, at=NOW)
    assert session.scalar(select(func.count()).select_from(GuestPass)) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"role": Role.GUEST},
        {"role": Role.GUEST, "ends_at": NOW},
        {"role": Role.SECRETARIAT, "ends_at": NOW},
        {"role": Role.SECRETARIAT, "guest_application_id": uuid4()},
    ],
)
def test_the_database_binds_a_guest_and_nobody_else_to_a_case_and_a_day(context, values):
    with pytest.raises(IntegrityError), session.begin_nested():
        make.user(**values)
