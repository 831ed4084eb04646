"""Carries the rules of retention out: marks and tells, waits, deletes; small units, safe to repeat and to be killed."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.packs import retention_in
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import SYSTEM
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
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.people.accounts import queries as people
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.notices import services as notices
from cissapp.people.schools.models import School
from cissapp.prepare.documents.services.removal import expire_file

DOCUMENT_RULES = (RetentionRule.DOCUMENTS, RetentionRule.UNUSED)
AT_ONCE = 50


class RuleResult(Struct):
    """What a rule did: newly marked, held back, gone for good."""

    rule: RetentionRule
    marked: int = 0
    held: int = 0
    gone: int = 0


def carry_out(content: Content, *, store: FileStore, at: datetime) -> list[RuleResult]:
    """Carry every rule out as far as it is due, each with a line of numbers in the log of runs."""
    results = [_documents(rule, content, store, at) for rule in DOCUMENT_RULES]
    results += [_accounts(content, store, at), *_ended(content, at)]
    with unit_of_work():
        session.add_all(
            RetentionRun(at=at, rule=one.rule, marked=one.marked, held=one.held, gone=one.gone)
            for one in results
            if one.marked or one.held or one.gone
        )
    return results


# --- documents -----------------------------------------------------------------------------------


def _documents(rule: RetentionRule, content: Content, store: FileStore, at: datetime) -> RuleResult:
    result = RuleResult(rule)
    found = due.due_schools(rule, content, at=at)
    known = marks.open_marks(rule)
    result.held = sum(found.values())
    due_now = {school_id for school_id, held in found.items() if not held}
    _spare([mark for school_id, mark in known.items() if school_id not in due_now], at=at)
    for school_id in sorted(due_now, key=str):
        mark = known.get(school_id)
        if mark is None:
            _in_unit(lambda school_id=school_id: _mark_school(rule, school_id, at=at))  # type: ignore[misc] # bound at once
            result.marked += 1
        elif mark.due_at <= at:
            result.gone += _delete_documents(rule, content, mark.id, store=store, at=at)
    return result


def _mark_school(rule: RetentionRule, school_id: UUID, *, at: datetime) -> None:
    """Mark the documents of a school, and notify its people and the coordinators of its group."""
    school = session.get_one(School, school_id)
    mark = RetentionMark(
        rule=rule, subject_id=school_id, school_id=school_id, marked_at=at, due_at=at + NOTICE
    )
    session.add(mark)
    told = [*people.people_of_school(school_id), *people.coordinators_of_group(school.group_id)]
    mails.tell_documents(told, school.name, mark.due_at, at=at)
    session.flush()


def _delete_documents(
    rule: RetentionRule, content: Content, mark_id: UUID, *, store: FileStore, at: datetime
) -> int:
    """Delete the files of a school some at a time, and end the mark with the last of them."""
    total, left = 0, True
    while left:
        with unit_of_work():
            mark = session.get_one(RetentionMark, mark_id)
            school = session.get_one(School, mark.subject_id)
            # Asked anew in each unit: an appeal may have come in since.
            if not due.is_due(rule, content, school, at=at):
                return total
            versions = due.versions_of(rule, content, school, at=at, most=AT_ONCE)
            for version in versions:
                expire_file(version, store=store)
                facts = {"number": version.number, "sha256": version.sha256}
                record(
                    Event.DOCUMENTS_EXPIRED, version, by=SYSTEM, at=at, school_id=school.id, **facts
                )
            total += len(versions)
            left = len(versions) == AT_ONCE
            if not left:
                mark.ended_at, mark.outcome = at, MarkOutcome.GONE
            session.flush()
    return total


# --- accounts ------------------------------------------------------------------------------------


def _accounts(content: Content, store: FileStore, at: datetime) -> RuleResult:
    result = RuleResult(RetentionRule.ACCOUNTS)
    found = {person.id: person for person in due.due_people(content, at=at)}
    known = marks.open_marks(RetentionRule.ACCOUNTS)
    held = {one.id for one in found.values() if due.holds_of(one, at=at) or open_duties(one)}
    result.held = len(held)
    _spare([mark for user_id, mark in known.items() if user_id not in found.keys() - held], at=at)
    for user_id in sorted(found.keys() - held, key=str):
        mark = known.get(user_id)
        if mark is None:
            _in_unit(lambda user_id=user_id: _mark_person(user_id, at=at))  # type: ignore[misc] # bound at once
            result.marked += 1
        elif mark.due_at <= at:
            _in_unit(lambda mark_id=mark.id: _erase_marked(mark_id, store=store, at=at))  # type: ignore[misc] # bound at once
            result.gone += 1
    return result


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
    erase(person, store=store, by=SYSTEM, at=at)


# --- what has ended by itself --------------------------------------------------------------------

Forget = Callable[[datetime], int]


def ended_rules(
    content: Content, at: datetime
) -> list[tuple[RetentionRule, datetime, Forget, Forget]]:
    """List the rules without notice: until when something must have ended, how it is counted, how it goes."""
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


def _ended(content: Content, at: datetime) -> list[RuleResult]:
    results = []
    for rule, before, _count, forget in ended_rules(content, at):
        with unit_of_work():
            results.append(RuleResult(rule, gone=forget(before)))
    return results


# --- helpers -------------------------------------------------------------------------------------


def _spare(no_longer_due: Iterable[RetentionMark], *, at: datetime) -> None:
    """End marks of what is used again, or held: the notice begins anew when it is due again."""
    ids = [mark.id for mark in no_longer_due]
    if ids:
        with unit_of_work():
            for mark_id in ids:
                mark = session.get_one(RetentionMark, mark_id)
                mark.ended_at, mark.outcome = at, MarkOutcome.SPARED
            session.flush()


def _in_unit(job: Callable[[], None]) -> None:
    with unit_of_work():
        job()
