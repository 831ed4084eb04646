"""Reads of what the school gets with a decision: the letter, and files of the reviewers."""

import json
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import Role
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries import newest_application, remarks
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.reviews.models import Attachment, Decision, Letter, Review
from cissapp.review.reviews.queries.cases import LIGHT, Case
from cissapp.review.reviews.rules.phases import CaseContent, Phase


class SchoolDecision(Struct, frozen=True):
    """A decision about a school's application with its letter; the letter holds what the school reads."""

    school_id: UUID
    decision: Decision
    letter: Letter | None
    attachments: list[Attachment]

    @property
    def content(self) -> dict[str, Any]:
        """The parts of the letter, see `reviews.phrases.letters`; empty for a decision older than letters."""
        return dict(json.loads(self.letter.content)) if self.letter else {}


def newest_school_decision(school_id: UUID | None) -> SchoolDecision:
    """Find the newest decision about a school; raise `Missing` if there is none."""
    query = (
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.school_id == school_id)
        .options(joinedload(Decision.review).joinedload(Review.submission).options(LIGHT))
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None or school_id is None:
        raise Missing
    return school_decision(found)


def school_decision(decision: Decision) -> SchoolDecision:
    """Gather what the school gets with a decision."""
    return SchoolDecision(
        decision.review.application.school_id,
        decision,
        letter_of(decision),
        attachments_of(decision.application_id, decision.round),
    )


def written_to_school(school_id: UUID) -> dict[str, str]:
    """Map each criterion that came back to what the group wrote of it: a remark, a question, or the reason of a decision.

    Empty while nothing has come back.
    """
    application = newest_application(school_id)
    if application is None or application.state is not ApplicationState.CHANGES_REQUESTED:
        return {}
    told = remarks(application)
    if told:
        return told
    letter = session.scalar(
        select(Letter)
        .join(Decision, Decision.id == Letter.decision_id)
        .where(Decision.application_id == application.id, Decision.round == application.round)
    )
    steps = json.loads(letter.content)["steps"] if letter else ()
    return {step["criterion"]: step["reason"] for step in steps}


def letter_of(decision: Decision) -> Letter | None:
    """Find the letter about a decision."""
    return session.scalar(select(Letter).where(Letter.decision_id == decision.id))


def attachments_of(application_id: UUID, number: int) -> list[Attachment]:
    """List the files of a round for the school, regardless of who may see them."""
    query = select(Attachment).where(
        Attachment.application_id == application_id, Attachment.round == number
    )
    return list(session.scalars(query.order_by(Attachment.added_at, Attachment.id)))


def attachments_for(case: Case, person: Actor) -> list[Attachment]:
    """List this round's files that a person of the group sees: their own, and those that the table allows."""
    ready = case.phase is not Phase.CHANGES or case.decision is not None
    every = ready and case.sees(CaseContent.ATTACHMENTS)
    found = attachments_of(case.application.id, case.application.round)
    return [one for one in found if every or one.added_by_id == person.id]


def attachment(attachment_id: UUID, actor: Actor) -> Attachment:
    """Find a file for the school; raise `Missing` for the school until the round is decided."""
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise Missing
    if actor.role is Role.SCHOOL_MANAGER and not _is_decided(found):
        raise Missing
    return found


def _is_decided(found: Attachment) -> bool:
    decided = exists().where(
        Decision.application_id == found.application_id, Decision.round == found.round
    )
    return bool(session.scalar(select(decided)))
