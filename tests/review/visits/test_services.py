"""Visits: planned, agreed on, noted, signed by two, and then as they are for ever."""

import json
from datetime import timedelta
from threading import Event

import pytest
from flask_babel import force_locale
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import EditConflict, Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.deadlines import queries as deadlines
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.queries import assignments_of
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.services import (
    declare_late,
    hand_over,
    leave_role,
    take_role,
)
from cissapp.review.visits import phrases as agenda
from cissapp.review.visits import queries, services
from cissapp.review.visits.models import Visit, VisitRecord
from cissapp.review.visits.rules import ItemMark, VisitKind, VisitStage, criteria_to_observe
from cissapp.review.visits.services import record
from tests import factories as make
from tests.factories import NOW
from tests.journeys.racing import at_once
from tests.refusals import codes

DAY = timedelta(days=1)
REASON = "The road to the school is shelled, and power for a call is cut off daily."


@make.a_beginning("school")
@make.in_one_unit
def case() -> tuple[Application, User, User, User]:
    """An application under review: with its assessor, another person of the group, and the head."""
    application = make.handed_in()
    assessor, other = make.reviewers(application)
    take_role(application, assessor.id, CaseRole.REVIEWER, by=assessor, at=NOW)
    return application, assessor, other, people_of_school(application.school_id)[0]


def planned(application: Application, by: User, *days: int, kind=VisitKind.VIDEO) -> Visit:
    dates = [NOW + one * DAY for one in days or (3, 5)]
    return services.plan(application, kind=kind, dates=dates, by=by, at=NOW)


def agreed(application: Application, by: User, head: User) -> Visit:
    visit = planned(application, by)
    services.agree(visit, visit.dates[0].id, by=head, at=NOW + DAY)
    return visit


def noted(visit: Visit, by: User, *, note: str = "The office keeps it.") -> None:
    standard = content().standard
    for one in criteria_to_observe(standard.criteria):
        services.save_item(
            visit, one, mark=ItemMark.SEEN, note=note, standard=standard, by=by, at=NOW + 4 * DAY
        )


def signed(visit: Visit, by: User, *, at=NOW + 4 * DAY, sha256: str | None = None) -> None:
    standard = content().standard
    services.sign(
        visit,
        sha256=sha256 or record.record_hash(record.record_text(visit, standard)),
        standard=standard,
        by=by,
        at=at,
    )


def mails() -> list[tuple[str, str]]:
    query = select(Mail.to, Mail.body).where(Mail.kind == "visit").order_by(Mail.queued_at, Mail.to)
    return [tuple(row) for row in session.execute(query)]


def test_from_the_plan_to_the_signed_record(context):
    application, assessor, other, head = case()
    visit = planned(application, assessor)
    assert visit.stage is VisitStage.PROPOSED

    services.agree(visit, visit.dates[1].id, by=head, at=NOW + DAY)
    assert (visit.stage, visit.starts_at) == (VisitStage.AGREED, NOW + 5 * DAY)
    (deadline,) = deadlines.of_subject(application.id)[-1:]
    assert (deadline.kind.value, deadline.due_on, deadline.met_at) == (
        "visit",
        (NOW + 5 * DAY).date(),
        None,
    )

    noted(visit, assessor)
    signed(visit, other, at=NOW + 6 * DAY)
    assert queries.signed_visit(application.id) is None
    signed(visit, assessor, at=NOW + 7 * DAY)
    session.expire_all()

    held = queries.signed_visit(application.id)
    assert held is not None
    assert held.stage is VisitStage.SIGNED
    assert (held.record.first_id, held.record.second_id) == (other.id, assessor.id)
    assert record.record_hash(held.record.content) == held.record.sha256
    assert json.loads(held.record.content)["kind"] == "video"
    assert queries.signed_visit(application.id, application.round) is held
    assert queries.signed_visit(application.id, application.round + 1) is None
    assert deadlines.open_deadline("visit", application.id) is None


@pytest.mark.one_database("sqlite")
def test_the_school_proposes_other_dates_and_the_group_chooses(context):
    application, assessor, _other, head = case()
    visit = agreed(application, assessor, head)

    services.propose(visit, [NOW + 9 * DAY], by=head, at=NOW + 2 * DAY)
    assert (visit.stage, visit.starts_at) == (VisitStage.PROPOSED, None)
    assert deadlines.open_deadline("visit", application.id) is None
    of_school = next(one for one in visit.dates if one.by_school)
    with pytest.raises(Refused) as refused:
        services.agree(visit, of_school.id, by=head, at=NOW + 2 * DAY)
    assert codes(refused) == ["own"]

    services.agree(visit, of_school.id, by=assessor, at=NOW + 2 * DAY)
    assert (visit.stage, visit.starts_at) == (VisitStage.AGREED, NOW + 9 * DAY)


