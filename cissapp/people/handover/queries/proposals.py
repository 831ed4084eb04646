"""Reads of acts that wait for a second person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.handover.models import ActProposal
from cissapp.people.handover.rules.powers import KNOWN_AFTER, SharedAct
from cissapp.people.handover.rules.proposals import Colleague

PEOPLE = (joinedload(ActProposal.proposed_by), joinedload(ActProposal.ended_by))
SHOWN_ENDED = 20


def proposal(act_id: UUID) -> ActProposal | None:
    """Find a proposal, with its people."""
    return session.get(ActProposal, act_id, options=PEOPLE)


def proposal_by_token(token: str) -> ActProposal | None:
    """Find a proposal by the secret of the link that stops it."""
    return session.scalar(select(ActProposal).where(ActProposal.token_hash == hash_of(token)))


def open_proposal_of(act: SharedAct, subject_id: UUID) -> ActProposal | None:
    """Find the proposal of an act on a subject that has not been ended, even if it has expired."""
    return session.scalar(
        select(ActProposal)
        .where(
            ActProposal.act == act,
            ActProposal.subject_id == subject_id,
            ActProposal.ended_at.is_(None),
        )
        .options(*PEOPLE)
    )


def waiting_proposals() -> list[ActProposal]:
    """List the proposals that have not been ended, the oldest first."""
    query = select(ActProposal).where(ActProposal.ended_at.is_(None)).options(*PEOPLE)
    return list(session.scalars(query.order_by(ActProposal.proposed_at)))


def open_proposals_by(user_id: UUID) -> list[ActProposal]:
    """List the proposals of a person that have not been ended."""
    query = select(ActProposal).where(
        ActProposal.ended_at.is_(None), ActProposal.proposed_by_id == user_id
    )
    return list(session.scalars(query.options(*PEOPLE)))


def ended_proposals() -> list[ActProposal]:
    """List the 20 proposals that ended last."""
    query = select(ActProposal).where(ActProposal.ended_at.is_not(None)).options(*PEOPLE)
    return list(session.scalars(query.order_by(ActProposal.ended_at.desc()).limit(SHOWN_ENDED)))


def count_waiting() -> int:
    """Count the proposals that have not been ended."""
    query = select(func.count(ActProposal.id)).where(ActProposal.ended_at.is_(None))
    return session.scalar(query) or 0


def expired_proposals(at: datetime) -> list[ActProposal]:
    """List the proposals that have expired but have not been ended."""
    query = select(ActProposal).where(ActProposal.ended_at.is_(None), ActProposal.expires_at <= at)
    return list(session.scalars(query.order_by(ActProposal.expires_at)))


def ripe_proposals(at: datetime) -> list[ActProposal]:
    """List the open proposals that need nobody else any more."""
    query = select(ActProposal).where(
        ActProposal.ended_at.is_(None), ActProposal.alone_from <= at, ActProposal.expires_at > at
    )
    return list(session.scalars(query.order_by(ActProposal.proposed_at)))


def colleagues_of(user_id: UUID | None, at: datetime) -> list[Colleague]:
    """List the other people of the secretariat, including those whose accounts this person closed recently.

    So nobody can do without a second person by closing the accounts of everyone else.
    """
    closed_of_late = (User.deactivated_by_id == user_id) & (User.deactivated_at > at - KNOWN_AFTER)
    query = select(User).where(
        User.role == Role.SECRETARIAT,
        User.school_id.is_(None),
        or_(User.deactivated_at.is_(None), closed_of_late),
    )
    return [
        Colleague(one.id, one.joined_at, one.invited_by_id)
        for one in session.scalars(query)
        if one.id != user_id
    ]
