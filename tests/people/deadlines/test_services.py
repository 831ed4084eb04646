"""Deadlines: opened, met, moved with a reason, handed over; reminders that adapt."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines import queries, services
from cissapp.people.deadlines.models import Deadline, DeadlineChange
from cissapp.people.deadlines.rules import DeadlineKind, DeadlineSide, ReminderMoment
from cissapp.people.notices import services as notices
from cissapp.people.notices.models import Mail
from tests import factories
from tests.factories import NOW
from tests.learn.learning.people import reads
from tests.statements import statements_sent

DAY = timedelta(days=1)
DUE = date(2026, 12, 23)  # 28 days after NOW
REASON = "The psychologist is ill until Friday."


@pytest.fixture(autouse=True)
def _held(context):
    with notices.hold_mails():
        yield


def opened(kind=DeadlineKind.CHANGES, of=None, due_on=DUE, person_id=None, at=NOW, subject_id=None):
    return services.open(
        kind,
        subject_id=subject_id or uuid4(),
        school=of or factories.school(),
        due_on=due_on,
        person_id=person_id,
        by=SYSTEM,
        at=at,
    )


def mails():
    """Kind, address and subject of every mail that was written."""
    query = select(Mail.kind, Mail.to, Mail.subject).order_by(Mail.queued_at, Mail.to)
    return [tuple(row) for row in session.execute(query)]


def events(of):
    query = select(AuditEntry.event, AuditEntry.facts).where(
        AuditEntry.subject_id == str(of.id), AuditEntry.school_id == of.school_id
    )
    return [(row[0].value, row[1]) for row in session.execute(query.order_by(AuditEntry.id))]


def refused(deadline, **values):
    with pytest.raises(Refused) as caught:
        services.change(deadline, **values)
    return [problem.code for problem in caught.value.problems]


def test_a_deadline_is_opened_and_met_and_leaves_a_trail():
    deadline = opened()
    assert queries.open_of(deadline.school_id) == [deadline]

    services.meet(DeadlineKind.CHANGES, subject_id=deadline.subject_id, at=NOW + DAY)

    assert queries.open_of(deadline.school_id) == []
    assert queries.of_subject(deadline.subject_id) == [deadline]
    assert (deadline.met_at, deadline.first_due_on, deadline.due_on) == (NOW + DAY, DUE, DUE)
    assert events(deadline) == [
        ("deadline.opened", {"kind": "changes", "due_on": "2026-12-23"}),
        ("deadline.met", {"kind": "changes"}),
    ]


def test_to_meet_what_is_not_open_changes_nothing():
    services.meet(DeadlineKind.COMPLETENESS_CHECK, subject_id=uuid4(), at=NOW)

    assert session.query(AuditEntry).count() == 0


def test_one_deadline_of_a_kind_is_open_for_a_subject():
    first = opened()

    with pytest.raises(ValueError, match="is open for"):
        opened(subject_id=first.subject_id)
    services.meet(DeadlineKind.CHANGES, subject_id=first.subject_id, at=NOW)
    second = opened(subject_id=first.subject_id)

    assert queries.of_subject(first.subject_id) == [first, second]


def test_the_database_keeps_two_open_ones_apart():
    first = opened()

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            Deadline(
                kind=first.kind,
                subject_id=first.subject_id,
                school_id=first.school_id,
                first_due_on=DUE,
                due_on=DUE,
                opened_at=NOW,
                counted_from_at=NOW,
            )
        )
        session.flush()


@pytest.mark.one_database("sqlite")
def test_a_school_prolongs_its_answer_and_the_group_is_told():
    school = factories.school()
    head = factories.manager(school)
    factories.user(Role.REVIEWER, group_id=school.group_id)
    boss = factories.user(Role.COORDINATOR, group_id=school.group_id)
    deadline = opened(of=school)

    change = services.change(
        deadline, due_on=date(2027, 1, 20), reason=f"  {REASON}\n", by=head, at=NOW + DAY
    )

    assert (deadline.first_due_on, deadline.due_on) == (DUE, date(2027, 1, 20))
    assert (change.side, change.from_on, change.to_on, change.reason, change.changed_by_id) == (
        DeadlineSide.SCHOOL,
        DUE,
        date(2027, 1, 20),
        REASON,
        head.id,
    )
    assert mails() == [
        (
            "deadline_changed",
            boss.email,
            f"The school’s answer, {school.name}: now 20 January 2027",
        )
    ]
    assert events(deadline)[-1] == (
        "deadline.changed",
        {"kind": "changes", "side": "school", "was": "2026-12-23", "due_on": "2027-01-20"},
    )


@pytest.mark.one_database("sqlite")
def test_the_reason_is_no_fact_of_the_trail():
    deadline = opened()
    head = factories.manager(deadline.school)
    services.change(deadline, due_on=DUE + DAY, reason=REASON, by=head, at=NOW)

    assert REASON not in str(events(deadline))


@pytest.mark.one_database("sqlite")
def test_a_school_prolongs_once_and_the_group_then_any_number_of_times():
    deadline = opened()
    head = factories.manager(deadline.school)
    boss = factories.user(Role.COORDINATOR, group_id=deadline.group_id)
    services.change(deadline, due_on=DUE + DAY, reason=REASON, by=head, at=NOW)

    again = {"due_on": DUE + 2 * DAY, "reason": REASON, "by": head, "at": NOW + DAY}
    assert refused(deadline, **again) == ["prolonged"]
    services.change(deadline, due_on=DUE - 7 * DAY, reason=REASON, by=boss, at=NOW + DAY)
    services.change(deadline, due_on=DUE + 60 * DAY, reason=REASON, by=boss, at=NOW + 2 * DAY)

    assert [(one.side, one.to_on) for one in deadline.changes] == [
        (DeadlineSide.SCHOOL, DUE + DAY),
        (DeadlineSide.GROUP, DUE - 7 * DAY),
        (DeadlineSide.GROUP, DUE + 60 * DAY),
    ]
    assert {(kind, to) for kind, to, _subject in mails()} == {
        ("deadline_changed", boss.email),
        ("deadline_changed", head.email),
    }


def test_a_school_is_not_told_of_what_it_may_not_see():
    school = factories.school()
    factories.manager(school)
    boss = factories.user(Role.COORDINATOR, group_id=school.group_id)
    deadline = opened(DeadlineKind.SECOND_REVIEW, of=school)

    services.change(deadline, due_on=DUE + DAY, reason=REASON, by=boss, at=NOW)

    assert mails() == []
    assert queries.shown_to_school(school.id) == []


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("reason", ["", "   too few   ", "x" * 1001])
def test_a_move_needs_a_reason(reason):
    deadline = opened()
    boss = factories.user(Role.COORDINATOR, group_id=deadline.group_id)

    assert refused(deadline, due_on=DUE + DAY, reason=reason, by=boss, at=NOW) == ["reason"]
    assert (deadline.due_on, deadline.changes) == (DUE, [])


@pytest.mark.one_database("sqlite")
def test_what_is_done_is_not_moved_any_more():
    deadline = opened()
    boss = factories.user(Role.COORDINATOR, group_id=deadline.group_id)
    services.meet(DeadlineKind.CHANGES, subject_id=deadline.subject_id, at=NOW)

    assert refused(deadline, due_on=DUE + DAY, reason=REASON, by=boss, at=NOW) == ["met"]


def test_a_day_begins_in_the_country_of_the_school():
    # 22:30 in UTC is half an hour after midnight in Chisinau, so the 25th is past there.
    at = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    deadline = opened(at=NOW)
    boss = factories.user(Role.COORDINATOR, group_id=deadline.group_id)

    wish = {"reason": REASON, "by": boss, "at": at}
    assert refused(deadline, due_on=date(2026, 11, 25), **wish) == ["due_on"]
    services.change(deadline, due_on=date(2026, 11, 26), **wish)


def test_a_deadline_is_handed_over():
    deadline = opened(DeadlineKind.REVIEW)
    person = factories.user(Role.REVIEWER, group_id=deadline.group_id)

    services.reassign(deadline, person_id=person.id, by=SYSTEM, at=NOW)
    services.reassign(deadline, person_id=person.id, by=SYSTEM, at=NOW)  # no second entry

    assert deadline.person is person
    assert events(deadline)[1:] == [
        ("deadline.reassigned", {"kind": "review", "person_id": str(person.id)})
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE deadline_change SET reason = 'x'", "DELETE FROM deadline_change"]
)
def test_a_move_cannot_be_changed_afterwards(statement):
    deadline = opened()
    boss = factories.user(Role.COORDINATOR, group_id=deadline.group_id)
    services.change(deadline, due_on=DUE + DAY, reason=REASON, by=boss, at=NOW)

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))

    assert session.query(DeadlineChange).count() == 1


# --- reminders -------------------------------------------------------------------------------


def reminded(at, **values):
    """Run the day's work, and give to whom reminders went, with their text."""
    before = set(session.scalars(select(Mail.id)))
    services.remind(at=at, **values)
    query = select(Mail).where(Mail.kind == "reminder", Mail.id.not_in(before))
    return [(one.to, one.body) for one in session.scalars(query.order_by(Mail.to))]