@pytest.mark.one_database("sqlite")
def test_dates_that_a_side_gave_up_can_no_longer_be_chosen(context):
    """A reviewer who moved a visit saw it agreed on a day that she had just given up."""
    application, assessor, _other, head = case()
    visit = planned(application, assessor, 3, 5)
    services.propose(visit, [NOW + 9 * DAY], by=assessor, at=NOW + DAY)

    with pytest.raises(Refused) as refused:
        services.agree(visit, visit.dates[0].id, by=head, at=NOW + DAY)

    assert codes(refused) == ["given_up"]
    assert [one.starts_at for one in visit.offered_dates(by_school=False)] == [NOW + 9 * DAY]
    body = next(body for to, body in reversed(mails()) if to == head.email)
    assert "Saturday, 28 November" not in body


def test_a_date_that_was_given_up_can_be_proposed_again(context):
    application, assessor, _other, head = case()
    visit = planned(application, assessor, 3, 5)
    services.propose(visit, [NOW + 9 * DAY], by=assessor, at=NOW + DAY)

    services.propose(visit, [NOW + 3 * DAY], by=head, at=NOW + 2 * DAY)
    (offered,) = visit.offered_dates(by_school=True)
    services.agree(visit, offered.id, by=assessor, at=NOW + 2 * DAY)

    assert visit.starts_at == NOW + 3 * DAY


@pytest.mark.one_database("sqlite")
def test_what_was_noted_stays_when_another_visit_is_planned(context):
    application, assessor, other, head = case()
    visit = agreed(application, assessor, head)
    noted(visit, other, note="Two letter boxes on the ground floor.")

    services.cancel(visit, by=assessor, at=NOW + 4 * DAY)
    second = planned(application, assessor, 7)

    assert {(one.note, one.saved_by_id) for one in second.items} == {
        ("Two letter boxes on the ground floor.", other.id)
    }
    assert len(record.unmarked_criteria(second, content().standard)) == len(second.items)


def test_nothing_was_seen_for_desk_only_and_the_notes_wait_for_the_next_visit(context):
    """A record without any visit said "seen", for what was marked before the visit was called off."""
    application, assessor, other, head = case()
    visit = agreed(application, assessor, head)
    noted(visit, other)
    services.cancel(visit, by=assessor, at=NOW + 4 * DAY)

    desk = services.plan(application, kind=VisitKind.DESK_ONLY, reason=REASON, by=assessor, at=NOW)
    assert desk.items == []
    services.cancel(desk, by=assessor, at=NOW + 5 * DAY)

    assert {one.note for one in planned(application, assessor, 7).items} == {"The office keeps it."}


def test_dates_go_to_the_reviewer_and_not_to_one_who_left_the_case(context):
    """The reviewer who took a case over never heard of the school's dates; the one before did."""
    application, assessor, other, head = case()
    visit = planned(application, assessor)
    (held,) = assignments_of(application)
    hand_over(application, held, other.id, reason="Ill.", by=assessor, at=NOW)
    before = len(mails())

    services.propose(visit, [NOW + 9 * DAY], by=head, at=NOW + DAY)

    assert [to for to, _body in mails()[before:]] == [other.email]


def test_dates_go_to_the_coordinators_if_both_organisers_left(context):
    application, assessor, _other, head = case()
    visit = planned(application, assessor)
    (held,) = assignments_of(application)
    leave_role(held, reason="Ill.", by=assessor, at=NOW)
    before = len(mails())

    services.propose(visit, [NOW + 9 * DAY], by=head, at=NOW + DAY)

    (coordinator,) = coordinators_of_group(application.group_id)
    assert [to for to, _body in mails()[before:]] == [coordinator.email]


@pytest.mark.one_database("sqlite")
def test_the_deadline_of_a_visit_is_the_reviewers_and_goes_with_the_review(context):
    """All reminders went to who had planned the visit, even after another person took the review over."""
    application, assessor, other, head = case()
    visit = planned(application, other)

    services.agree(visit, visit.dates[0].id, by=head, at=NOW)
    found = deadlines.open_deadline("visit", application.id)
    assert found.person_id == assessor.id

    (held,) = assignments_of(application)
    (third,) = make.reviewers(application, 1)
    hand_over(application, held, third.id, reason="Ill.", by=assessor, at=NOW)
    assert found.person_id == third.id


