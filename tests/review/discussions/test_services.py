"""Threads through the rounds: opened, answered, settled, told by mail, and never changed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices.models import Mail
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.documents import queries as documents
from cissapp.review.discussions import queries, services
from cissapp.review.discussions.models import Comment, Thread
from cissapp.review.discussions.rules import Audience, CommentReader, CommentSide
from cissapp.review.discussions.services import Subject
from cissapp.review.reviews.services import check_completeness
from tests import factories as make
from tests.factories import NOW
from tests.statements import statements_sent

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CANARY = "canary-7f3a-internal"
ALL = CommentReader(CommentSide.GROUP, None, sees_others=True)


def opened(
    application: Application,
    by: User,
    *,
    audience: Audience = Audience.WITH_SCHOOL,
    subject: Subject | None = None,
    said: str = "Where is the date?",
    at=NOW,
) -> Thread:
    return services.open_thread(
        application, subject or Subject("A1"), audience=audience, text=said, by=by, at=at
    )


def case() -> tuple[Application, User, User]:
    """An application that was handed in, a reviewer, and the head of the school."""
    application = make.handed_in()
    (reviewer,) = make.reviewers(application, 1)
    return application, reviewer, people_of_school(application.school_id)[0]


def said(talks) -> list[list[tuple[str, str | None]]]:
    return [[(one.side.value, one.text) for one in talk.comments] for talk in talks]


def mails() -> list[tuple[str, str]]:
    query = (
        select(Mail.to, Mail.kind).where(Mail.kind == "comments").order_by(Mail.queued_at, Mail.to)
    )
    return [tuple(row) for row in session.execute(query)]


def round_again(application: Application, reviewer: User, head: User, *, number: int) -> None:
    """Send the dossier back, and let the school hand it in once more."""
    at = NOW + number * DAY
    begun(application, reviewer)
    applications.request_changes(application, open_criteria=["A1"], days=60, by=reviewer, at=at)
    applications.submit_for_school(
        application.school, content=content(), statement_signed=True, by=head, at=at + HOUR
    )


def begun(application: Application, reviewer: User) -> None:
    """Look the dossier through in the first round, and begin the review."""
    if not applications.course(application).completeness_checked:
        check_completeness(application, remarks={}, content=content(), by=reviewer, at=NOW)
    applications.start_review(application, by=reviewer, at=NOW)


def test_a_thread_survives_three_rounds(context):
    application, reviewer, head = case()
    document = documents.documents(application.school_id)[0]
    version = queries.newest_version(document.id)
    thread = opened(application, reviewer, subject=Subject("A1", version, 3), said="in round 1")

    round_again(application, reviewer, head, number=2)
    services.write_comment(thread, "in round 2", by=head, at=NOW + 3 * DAY)
    round_again(application, reviewer, head, number=4)
    services.write_comment(thread, "in round 3", by=reviewer, at=NOW + 5 * DAY)
    session.expire_all()

    (talk,) = queries.shown_threads(application.id, queries.SCHOOL_READER, criterion_id="A1")
    assert (talk.criterion_id, talk.document_title, talk.page) == ("A1", "School safety policy", 3)
    assert [
        (one.round, one.side.value, one.name, one.version_number, one.text) for one in talk.comments
    ] == [
        (1, "group", None, 1, "in round 1"),
        (2, "school", head.name, 1, "in round 2"),
        (3, "group", None, 1, "in round 3"),
    ]


def test_an_internal_thread_is_nowhere_for_the_school(context):
    application, reviewer, head = case()
    internal = opened(application, reviewer, audience=Audience.INTERNAL, said=CANARY)

    assert queries.shown_threads(application.id, queries.SCHOOL_READER) == []
    assert queries.has_threads(application.school_id, "A1") is False
    assert queries.thread(internal.id, queries.SCHOOL_READER) is None
    with pytest.raises(Missing):
        queries.thread_of_school(internal.id, head)
    with pytest.raises(Missing):
        services.write_comment(internal, "Hello?", by=head, at=NOW)
    assert mails() == []
    assert said(queries.shown_threads(application.id, ALL)) == [[("group", CANARY)]]


def test_a_blind_reader_sees_own_comments_only(context):
    application, first, _head = case()
    second = make.user(Role.REVIEWER, group_id=application.school.group_id)
    opened(application, first, audience=Audience.INTERNAL, said="of the first")
    opened(application, second, audience=Audience.INTERNAL, said="of the second")
    shared = opened(application, first, said="first asks")

    def read_by(person: User, *, sees_others: bool) -> list[str]:
        reader = CommentReader(CommentSide.GROUP, person.id, sees_others)
        found = queries.shown_threads(application.id, reader)
        return sorted(one.text or "" for talk in found for one in talk.comments)

    assert read_by(first, sees_others=False) == ["first asks", "of the first"]
    assert read_by(second, sees_others=False) == ["of the second"]
    assert read_by(second, sees_others=True) == ["first asks", "of the first", "of the second"]
    assert queries.thread(shared.id, CommentReader(CommentSide.GROUP, second.id)) is None


@pytest.mark.one_database("sqlite")
def test_a_new_comment_opens_what_was_settled(context):
    application, reviewer, head = case()
    thread = opened(application, reviewer)

    services.resolve_thread(thread, by=reviewer, at=NOW + HOUR)
    assert (thread.resolved_at, thread.resolved_by_id) == (NOW + HOUR, reviewer.id)

    services.write_comment(thread, "One more thing.", by=head, at=NOW + 2 * HOUR)
    assert (thread.resolved_at, thread.resolved_by_id) == (None, None)


@pytest.mark.one_database("sqlite")
def test_the_school_neither_opens_nor_settles(context):
    application, reviewer, head = case()
    thread = opened(application, reviewer)

    with pytest.raises(Missing):
        opened(application, head)
    with pytest.raises(Missing):
        services.resolve_thread(thread, by=head, at=NOW)


@pytest.mark.one_database("sqlite")
def test_people_of_other_schools_and_groups_know_nothing(context):
    application, reviewer, _head = case()
    thread = opened(application, reviewer)
    strangers = [make.manager(), make.user(Role.REVIEWER), make.user(Role.SECRETARIAT)]

    for stranger in strangers:
        with pytest.raises(Missing):
            services.write_comment(thread, "Hello", by=stranger, at=NOW)
        with pytest.raises(Missing):
            queries.thread_of_school(thread.id, stranger)


@pytest.mark.one_database("sqlite")
def test_nothing_is_said_to_the_school_after_the_decision(context):
    application, reviewer, head = case()
    thread = opened(application, reviewer)
    begun(application, reviewer)
    applications.decide(application, outcome=ApplicationOutcome.MAJOR_GAPS, by=reviewer, at=NOW)

    for person in (reviewer, head):
        with pytest.raises(Refused) as refused:
            services.write_comment(thread, "Too late", by=person, at=NOW + DAY)
        assert [one.code for one in refused.value.problems] == ["state"]
    opened(application, reviewer, audience=Audience.INTERNAL, said="for next time")
    assert queries.shown_thread(thread, queries.SCHOOL_READER).writable is False


def test_the_school_is_told_at_most_once_an_hour_and_of_everything_later(context):
    application, reviewer, _head = case()
    people = sorted(one.email for one in people_of_school(application.school_id))

    opened(application, reviewer, said=CANARY)
    opened(application, reviewer, subject=Subject("A2"), said=CANARY, at=NOW + HOUR / 2)
    opened(application, reviewer, subject=Subject("A3"), said=CANARY, at=NOW + HOUR / 2)
    assert [to for to, _kind in mails()] == people

    assert services.notify_waiting(at=NOW + HOUR) == len(people)
    session.rollback()  # what is done is kept, whatever comes after it
    assert services.notify_waiting(at=NOW + 2 * HOUR) == 0
    assert [to for to, _kind in mails()] == people * 2
    texts = session.execute(select(Mail.subject, Mail.body)).all()
    assert not any(CANARY in str(row) for row in texts)


def test_an_answer_is_told_to_those_of_the_group_who_wrote(context):
    application, reviewer, head = case()
    make.user(Role.REVIEWER, group_id=application.school.group_id, language="uk")
    thread = opened(application, reviewer)
    session.execute(text("DELETE FROM mail"))

    services.write_comment(thread, "Here it is.", by=head, at=NOW)
    services.write_comment(thread, "And here.", by=head, at=NOW + HOUR / 2)

    assert mails() == [(reviewer.email, "comments")]
    assert thread.group_waits is True


def test_the_text_of_a_comment_is_taken_out_once_and_its_place_stays(context):
    application, reviewer, head = case()
    thread = opened(application, reviewer)
    comment = services.write_comment(thread, "Ana Popa of 7b told me", by=head, at=NOW + HOUR)

    services.remove_comment(comment, by=reviewer, at=NOW + 2 * HOUR)
    services.remove_comment(comment, by=reviewer, at=NOW + 3 * HOUR)
    session.expire_all()

    (talk,) = queries.shown_threads(application.id, queries.SCHOOL_READER)
    assert [one.text for one in talk.comments] == ["Where is the date?", None]
    assert session.get(Comment, comment.id).removed_at == NOW + 2 * HOUR


def test_the_trail_knows_what_happened_but_not_what_was_said(context):
    application, reviewer, head = case()
    thread = opened(application, reviewer, said=CANARY)
    comment = services.write_comment(thread, CANARY, by=head, at=NOW)
    services.resolve_thread(thread, by=reviewer, at=NOW)
    services.remove_comment(comment, by=reviewer, at=NOW)

    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == str(thread.id)).order_by(AuditEntry.id)
    ).all()
    assert [one.event for one in rows] == [
        "thread.opened",
        "comment.written",
        "thread.resolved",
        "comment.removed",
    ]
    assert not any(CANARY in str(one.facts) for one in rows)


def _kept(app) -> UUID:
    with app.app_context(), unit_of_work():
        application, reviewer, _head = case()
        thread = opened(application, reviewer)
        return (
            thread.comments[0].id if thread.comments else session.scalars(select(Comment.id)).one()
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE comment SET text = 'other'",
        "UPDATE comment SET round = 9",
        "UPDATE comment SET text = NULL, removed_at = written_at, removed_by_id = author_id, round = 9",
        "DELETE FROM comment",
    ],
)
def test_the_database_refuses_to_change_a_comment(app, statement: str):
    _kept(app)

    with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    with app.app_context():
        session.rollback()
        assert session.scalars(select(Comment.text)).all() == ["Where is the date?"]


def counted(read: Callable[[], object]) -> int:
    """Count the statements that a read sends."""
    with statements_sent() as seen:
        read()
    return len(seen)


def test_one_thread_and_three_take_the_same_number_of_queries(context):
    application, reviewer, _head = case()
    document = documents.documents(application.school_id)[0]
    version = queries.newest_version(document.id)
    opened(application, reviewer, subject=Subject("A1", version, 1))
    session.expunge_all()
    one = counted(lambda: queries.shown_threads(application.id, queries.SCHOOL_READER))

    application, reviewer = session.get(Application, application.id), session.get(User, reviewer.id)
    version = queries.newest_version(document.id)
    for number in (2, 3):
        opened(application, reviewer, subject=Subject("A1", version, number))
    session.expunge_all()

    assert counted(lambda: queries.shown_threads(application.id, queries.SCHOOL_READER)) == one


@pytest.mark.one_database("sqlite")
def test_to_write_reads_no_thread_of_another_school(context):
    application, reviewer, _head = case()
    for _number in range(3):
        other, colleague, _head = case()
        opened(other, colleague)
        opened(other, colleague, subject=Subject("A2"))
    session.flush()
    session.expunge_all()
    loaded: list[UUID] = []

    def note(thread: Thread, _context: object) -> None:
        loaded.append(thread.application_id)

    event.listen(Thread, "load", note)
    try:
        opened(session.merge(application), session.merge(reviewer))
    finally:
        event.remove(Thread, "load", note)

    assert len(queries.threads_to_notify(CommentSide.SCHOOL)) == 3
    assert set(loaded) <= {application.id}
