"""What the retention rules find due, and what holds it back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, exists, or_, select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.content.packs import retention_in
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.personal_data.models import RetentionHold
from cissapp.oversee.personal_data.queries.duties import UNDER_REVIEW
from cissapp.oversee.personal_data.rules.pseudonyms import NOWHERE
from cissapp.oversee.personal_data.rules.retention import RetentionRule, months_before
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.documents.models import DocumentVersion

OPEN = (*UNDER_REVIEW, "draft")


def _table(name: str) -> Table:
    return db.metadatas[None].tables[name]


def is_held(at: datetime) -> ColumnElement[bool]:
    """Match schools that are held: an open appeal, complaint, cure or review, or an explicit hold."""
    appeal, complaint, cure = _table("appeal"), _table("complaint"), _table("cure")
    application = _table("application")
    return or_(
        exists().where(appeal.c.school_id == School.id, appeal.c.decided_at.is_(None)),
        exists().where(complaint.c.school_id == School.id, complaint.c.answered_at.is_(None)),
        exists().where(cure.c.school_id == School.id, cure.c.ended_at.is_(None)),
        exists().where(application.c.school_id == School.id, application.c.state.in_(UNDER_REVIEW)),
        exists().where(
            RetentionHold.school_id == School.id,
            RetentionHold.ended_at.is_(None),
            RetentionHold.until_on >= at.date(),
        ),
    )


def is_due(rule: RetentionRule, content: Content, school: School, *, at: datetime) -> bool:
    """Return whether a rule finds documents of a school due, and nothing holds them."""
    if school.country_code not in content.countries:
        return False
    wanted = versions_of(rule, content, school, at=at, most=1)
    return bool(wanted) and not session.scalar(select(is_held(at)).where(School.id == school.id))


def due_schools(rule: RetentionRule, content: Content, *, at: datetime) -> dict[UUID, bool]:
    """Return the schools with documents that a rule finds due, and whether each is held."""
    found: dict[UUID, bool] = {}
    for code in content.countries:
        wanted = due_versions(rule, content, code, at=at).with_only_columns(
            DocumentVersion.school_id
        )
        query = select(School.id, is_held(at)).where(
            School.country_code == code, School.id.in_(wanted)
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def due_versions(rule: RetentionRule, content: Content, code: str, *, at: datetime) -> Select[Any]:
    """Select the versions of documents in a country that a rule finds due; their schools may be held."""
    times = content.countries[code].retention
    has_file = DocumentVersion.file_key.is_not(None)
    if rule is RetentionRule.UNUSED:
        before = months_before(at, times.unused_months)
        return select(DocumentVersion).where(
            has_file, ~_was_submitted(), ~_used_since(before), DocumentVersion.uploaded_at < before
        )
    appeal_days = content.standard.decision.appeal.file_days
    before = months_before(at, times.decided_months) - timedelta(days=appeal_days)
    return select(DocumentVersion).where(
        has_file, _was_submitted(), ~_has_open_application(), ~_submitted_after(before)
    )


def _was_submitted() -> ColumnElement[bool]:
    submitted = _table("submitted_version")
    return exists().where(submitted.c.version_id == DocumentVersion.id)


def _has_open_application() -> ColumnElement[bool]:
    """Match versions of a school with an open application: its documents are in use."""
    application = _table("application")
    return exists().where(
        application.c.school_id == DocumentVersion.school_id, application.c.state.in_(OPEN)
    )


def _submitted_after(before: datetime) -> ColumnElement[bool]:
    """Match versions submitted with an application that is open, or has changed since a given time."""
    submitted, submission, application = map(
        _table, ("submitted_version", "submission", "application")
    )
    return exists().where(
        submitted.c.version_id == DocumentVersion.id,
        submission.c.id == submitted.c.submission_id,
        application.c.id == submission.c.application_id,
        or_(application.c.changed_at >= before, application.c.state.in_(OPEN)),
    )


def _used_since(before: datetime) -> ColumnElement[bool]:
    """Match versions of a school whose people were active since a given time."""
    return exists().where(
        AuditEntry.school_id == DocumentVersion.school_id,
        AuditEntry.actor_role == Role.SCHOOL_MANAGER,
        AuditEntry.at >= before,
    )


def versions_of(
    rule: RetentionRule, content: Content, school: School, *, at: datetime, most: int
) -> list[DocumentVersion]:
    """List up to `most` versions of a school that a rule finds due."""
    query = due_versions(rule, content, school.country_code, at=at)
    query = query.where(DocumentVersion.school_id == school.id).order_by(DocumentVersion.id)
    return list(session.scalars(query.limit(most)))


def due_people(content: Content, *, at: datetime) -> list[User]:
    """List the people whose account was closed long enough ago for them to be erased."""

    def before(country_code: str | None) -> datetime:
        times = retention_in(content.countries, country_code)
        return months_before(at, times.closed_account_months)

    latest = max(before(code) for code in (None, *content.countries))
    return [
        person
        for person in _closed(latest)
        if person.deactivated_at and person.deactivated_at < before(country_of(person))
    ]


def _closed(before: datetime) -> Iterator[User]:
    query = select(User).where(User.deactivated_at < before, ~User.email.endswith(f"@{NOWHERE}"))
    yield from session.scalars(query.order_by(User.deactivated_at, User.id))


def country_of(person: User) -> str | None:
    """Return the country whose retention periods apply to a person."""
    if person.country_code:
        return person.country_code
    return next(iter(person.group.country_codes), None) if person.group else None


def holds_of(person: User, *, at: datetime) -> bool:
    """Return whether the school of a person is held."""
    if person.school_id is None:
        return False
    return bool(session.scalar(select(exists().where(School.id == person.school_id, is_held(at)))))