@pytest.mark.one_database("sqlite")
def test_the_deadline_of_a_visit_names_nobody_who_left_the_case(context):
    application, assessor, _other, head = case()
    visit = planned(application, assessor)
    (held,) = assignments_of(application)
    leave_role(held, reason="Ill.", by=assessor, at=NOW)

    services.agree(visit, visit.dates[0].id, by=head, at=NOW)

    assert deadlines.open_deadline("visit", application.id).person_id is None


@pytest.fixture
def in_turn(app):
    """Do an act of the assessor with a visit, then one of another side that has read the visit before it."""

    def race(visit: Visit, assessor: User, first, second) -> str:
        ids, done = (visit.id, assessor.id), Event()

        def lead(ready):
            visit, by = session.get_one(Visit, ids[0]), session.get_one(User, ids[1])
            ready()
            first(visit, by)
            done.set()

        def follow(ready):
            visit = session.get_one(Visit, ids[0])
            ready()
            done.wait(10)
            second(visit)

        *before, said = at_once(app, [lambda ready: ready(), lead, follow])
        assert before == ["won", "won"]
        return said

    return race


@pytest.mark.only_on("postgresql")
def test_no_date_is_agreed_that_was_given_up_a_moment_before(app, in_turn):
    with app.app_context(), unit_of_work():
        application, assessor, _other, head = case()
        visit = planned(application, assessor)
        date_id, head_id = visit.dates[0].id, head.id

    def move(visit, by):
        services.propose(visit, [NOW + 9 * DAY], by=by, at=NOW + DAY)

    def agree(visit):
        services.agree(visit, date_id, by=session.get_one(User, head_id), at=NOW + DAY)

    assert in_turn(visit, assessor, move, agree) == "refused given_up"


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("act", ["cancel", "note"])
def test_a_visit_is_neither_called_off_nor_changed_that_was_signed_a_moment_before(
    app, in_turn, act
):
    with app.app_context(), unit_of_work():
        application, assessor, other, head = case()
        visit = agreed(application, assessor, head)
        noted(visit, assessor)
        signed(visit, other)
        other_id = other.id

    def change(visit):
        by = session.get_one(User, other_id)
        if act == "cancel":
            services.cancel(visit, by=by, at=NOW + 4 * DAY)
        else:
            noted(visit, by, note="Changed.")

    assert in_turn(visit, assessor, signed, change) == "refused signed"


def test_one_visit_stands_at_a_time(context):
    application, assessor, _other, _head = case()
    visit = planned(application, assessor)

    with pytest.raises(Refused) as refused:
        planned(application, assessor)
    assert codes(refused) == ["standing"]

    services.cancel(visit, by=assessor, at=NOW)
    assert planned(application, assessor).stage is VisitStage.PROPOSED
    assert queries.signed_visit(application.id) is None


def test_the_database_keeps_one_visit_standing(app):
    with app.app_context(), unit_of_work():
        application, assessor, _other, _head = case()
        planned(application, assessor)
        values = {"application_id": application.id, "planned_by_id": assessor.id}

    with app.app_context(), pytest.raises(IntegrityError), unit_of_work():
        session.add(Visit(**values, round=1, kind=VisitKind.VISIT, planned_at=NOW))
        session.flush()


@pytest.mark.one_database("sqlite")
def test_who_is_tied_or_strange_neither_plans_nor_signs(context):
    application, assessor, _other, head = case()
    tied = make.user(Role.REVIEWER, group_id=application.school.group_id)
    make.declared(application, tied, "paid_by_school")
    silent = make.user(Role.REVIEWER, group_id=application.school.group_id)
    visit = agreed(application, assessor, head)
    noted(visit, assessor)

    for person, code in ((tied, "tied"), (silent, "declaration")):
        with pytest.raises(Refused) as refused:
            services.cancel(visit, by=person, at=NOW)
        assert codes(refused) == [code]
        with pytest.raises(Refused) as refused:
            signed(visit, person)
        assert codes(refused) == [code]
    for stranger in (head, make.user(Role.REVIEWER), make.user(Role.SECRETARIAT)):
        with pytest.raises(Missing):
            signed(visit, stranger)
    with pytest.raises(Missing):
        services.propose(visit, [NOW + DAY], by=make.manager(), at=NOW)


