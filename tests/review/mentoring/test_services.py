"""Messages, what the school shows, and meetings: what each writes, tells by mail, and refuses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.pages import PagePlace
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.notices.models import Mail
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents import services as document_services
from cissapp.review.independence import services as independence
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import queries, services
from cissapp.review.mentoring.models import MentorMessage
from cissapp.review.mentoring.rules import MeetingKind, MentorSide, Shared, SharedPart, Wait
from tests import factories as make
from tests.factories import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET = "How many pages may a policy have?"


def pair() -> tuple[Mentoring, User, User]:
    """A mentoring that lasts, its mentor, and the head of the school."""
    school = make.school()
    head = make.manager(school)
    mentor = make.user(Role.REVIEWER, group_id=school.group_id)
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    mentoring = independence.enter_mentoring(
        school, mentor.id, NOW.date() - DAY, None, by=coordinator, at=NOW - DAY
    )
    return mentoring, mentor, head


def mails() -> list[tuple[str, str]]:
    """To whom mails about mentoring went, and with which subject, the oldest first."""
    query = select(Mail).where(Mail.kind == "mentoring").order_by(Mail.queued_at, Mail.subject)
    return [(one.to, one.subject) for one in session.scalars(query)]


def waits(mentoring) -> Wait | None:
    talk = queries.talk_of(mentoring.id)
    return talk.wait if talk else None


@pytest.mark.one_database("sqlite")
def test_both_sides_are_told_of_a_mentoring_that_begins_and_of_none_that_is_over(context):
    mentoring, mentor, head = pair()
    coordinator = session.get_one(User, mentoring.entered_by_id)
    independence.enter_mentoring(
        mentoring.school, mentor.id, NOW.date() - DAY, NOW.date(), by=coordinator, at=NOW
    )

    assert sorted(mails()) == sorted(
        [
            (head.email, "Your school has a mentor"),
            (mentor.email, f"You are now mentoring {mentoring.school.name}"),
        ]
    )


def test_a_message_waits_for_the_other_side_which_is_told_without_its_text(context):
    mentoring, mentor, head = pair()
    begun = len(mails())

    services.write_message(mentoring, SECRET, by=head, at=NOW)
    services.write_message(mentoring, SECRET, by=head, at=NOW + HOUR / 2)
    assert waits(mentoring) == Wait(MentorSide.MENTOR, NOW)
    services.write_message(mentoring, "As many as it needs.", by=mentor, at=NOW + 2 * HOUR)
    assert waits(mentoring) == Wait(MentorSide.SCHOOL, NOW + 2 * HOUR)
    assert mails()[begun:] == [
        (mentor.email, f"A school you mentor has written to you: {mentoring.school.name}"),
        (head.email, "Your mentor has written to you"),
    ]
    assert services.notify_waiting(at=NOW + 3 * HOUR) == 1
    session.rollback()  # what is done is kept, whatever comes after it
    assert services.notify_waiting(at=NOW + 5 * HOUR) == 0
    assert not [one for one in session.scalars(select(Mail.body)) if SECRET in (one or "")]

    services.need_no_answer(mentoring, by=head, at=NOW + 3 * HOUR)
    assert waits(mentoring) is None
    assert [(one.side, one.text) for one in queries.messages_page(mentoring.id).rows] == [
        (MentorSide.MENTOR, "As many as it needs."),
        (MentorSide.SCHOOL, SECRET),
        (MentorSide.SCHOOL, SECRET),
    ]


def test_a_text_is_taken_out_for_good_and_that_it_was_there_stays(context):
    mentoring, mentor, head = pair()
    message = services.write_message(mentoring, SECRET, by=head, at=NOW)

    services.remove_message(mentoring, message, by=mentor, at=NOW + HOUR)

    row = session.scalars(select(MentorMessage)).one()
    assert (row.text, row.removed_at, row.removed_by_id) == (None, NOW + HOUR, mentor.id)


def test_a_mentor_sees_what_the_school_shows_and_nothing_before_or_after(context):
    mentoring, mentor, head = pair()
    document = make.complete_dossier(mentoring.school, head)
    policy = Shared(frozenset({SharedPart.POLICY}), frozenset({document.id}))
    assert queries.shared(mentoring.id) == Shared()

    services.show_to_mentor(mentoring, policy, by=head, at=NOW)
    assert queries.shared(mentoring.id) == policy
    assert queries.shared_part(mentoring, "A") is SharedPart.POLICY
    assert queries.shared_document(mentoring, document.id).id == document.id
    with pytest.raises(Missing):
        queries.shared_part(mentoring, "B")

    mechanism = Shared(frozenset({SharedPart.MECHANISM}))
    services.show_to_mentor(mentoring, mechanism, by=head, at=NOW)
    assert queries.shared(mentoring.id) == mechanism
    with pytest.raises(Missing):
        queries.shared_document(mentoring, document.id)
    with pytest.raises(Missing):
        services.show_to_mentor(mentoring, policy, by=mentor, at=NOW)
    strange = make.complete_dossier(make.school(), make.manager())
    with pytest.raises(Missing):
        services.show_to_mentor(
            mentoring, Shared(documents=frozenset({strange.id})), by=head, at=NOW
        )


def test_a_document_that_is_shown_can_still_be_removed(context):
    mentoring, _mentor, head = pair()
    document = make.complete_dossier(mentoring.school, head)
    services.show_to_mentor(mentoring, Shared(documents=frozenset({document.id})), by=head, at=NOW)

    version = documents.versions(document.id)[-1]
    document_services.remove_draft(version, store=files(), by=head, at=NOW)

    assert queries.shared(mentoring.id) == Shared()


def test_a_meeting_is_proposed_chosen_by_the_other_side_and_cancelled(context):
    mentoring, mentor, head = pair()
    begun = len(mails())
    meeting = services.propose_meeting(
        mentoring, MeetingKind.VIDEO, [NOW + 2 * DAY, NOW + DAY], by=mentor, at=NOW
    )
    assert [one.wait for one in queries.mentorings_of_school(mentoring.school_id, NOW)] == [
        Wait(MentorSide.SCHOOL, NOW)
    ]
    first = meeting.dates[0]
    with pytest.raises(Refused) as refused:
        services.agree_on_meeting(mentoring, meeting, first.id, by=mentor, at=NOW)
    assert [one.code for one in refused.value.problems] == ["own"]

    services.agree_on_meeting(mentoring, meeting, first.id, by=head, at=NOW)
    assert (meeting.starts_at, meeting.agreed_by_id) == (NOW + DAY, head.id)
    assert [one.wait for one in queries.mentored_schools(mentor, NOW).rows] == [None]
    about = f"Meeting about {mentoring.school.name}"
    assert sorted(mails()[begun:]) == sorted(
        [(head.email, "Your mentor has written to you"), (head.email, about), (mentor.email, about)]
    )

    services.cancel_meeting(mentoring, meeting, by=mentor, at=NOW)
    assert (head.email, f"Meeting cancelled: {mentoring.school.name}") in mails()
    assert queries.meetings_of(mentoring.id, NOW) == []
    with pytest.raises(Refused) as refused:
        services.propose_meeting(mentoring, MeetingKind.PHONE, [NOW], by=head, at=NOW)
    assert [one.code for one in refused.value.problems] == ["first"]


def test_after_the_end_the_school_reads_and_nobody_writes(context):
    mentoring, mentor, head = pair()
    for _in_an_hour in range(2):
        services.write_message(mentoring, SECRET, by=head, at=NOW)
    coordinator = session.get_one(User, mentoring.entered_by_id)

    independence.end_mentoring(mentoring, by=coordinator, at=NOW)
    assert services.notify_waiting(at=NOW + 2 * HOUR) == 0

    assert queries.mentoring_of(mentoring.id, head) is mentoring
    with pytest.raises(Missing):
        queries.mentoring_of(mentoring.id, mentor)
    for step in (
        lambda: services.write_message(mentoring, SECRET, by=head, at=NOW),
        lambda: services.propose_meeting(
            mentoring, MeetingKind.PHONE, [NOW + DAY], by=head, at=NOW
        ),
        lambda: services.show_to_mentor(mentoring, Shared(), by=head, at=NOW),
    ):
        with pytest.raises(Refused) as refused:
            step()
        assert [one.code for one in refused.value.problems] == ["ended"]


def test_a_mentoring_ends_with_the_account_of_the_mentor(context):
    mentoring, mentor, _head = pair()
    coordinator = session.get_one(User, mentoring.entered_by_id)

    accounts.deactivate(mentor, by=coordinator, at=NOW)

    assert mentoring.to_on == NOW.date()
    assert queries.mentorings_of_school(mentoring.school_id, NOW) == []


@pytest.mark.one_database("sqlite")
def test_only_the_two_sides_find_a_mentoring(context):
    mentoring, mentor, head = pair()
    colleague = make.user(Role.REVIEWER, group_id=mentoring.school.group_id)
    coordinator = session.get_one(User, mentoring.entered_by_id)

    assert [queries.side_of(mentoring, one) for one in (mentor, head)] == [
        MentorSide.MENTOR, MentorSide.SCHOOL,
    ]  # fmt: skip
    for one in (colleague, coordinator, make.manager()):
        with pytest.raises(Missing):
            queries.mentoring_of(mentoring.id, one)


def test_a_mentor_of_many_schools_reads_them_by_pages_and_who_waits_first(context):
    mentoring, mentor, head = pair()
    mentoring.school.name = "Zenith School"
    coordinator = session.get_one(User, mentoring.entered_by_id)
    names = [f"School {number:02}" for number in range(4)]
    for name in names:
        school = make.school(name=name, group_id=mentor.group_id)
        independence.enter_mentoring(school, mentor.id, NOW.date(), None, by=coordinator, at=NOW)
    services.write_message(mentoring, SECRET, by=head, at=NOW)

    def read(place=None):
        found = queries.mentored_schools(mentor, NOW, place, size=2)
        return [one.mentoring.school.name for one in found.rows], found

    first, page = read()
    second, last = read(PagePlace(page.later))

    assert first == ["Zenith School", *names[:2]]
    assert [one.wait.side for one in page.rows if one.wait] == [MentorSide.MENTOR]
    assert (second, last.later) == (names[2:], "")
    assert read(PagePlace(last.earlier, back=True))[0] == first


def test_a_meeting_waits_for_the_mentor_until_its_dates_have_passed(context):
    mentoring, mentor, head = pair()
    coordinator = session.get_one(User, mentoring.entered_by_id)
    school = make.school(name="A School", group_id=mentor.group_id)
    independence.enter_mentoring(school, mentor.id, NOW.date(), None, by=coordinator, at=NOW)
    mentoring.school.name = "Zenith School"
    services.propose_meeting(mentoring, MeetingKind.PHONE, [NOW + DAY], by=head, at=NOW)

    def first(at):
        return queries.mentored_schools(mentor, at, size=1).rows[0].mentoring.school.name

    assert (first(NOW), first(NOW + 2 * DAY)) == ("Zenith School", "A School")
