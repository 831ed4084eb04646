"""Proposes acts that need a second person; confirms, refuses, stops and ends them."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from blinker import Signal
from msgspec import Struct
from sqlalchemy import CursorResult, update

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Forbidden, Missing, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.handover import mails, queries
from cissapp.people.handover.models import ActProposal
from cissapp.people.handover.rules.powers import (
    ALONE_WAITS,
    PROPOSAL_LASTS,
    ActOutcome,
    SharedAct,
)
from cissapp.people.handover.rules.proposals import Colleague, confirm_problem

# Sent inside the transaction, with the agreed `SharedAct`; the room that owns the act carries it out.
act_confirmed = Signal()


class ActDraft(Struct, frozen=True):
    """A proposed act: the act, the subject and its name, the reason, and the values the act needs."""

    act: SharedAct
    subject_id: UUID
    title: str
    reason: str
    values: dict[str, Any]


def needs_second_person(by: Actor, at: datetime) -> bool:
    """Check whether anybody else in the secretariat can confirm an act of this person."""
    return by.role is Role.SECRETARIAT and bool(queries.colleagues_of(by.id, at))


def propose_act(
    draft: ActDraft, *, lost: User | None = None, by: Actor, at: datetime
) -> ActProposal:
    """Store an act until another person of the secretariat confirms it, and ask them to.

    `lost` is the coordinator to be replaced: they and the group's reviewers are notified, they can stop it,
    and if nobody can confirm it, it can be done alone after 72 hours.
    """
    if by.id is None or by.role is not Role.SECRETARIAT:
        raise Forbidden
    lock(f"act:{draft.act}:{draft.subject_id}")
    _make_room(draft, at=at)
    alone = not queries.colleagues_of(by.id, at)
    token = secrets.token_urlsafe(32) if lost else None
    proposal = ActProposal(
        act=draft.act,
        subject_id=draft.subject_id,
        title=draft.title,
        reason=draft.reason,
        values=draft.values,
        proposed_at=at,
        proposed_by_id=by.id,
        expires_at=at + PROPOSAL_LASTS + (ALONE_WAITS if alone else timedelta()),
        alone_from=at + ALONE_WAITS if alone else None,
        lost_id=lost.id if lost else None,
        token_hash=hash_of(token) if token else None,
    )
    session.add(proposal)
    session.flush()
    record(Event.ACT_PROPOSED, proposal, by=by, at=at, act=draft.act.value)
    mails.ask_to_confirm(proposal, by=by, at=at)
    if lost and token:
        mails.tell_of_replacement(proposal, lost, token, at=at)
    session.flush()
    return proposal


def _make_room(draft: ActDraft, *, at: datetime) -> None:
    """Refuse a second proposal of the same act; one that has expired is ended first."""
    found = queries.open_proposal_of(draft.act, draft.subject_id)
    if found is None:
        return
    if at < found.expires_at:
        raise Refused(
            Problem(
                "proposed", N_("This has already been proposed and is waiting for a second person.")
            )
        )
    _end(found, ActOutcome.LAPSED, by=None, at=at)
    record(Event.ACT_LAPSED, found, by=SYSTEM, at=at, act=found.act.value)
    session.flush()


def confirm_act(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Confirm and carry out what another person proposed; of two concurrent attempts only one succeeds."""
    person = session.get(User, by.id) if by.id else None
    if person is None or person.role is not Role.SECRETARIAT:
        raise Forbidden
    colleague = Colleague(person.id, person.joined_at, person.invited_by_id)
    problem = _proposer_problem(proposal) or confirm_problem(proposal.proposed, colleague, at)
    if problem:
        raise Refused(problem)
    _carry_out(proposal, by=person, at=at)


def _proposer_problem(proposal: ActProposal) -> Problem | None:
    """Return the problem with a proposal whose author may no longer act."""
    proposer = proposal.proposed_by
    if proposer.is_active and proposer.role is Role.SECRETARIAT:
        return None
    return Problem(
        "gone", N_("The person who proposed this has left. Propose it again if it is right.")
    )


def _carry_out(proposal: ActProposal, *, by: User, at: datetime) -> None:
    act, subject_id = proposal.act, proposal.subject_id
    values, reason = dict(proposal.values), proposal.reason
    _end(proposal, ActOutcome.DONE, by=by, at=at)
    record(Event.ACT_CONFIRMED, proposal, by=by, at=at, act=act.value)
    act_confirmed.send(act, subject_id=subject_id, values=values, reason=reason, by=by, at=at)
    session.flush()


def refuse_act(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Refuse another person's proposal, or withdraw one's own."""
    if by.role is not Role.SECRETARIAT:
        raise Forbidden
    own = by.id == proposal.proposed_by_id
    outcome = ActOutcome.TAKEN_BACK if own else ActOutcome.REFUSED
    _end_undone(proposal, outcome, by=by, at=at)


def stop_act(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Stop, as the coordinator who would be replaced, what the secretariat proposed."""
    if by.id is None or by.id != proposal.lost_id:
        raise Missing
    _end_undone(proposal, ActOutcome.STOPPED, by=by, at=at)


def _end_undone(proposal: ActProposal, outcome: ActOutcome, *, by: Actor, at: datetime) -> None:
    _end(proposal, outcome, by=by, at=at)
    record(Event.ACT_REFUSED, proposal, by=by, at=at, act=proposal.act.value, how=outcome.value)
    mails.tell_of_end(proposal, by=by, at=at)
    session.flush()


def _end(proposal: ActProposal, outcome: ActOutcome, *, by: Actor | None, at: datetime) -> None:
    """End a proposal, only once; delete its values, which may name people, and disable its link."""
    won = session.execute(
        update(ActProposal)
        .where(ActProposal.id == proposal.id, ActProposal.ended_at.is_(None))
        .values(
            ended_at=at,
            ended_by_id=by.id if by else None,
            outcome=outcome,
            values={},
            token_hash=None,
        )
        .execution_options(synchronize_session=False)
    )
    if not isinstance(won, CursorResult) or won.rowcount != 1:
        raise Refused(
            Problem("ended", N_("Someone else changed this first. Here is how it stands now."))
        )
    session.refresh(proposal)


def end_acts_of(person: User, *, at: datetime) -> None:
    """End the proposals of a person whose account was closed: nobody is left to answer for them."""
    for proposal in queries.open_proposals_by(person.id):
        _end_undone(proposal, ActOutcome.LEFT, by=SYSTEM, at=at)


def end_expired_acts(*, at: datetime) -> int:
    """End the proposals that nobody confirmed in time; return how many."""
    found = queries.expired_proposals(at)
    for proposal in found:
        _end(proposal, ActOutcome.LAPSED, by=None, at=at)
        record(Event.ACT_LAPSED, proposal, by=SYSTEM, at=at, act=proposal.act.value)
        mails.tell_of_end(proposal, by=SYSTEM, at=at)
    session.flush()
    return len(found)


def carry_out_ripe_acts(*, at: datetime) -> int:
    """Carry out what one person proposed alone and nobody stopped for 72 hours; return how many.

    An act that is no longer possible, or whose author has left, stays until it expires.
    """
    done = 0
    for proposal in queries.ripe_proposals(at):
        if _proposer_problem(proposal):
            continue
        try:
            with session.begin_nested():
                _carry_out(proposal, by=proposal.proposed_by, at=at)
        except (Refused, Forbidden):
            continue
        done += 1
    return done