@pytest.mark.one_database("sqlite")
def test_nobody_signs_twice_early_or_with_gaps(context):
    application, assessor, _other, head = case()
    visit = agreed(application, assessor, head)

    with pytest.raises(Refused) as refused:
        signed(visit, assessor, at=NOW + 2 * DAY)
    assert codes(refused) == ["early", "items"]
    noted(visit, assessor)
    signed(visit, assessor)
    with pytest.raises(Refused) as refused:
        signed(visit, assessor)
    assert codes(refused) == ["twice"]


def asked_to_sign() -> list[str]:
    return sorted(to for to, body in mails() if "has signed the record" in body)


@pytest.mark.one_database("sqlite")
def test_the_reviewer_learns_that_the_record_waits_for_their_signature(context):
    application, assessor, other, head = case()
    visit = agreed(application, assessor, head)
    noted(visit, other)

    signed(visit, other)
    asked = asked_to_sign()
    signed(visit, assessor)

    assert asked == asked_to_sign() == [assessor.email]
    (body,) = [body for _to, body in mails() if "has signed the record" in body]
    assert other.name in body
    assert f"/reviews/{application.id}/visit/sign" in body


def test_after_the_reviewer_those_who_took_part_in_the_visit_are_asked_to_sign(context):
    application, assessor, other, head = case()
    tied = make.user(Role.REVIEWER, group_id=application.school.group_id)
    visit = agreed(application, assessor, head)
    noted(visit, assessor)
    visit.items[0].saved_by_id, visit.items[1].saved_by_id = other.id, tied.id
    make.declared(application, tied, "paid_by_school")
    session.flush()

    signed(visit, assessor)

    assert asked_to_sign() == [other.email]


def test_whoever_planned_a_visit_or_noted_something_at_it_took_part(context):
    """An item names only who saved it last: whoever noted it before was forgotten."""
    application, assessor, other, head = case()
    (third,) = make.reviewers(application, 1)
    visit = agreed(application, third, head)
    noted(visit, other)
    noted(visit, assessor, note="It is on the door.")
    assert {one.saved_by_id for one in visit.items} == {assessor.id}

    assert queries.visitors(application.id) == {third.id, other.id, assessor.id}

    signed(visit, assessor)
    assert set(asked_to_sign()) == {other.email, third.email}


@pytest.mark.one_database("sqlite")
def test_nobody_took_part_in_a_visit_that_was_called_off(context):
    application, assessor, _other, _head = case()
    visit = planned(application, assessor)
    services.cancel(visit, by=assessor, at=NOW)

    assert queries.visitors(application.id) == set()


@pytest.mark.one_database("sqlite")
def test_where_nobody_else_took_part_the_coordinators_are_asked_to_sign(context):
    application, assessor, _other, head = case()
    group_id = application.school.group_id
    coordinator, tied = (make.user(Role.COORDINATOR, group_id=group_id) for _ in range(2))
    make.declared(application, tied, "paid_by_school")
    visit = agreed(application, assessor, head)
    noted(visit, assessor)

    signed(visit, assessor)

    assert coordinator.email in asked_to_sign()
    assert not {tied.email, assessor.email, head.email} & set(asked_to_sign())


@pytest.mark.one_database("sqlite")
def test_two_people_who_do_not_assess_are_not_enough(context):
    application, assessor, other, head = case()
    (third,) = make.reviewers(application, 1)
    visit = agreed(application, assessor, head)
    noted(visit, assessor)
    signed(visit, other)

    with pytest.raises(Refused) as refused:
        signed(visit, third)

    assert codes(refused) == ["assessor"]
    assert queries.signed_visit(application.id) is None


@pytest.mark.parametrize("first_reviews", [True, False])
def test_the_signature_of_one_who_declared_a_conflict_since_completes_no_record(
    context, first_reviews
):
    """A record was frozen with the signature of a reviewer who had left for a conflict of interest."""
    application, assessor, other, head = case()
    visit = agreed(application, assessor, head)
    noted(visit, assessor)
    first, second = (assessor, other) if first_reviews else (other, assessor)
    signed(visit, first)
    if first_reviews:
        declare_late(application, grounds=["family"], note="", by=first, at=NOW + 4 * DAY)
    else:
        queries.independence.declaration_of(application, first.id).grounds = ["family"]
    session.flush()

    signed(visit, second)

    assert queries.signed_visit(application.id) is None
    assert [one.person_id for one in queries.counted_signatures(visit)] == [second.id]