def people(at, **values):
    return [to for to, _body in reminded(at, **values)]


@pytest.mark.one_database("sqlite")
def test_reminders_go_out_at_three_moments_once_each():
    deadline = opened()
    head = factories.manager(deadline.school)

    # Half of 28 days is 9 December; three working days before the 23rd is the 18th; then the 24th.
    sent = [day for day in range(60) if people(NOW + day * DAY)]

    assert [(NOW + day * DAY).date() for day in sent] == [
        date(2026, 12, 9),
        date(2026, 12, 18),
        date(2026, 12, 24),
    ]
    assert {to for _kind, to, _subject in mails()} == {head.email}
    assert {one.moment for one in deadline.reminders} == set(ReminderMoment)


@pytest.mark.one_database("sqlite")
def test_the_work_repeated_on_a_day_sends_nothing_twice():
    deadline = opened()
    head = factories.manager(deadline.school)

    assert people(NOW + 14 * DAY) == [head.email]
    assert people(NOW + 14 * DAY) == []


def test_after_an_outage_only_the_newest_reminder_goes_out():
    deadline = opened()
    head = factories.manager(deadline.school)

    assert people(NOW + 90 * DAY) == [head.email]
    assert people(NOW + 91 * DAY) == []
    assert [one.moment for one in deadline.reminders] == [ReminderMoment.OVER]


