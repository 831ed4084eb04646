"""Reads of applications and of what was handed in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.prepare.applications.models import Application, Question, Sift, Submission
from cissapp.prepare.applications.rules import Course, State
from cissapp.prepare.applications.snapshot import read
from cissapp.prepare.documents import queries as document_queries


@dataclass(frozen=True)
class HandedIn:
    """A round: when the dossier was handed in, and the hash of what was kept."""

    round: int
    submitted_at: datetime
    sha256: str


# Dossiers are long texts.
AT_ONCE = 50
CLOSED = (State.DECIDED, State.WITHDRAWN)


def application(application_id: UUID) -> Application | None:
    """Find an application."""
    return session.get(Application, application_id)


def open_application(school_id: UUID) -> Application | None:
    """Find the application of a school that is on its way."""
    return session.scalar(
        select(Application).where(
            Application.school_id == school_id, Application.state.not_in(CLOSED)
        )
    )


def newest_application(school_id: UUID) -> Application | None:
    """Find the last application of a school, open or not."""
    return session.scalar(
        select(Application)
        .where(Application.school_id == school_id)
        .order_by(Application.cycle.desc())
        .limit(1)
    )


def applications_of(school_id: UUID) -> list[Application]:
    """List all applications of a school, the newest first."""
    query = select(Application).where(Application.school_id == school_id)
    return list(session.scalars(query.order_by(Application.cycle.desc())))


def of_group(person: Actor, states: Collection[State]) -> list[Application]:
    """List the applications in these states that a person may see, longest waiting first."""
    query = select(Application).where(Application.state.in_(states))
    narrowed = visible(query, Application, person, Permission.APPLICATION_READ)
    return list(session.scalars(narrowed.order_by(Application.changed_at, Application.id)))


def submission(application: Application, round_: int) -> Submission | None:
    """Find what was handed in at a round."""
    return session.scalar(
        select(Submission).where(
            Submission.application_id == application.id, Submission.round == round_
        )
    )


def submissions(application: Application) -> list[HandedIn]:
    """List the rounds of an application, the newest first, without the texts."""
    rows = session.execute(
        select(Submission.round, Submission.submitted_at, Submission.sha256)
        .where(Submission.application_id == application.id)
        .order_by(Submission.round.desc())
    )
    return [HandedIn(*row) for row in rows]


def sifts(application: Application) -> dict[int, Sift]:
    """Give the sifts of an application by round."""
    query = select(Sift).where(Sift.application_id == application.id)
    return {one.round: one for one in session.scalars(query)}


def question(application: Application) -> Question | None:
    """Find what the assessor asked the school."""
    return session.scalar(select(Question).where(Question.application_id == application.id))


def course(application: Application, most_rounds: int) -> Course:
    """Gather what has happened in an application, for the machine.

    A round needs a sift of its own if it is the first one, or if the sift sent the round before back.
    """
    found = sifts(application)
    own, before = found.get(application.round), found.get(application.round - 1)
    needs_sift = application.round == 1 or (before is not None and not before.passed)
    return Course(
        sifted=own is not None if needs_sift else True,
        returned=any(not one.passed for one in found.values()),
        asked=question(application) is not None,
        rounds_left=most_rounds - application.round,
    )


def remarks(application: Application) -> dict[str, str]:
    """Give what the group wrote about the round that came back: from the sift, or a question."""
    sift = sifts(application).get(application.round)
    if sift is not None and not sift.passed:
        return {str(key): str(text) for key, text in sift.remarks.items()}
    asked = question(application)
    if asked is not None and asked.round == application.round:
        return {str(key): str(text) for key, text in asked.texts.items()}
    return {}


def altered() -> Iterator[str]:
    """Name each dossier handed in that is not the text that was kept, or whose documents are others now."""
    query = select(Submission).options(lazyload("*")).order_by(Submission.id)
    for some in session.scalars(query).partitions(AT_ONCE):
        kept = {one.id: _documents_of(one) for one in some}
        there = document_queries.hashes([key for each in kept.values() for key in each or ()])
        for dossier_id, documents in kept.items():
            if documents is None:
                yield f"dossier {dossier_id}: is not the text that was handed in"
            elif any(there.get(key) != sha256 for key, sha256 in documents.items()):
                yield f"dossier {dossier_id}: its documents are not those that were handed in"


def _documents_of(submission: Submission) -> dict[UUID, str] | None:
    """Return the hashes of the documents of a dossier by their versions; None, if its text was changed."""
    try:
        return {one.version.id: one.version.sha256 for one in read(submission).documents}
    except ValueError:
        return None