def test_a_change_after_the_first_signature_asks_for_a_new_one(context):
    application, assessor, other, head = case()
    visit = agreed(application, assessor, head)
    noted(visit, assessor)
    seen = record.record_hash(record.record_text(visit, content().standard))
    signed(visit, assessor)
    noted(visit, other, note="Changed.")

    with pytest.raises(EditConflict):
        signed(visit, other, sha256=seen)
    signed(visit, other)
    assert queries.signed_visit(application.id) is None

    signed(visit, assessor)
    assert queries.signed_visit(application.id) is visit
    assert len(visit.signatures) == 3


def test_after_the_second_signature_nothing_changes(context):
    application, assessor, other, head = case()
    visit = agreed(application, assessor, head)
    noted(visit, assessor)
    signed(visit, assessor)
    signed(visit, other)

    for act in (
        lambda: noted(visit, assessor),
        lambda: services.cancel(visit, by=assessor, at=NOW),
        lambda: services.propose(visit, [NOW + 9 * DAY], by=head, at=NOW),
        lambda: signed(visit, assessor),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["signed"]


def signed_visit(app) -> None:
    """A visit whose record is signed by both."""
    with app.app_context(), unit_of_work():
        application, assessor, other, head = case()
        visit = agreed(application, assessor, head)
        noted(visit, assessor)
        signed(visit, assessor)
        signed(visit, other)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit_item SET note = 'other'",
        "DELETE FROM visit_item",
        (
            "INSERT INTO visit_item (visit_id, criterion_id, note, saved_at, saved_by_id) "
            "SELECT visit_id, 'Z9', '', saved_at, saved_by_id FROM visit_item LIMIT 1"
        ),
        "UPDATE visit_record SET content = '{}'",
        "DELETE FROM visit_record",
        "UPDATE visit_signature SET sha256 = 'x'",
        "DELETE FROM visit_signature",
    ],
)
def test_the_database_keeps_a_signed_record_as_it_is(app, databases, statement: str):
    databases.kept(signed_visit)

    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    with app.app_context():
        session.rollback()
        kept = session.scalars(select(VisitRecord)).one()
        assert record.record_text(kept.visit, content().standard) == kept.content


def test_desk_only_has_a_reason_no_date_and_two_signatures(context):
    application, assessor, other, _head = case()
    visit = services.plan(application, kind=VisitKind.DESK_ONLY, reason=REASON, by=assessor, at=NOW)
    assert (visit.stage, visit.dates, mails()) == (VisitStage.DESK, [], [])

    noted(visit, assessor)
    signed(visit, assessor, at=NOW)
    signed(visit, other, at=NOW)

    held = queries.signed_visit(application.id)
    assert held is not None
    assert (held.kind, held.reason) == (VisitKind.DESK_ONLY, REASON)
    assert json.loads(held.record.content)["spoken_to"] == []


@pytest.mark.one_database("sqlite")
def test_each_person_gets_dates_and_agenda_in_the_own_language(context):
    application, assessor, _other, head = case()
    visit = planned(application, assessor)
    assert {to for to, _body in mails()} == {
        one.email for one in people_of_school(application.school_id)
    }
    assert all("28 November 2026, 11:00 UTC+2" in body for _to, body in mails())
    assert all("Two parents" in body and "A6 · " in body for _to, body in mails())
    session.execute(text("DELETE FROM mail"))

    services.agree(visit, visit.dates[0].id, by=head, at=NOW)
    bodies = dict(mails())
    assert "http://ciss.example/school/application/visit.ics" in bodies[head.email]
    assert f"/reviews/{application.id}/visit.ics" in bodies[assessor.email]


@pytest.mark.one_database("sqlite")
def test_the_calendar_entry_can_be_read_back(context):
    application, assessor, _other, head = case()
    visit = agreed(application, assessor, head)

    with force_locale("en"):
        file = agenda.calendar_entry(visit, address="http://ciss.example/x")

    (event,) = Calendar.from_ical(file).events
    assert (event.start, event.duration) == (NOW + 3 * DAY, agenda.LASTS)
    assert str(event["summary"]).endswith(application.school.name)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


@pytest.mark.one_database("sqlite")
def test_no_entry_without_a_date(context):
    application, assessor, _other, _head = case()

    with pytest.raises(ValueError, match="no date"):
        agenda.calendar_entry(planned(application, assessor), address="x")