def test_what_is_met_reminds_nobody():
    deadline = opened()
    factories.manager(deadline.school)
    services.meet(DeadlineKind.CHANGES, subject_id=deadline.subject_id, at=NOW + DAY)

    assert people(NOW + 30 * DAY) == []


def test_a_moved_deadline_moves_its_reminders():
    deadline = opened()
    head = factories.manager(deadline.school)
    boss = factories.user(Role.COORDINATOR, group_id=deadline.group_id)
    assert people(NOW + 14 * DAY) == [head.email]

    # On 10 December moved to 29 January: half of it, 50 days, is 4 January; 26 January is a Tuesday.
    services.change(deadline, due_on=date(2027, 1, 29), reason=REASON, by=boss, at=NOW + 15 * DAY)
    sent = [day for day in range(15, 100) if people(NOW + day * DAY)]

    assert [(NOW + day * DAY).date() for day in sent] == [
        date(2027, 1, 4),
        date(2027, 1, 26),
        date(2027, 1, 30),
    ]


def test_after_a_reminder_on_the_day_after_a_new_day_reminds_anew():
    deadline = opened()
    head = factories.manager(deadline.school)
    assert people(NOW + 29 * DAY) == [head.email]
    services.change(deadline, due_on=date(2027, 1, 13), reason=REASON, by=head, at=NOW + 30 * DAY)

    assert people(NOW + 30 * DAY) == []
    assert people(NOW + 60 * DAY) == [head.email]


def test_whose_turn_it_is_gets_the_reminder():
    school = factories.school()
    head, deputy = factories.manager(school), factories.manager(school, duty=Duty.DEPUTY)
    assessor = factories.user(Role.REVIEWER, group_id=school.group_id)
    boss = factories.user(Role.COORDINATOR, group_id=school.group_id)
    opened(DeadlineKind.CHANGES, of=school)
    opened(DeadlineKind.REVIEW, of=school, person_id=assessor.id)
    opened(DeadlineKind.COMPLETENESS_CHECK, of=school)

    assert sorted(people(NOW + 14 * DAY)) == sorted(
        [head.email, deputy.email, assessor.email, boss.email]
    )


@pytest.mark.one_database("sqlite")
def test_in_a_group_without_coordinator_everybody_gets_it():
    school = factories.school()
    both = [factories.user(Role.REVIEWER, group_id=school.group_id) for _ in range(2)]
    factories.user(Role.REVIEWER, group_id=school.group_id, **CLOSED)
    opened(DeadlineKind.COMPLETENESS_CHECK, of=school)

    assert sorted(people(NOW + 14 * DAY)) == sorted(one.email for one in both)


CLOSED = {"deactivated_at": NOW, "deactivated_by_id": uuid4()}


@pytest.mark.one_database("sqlite")
def test_when_nobody_is_there_the_reminder_waits_for_somebody():
    deadline = opened()
    assert people(NOW + 14 * DAY) == []

    head = factories.manager(deadline.school)
    assert people(NOW + 15 * DAY) == [head.email]


