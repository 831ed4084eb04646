"""Applies the retention rules (mark, notify, wait, delete) in small units that are safe to repeat or kill."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from secrets import SystemRandom
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import retention_in
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.bulk.long_work import batches_of, each_tried, is_time_over
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import FileStore
from cissapp.oversee.personal_data import mails
from cissapp.oversee.personal_data.models import RetentionMark, RetentionRun
from cissapp.oversee.personal_data.queries import due, marks
from cissapp.oversee.personal_data.queries.duties import open_duties
from cissapp.oversee.personal_data.rules.retention import (
    NOTICE,
    MarkOutcome,
    RetentionRule,
    months_before,
)
from cissapp.oversee.personal_data.services import group_notices
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.people.accounts import queries as people
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.notices import services as notices
from cissapp.people.schools.models import School
from cissapp.prepare.documents.services.removal import expire_file

DOCUMENT_RULES = (RetentionRule.DOCUMENTS, RetentionRule.UNUSED)
# Quick rules come first: there may be more documents than a night has time for.
ORDER = (
    RetentionRule.SESSIONS,
    RetentionRule.LINKS,
    RetentionRule.MAILS,
    RetentionRule.ACCOUNTS,
    *DOCUMENT_RULES,
)
AT_ONCE = 50


class RuleResult(Struct):
    """What a rule did: newly marked, held back, gone for good."""

    rule: RetentionRule
    marked: int = 0
    held: int = 0
    gone: int = 0


def carry_out(content: Content, *, store: FileStore, at: datetime) -> list[RuleResult]:
    """Apply every rule as far as it is due, each with a line of numbers in the log of runs.

    A failure in one rule does not stop the others, and is raised at the end.
    """
    results: list[RuleResult] = []

    def carry(rule: RetentionRule) -> int:
        result = RuleResult(rule)
        results.append(result)
        try:
            _carry_out(result, content, store, at)
        finally:
            _keep_numbers(result, at)
        return 0

    tell = partial(group_notices.tell_groups, at=at)
    rules = [partial(carry, rule) for rule in ORDER]
    try:
        # First the notices that the night before had no time to send.
        each_tried([tell, *rules], lambda step: step())
    finally:
        tell()
    return results


def _carry_out(result: RuleResult, content: Content, store: FileStore, at: datetime) -> None:
    if result.rule in DOCUMENT_RULES:
        _documents(result, content, store, at)
    elif result.rule is RetentionRule.ACCOUNTS:
        _accounts(result, content, store, at)
    else:
        _ended(result, content, at)


def _keep_numbers(result: RuleResult, at: datetime) -> None:
    numbers = {"marked": result.marked, "held": result.held, "gone": result.gone}
    if any(numbers.values()):
        with unit_of_work():
            session.add(RetentionRun(at=at, rule=result.rule, **numbers))


# --- documents -----------------------------------------------------------------------------------


def _documents(result: RuleResult, content: Content, store: FileStore, at: datetime) -> None:
    rule = result.rule
    found = due.due_schools(rule, content, at=at)
    known = marks.open_marks(rule)
    result.held = sum(found.values())
    due_now = {school_id for school_id, held in found.items() if not held}
    _spare([mark for school_id, mark in known.items() if school_id not in due_now], at=at)

    def mark(ids: Sequence[UUID]) -> int:
        _in_unit(lambda: _mark_schools(rule, ids, at=at))
        result.marked += len(ids)
        return 0

    def delete(mark_id: UUID) -> int:
        for number in _deleted(rule, content, mark_id, store=store, at=at):
            result.gone += number
        return 0

    told = [mark.id for mark in known.values() if mark.subject_id in due_now and mark.due_at <= at]
    try:
        each_tried(_drawn(told), delete)
    finally:
        each_tried(batches_of(_drawn(due_now - known.keys())), mark)


def _mark_schools(rule: RetentionRule, ids: Sequence[UUID], *, at: datetime) -> None:
    """Mark the documents of some schools, and notify their people; groups are notified of all together."""
    session.add_all(
        RetentionMark(rule=rule, subject_id=one, school_id=one, marked_at=at, due_at=at + NOTICE)
        for one in ids
    )
    members = people.people_of_schools(ids)
    for school in session.scalars(select(School).where(School.id.in_(ids)).order_by(School.id)):
        mails.tell_documents(members.get(school.id, []), school.name, at + NOTICE, at=at)
    session.flush()


def _deleted(
    rule: RetentionRule, content: Content, mark_id: UUID, *, store: FileStore, at: datetime
) -> Iterator[int]:
    """Delete the files of a school in batches, yield how many, and end the mark with the last batch."""
    left = True
    while left and not is_time_over():
        with unit_of_work():
            mark = session.get_one(RetentionMark, mark_id)
            school = session.get_one(School, mark.subject_id)
            # Checked again in each unit: an appeal may have come in since.
            if not due.is_due(rule, content, school, at=at):
                return
            versions = due.versions_of(rule, content, school, at=at, most=AT_ONCE)
            for version in versions:
                expire_file(version, store=store)
                facts = {"number": version.number, "sha256": version.sha256}
                record(
                    Event.DOCUMENTS_EXPIRED, version, by=SYSTEM, at=at, school_id=school.id, **facts
                )
            left = len(versions) == AT_ONCE
            if not left:
                mark.ended_at, mark.outcome = at, MarkOutcome.GONE
            session.flush()
        yield len(versions)


# --- accounts ------------------------------------------------------------------------------------


def _accounts(result: RuleResult, content: Content, store: FileStore, at: datetime) -> None:
    found = {person.id: person for person in due.due_people(content, at=at)}
    known = marks.open_marks(RetentionRule.ACCOUNTS)
    held = {one.id for one in found.values() if due.holds_of(one, at=at) or open_duties(one)}
    result.held = len(held)
    _spare([mark for user_id, mark in known.items() if user_id not in found.keys() - held], at=at)
    told = {user_id: mark.id for user_id, mark in known.items() if mark.due_at <= at}
    new = _drawn(found.keys() - held - known.keys())

    def erase_one(user_id: UUID) -> int:
        _in_unit(lambda: _erase_marked(told[user_id], store=store, at=at))
        result.gone += 1
        return 0

    def mark_one(user_id: UUID) -> int:
        _in_unit(lambda: _mark_person(user_id, at=at))
        result.marked += 1
        return 0

    try:
        each_tried(_drawn((found.keys() - held) & told.keys()), erase_one)
    finally:
        each_tried(new, mark_one)


def _mark_person(user_id: UUID, *, at: datetime) -> None:
    person = session.get_one(User, user_id)
    mark = RetentionMark(
        rule=RetentionRule.ACCOUNTS,
        subject_id=user_id,
        user_id=user_id,
        school_id=person.school_id,
        marked_at=at,
        due_at=at + NOTICE,
    )
    session.add(mark)
    mails.tell_closed_account(person, mark.due_at, at=at)
    session.flush()


def _erase_marked(mark_id: UUID, *, store: FileStore, at: datetime) -> None:
    mark = session.get_one(RetentionMark, mark_id)
    person = session.get_one(User, mark.subject_id)
    mark.ended_at, mark.outcome = at, MarkOutcome.GONE
    session.flush()
    erase(person, store=store, at=at)


# --- what has ended by itself --------------------------------------------------------------------

Forget = Callable[[datetime], int]


def ended_rules(
    content: Content, at: datetime
) -> list[tuple[RetentionRule, datetime, Forget, Forget]]:
    """List the rules without notice: the cut-off time, and the functions that count and delete."""
    times = retention_in(content.countries, None)
    return [
        (
            RetentionRule.SESSIONS,
            at - timedelta(days=times.session_days),
            accounts.count_ended_sessions,
            accounts.forget_ended_sessions,
        ),
        (
            RetentionRule.LINKS,
            at - timedelta(days=times.link_days),
            accounts.count_old_invitations,
            accounts.empty_old_invitations,
        ),
        (
            RetentionRule.MAILS,
            months_before(at, times.mail_months),
            notices.count_old_mails,
            notices.forget_old_mails,
        ),
    ]


def _ended(result: RuleResult, content: Content, at: datetime) -> None:
    for rule, before, _count, forget in ended_rules(content, at):
        if rule is result.rule:
            with unit_of_work():
                result.gone = forget(before)


# --- helpers -------------------------------------------------------------------------------------


def _spare(no_longer_due: Iterable[RetentionMark], *, at: datetime) -> None:
    """End marks of what is used again or held: notice is given again when it is next due."""
    ids = [mark.id for mark in no_longer_due]
    if ids:
        with unit_of_work():
            for mark_id in ids:
                mark = session.get_one(RetentionMark, mark_id)
                mark.ended_at, mark.outcome = at, MarkOutcome.SPARED
            session.flush()


def _drawn(keys: Iterable[UUID]) -> list[UUID]:
    """Return the keys in random order, so that failures do not come first each night and block the rest."""
    drawn = list(keys)
    SystemRandom().shuffle(drawn)
    return drawn


def _in_unit(job: Callable[[], None]) -> None:
    with unit_of_work():
        job()