@pytest.mark.one_database("sqlite")
def test_another_room_may_say_whose_turn_it_is():
    deadline = opened(DeadlineKind.APPEAL)
    member = factories.user(Role.REVIEWER)

    panel = {DeadlineKind.APPEAL: lambda found: {one.id: [member] for one in found}}
    assert people(NOW + 14 * DAY, people_of=panel) == [member.email]
    assert deadline.group_id != member.group_id


@pytest.mark.one_database("sqlite")
def test_many_reminders_ask_no_more_often_than_one():
    def asked(number, at):
        for _ in range(number):
            factories.manager(opened().school)
        session.flush()
        session.expunge_all()
        with reads() as found:
            assert len(people(at)) == number
        return len(found)

    assert asked(1, NOW + 14 * DAY) == asked(3, NOW + 14 * DAY)


@pytest.mark.one_database("sqlite")
def test_a_reminder_says_what_to_do_and_how_to_get_more_time():
    deadline = opened()
    head = factories.manager(deadline.school, name="Ana Rusu")

    ((to, body),) = reminded(NOW + 14 * DAY)

    assert (to, body) == (
        head.email,
        (
            "Hello Ana Rusu,\n\n"
            f"Please look at what was sent back to {deadline.school.name}. Change it, or explain why "
            "you are keeping it as it is. Then submit the application again.\n\n"
            "You have until 23 December 2026. That is 14 days.\n\n"
            "Continue here:\nhttp://ciss.example/school/application\n\n"
            "If you need more time, or something has changed, tell us and give a reason:\n"
            f"http://ciss.example/deadlines/{deadline.id}/change\n\n"
            "If you have already done this, you do not need to do anything."
        ),
    )


@pytest.mark.one_database("sqlite")
def test_the_day_after_nobody_is_blamed():
    opened(DeadlineKind.REVIEW, person_id=factories.user(Role.REVIEWER).id)

    ((_to, body),) = reminded(NOW + 29 * DAY)

    assert "The deadline was 23 December 2026. You can still do it now." in body
    assert not [word for word in ("late", "overdue", "failed", "missed") if word in body.split()]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        (0, "All criteria are done. You can submit now."),
        (1, "You have 1 criterion left."),
        (7, "You have 7 criteria left."),
    ],
)
def test_a_reminder_adapts_to_what_is_left(left, sentence):
    opened(DeadlineKind.REVIEW, person_id=factories.user(Role.REVIEWER).id)

    counts = {DeadlineKind.REVIEW: lambda found: {one.id: left for one in found}}
    ((_to, body),) = reminded(NOW + 14 * DAY, left_of=counts)

    assert f"\n\n{sentence}\n\n" in body


@pytest.mark.one_database("sqlite")
def test_a_reminder_is_in_the_language_of_the_person():
    deadline = opened()
    factories.manager(deadline.school, language="ro")

    ((_to, body),) = reminded(NOW + 14 * DAY)

    assert "23 decembrie 2026" in body


@pytest.mark.one_database("sqlite")
def test_a_drill_that_is_measured_has_no_link_to_another_day():
    opened(DeadlineKind.DRILL, person_id=factories.user(Role.REVIEWER).id)

    ((_to, body),) = reminded(NOW + 14 * DAY)

    assert "/change" not in body


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (DeadlineKind.DECISION, "/reviews/{id}\n"),
        (DeadlineKind.VISIT, "/reviews/{id}\n"),
        (DeadlineKind.COMPLAINT, "/complaints/cases/{id}\n"),
        (DeadlineKind.DRILL, "/drills/{id}\n"),
        (DeadlineKind.MINOR_GAPS, "/school/application\n"),
    ],
)
def test_a_reminder_leads_to_the_case_and_not_to_the_list_of_all_cases(kind, page):
    person = factories.user(Role.REVIEWER)
    deadline = opened(kind, person_id=person.id)
    factories.manager(deadline.school)

    ((_to, body),) = reminded(NOW + 14 * DAY)

    assert page.format(id=deadline.subject_id) in body


def test_the_number_of_queries_grows_only_with_what_is_sent(app):
    from tests.factories import school

    def queries_of(count):
        for _ in range(count):
            opened(of=school())
        session.expunge_all()
        return counted(lambda: services.remind(at=NOW + DAY))

    assert queries_of(1) == queries_of(5)


@pytest.mark.one_database("sqlite")
def test_a_day_on_which_nobody_is_reminded_loads_no_deadline(app):
    for _ in range(3):
        opened()
    services.remind(at=NOW + DAY)

    assert counted(lambda: services.remind(at=NOW + DAY)) == 2


def counted(job):
    with statements_sent() as statements:
        job()
    return len(statements)
