"""Proposals of a decision and votes on them; the majority's decision is carried out in the same step."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.review.appeals import mails
from cissapp.review.appeals.models import Appeal, Proposal, ProposalVote
from cissapp.review.appeals.rules import (
    AppealOutcome,
    AppealState,
    panel_problems,
    proposal_problems,
)
from cissapp.review.appeals.services import carrying_out
from cissapp.review.appeals.services.leaving import take_off_barred
from cissapp.review.appeals.services.participants import require_hearing_member


class ProposalInput(Struct, frozen=True):
    """A proposed decision; `level` and `levels` with "altered" only."""

    outcome: AppealOutcome
    level: int | None
    levels: Mapping[str, int]
    reasons: str


def propose(
    appeal: Appeal, wanted: ProposalInput, *, issuer: Issuer, by: Actor, at: datetime
) -> Proposal:
    """Propose a decision with its author's vote in favour; only one proposal is voted on at a time.

    A certificate is refused here already if the decision rule forbids it at the proposed levels.
    """
    person_id = require_hearing_member(appeal, by=by, at=at)
    take_off_barred(appeal, at=at)
    if appeal.open_proposal or appeal.accepted_proposal:
        raise Refused(Problem("open", N_("The panel is already voting on a proposal.")))
    found = panel_problems(len(appeal.hearing))
    found += proposal_problems(wanted.outcome, wanted.levels, appeal.criteria)
    if wanted.outcome is AppealOutcome.ALTERED and not found:
        found = carrying_out.certificate_problems(appeal, wanted.level, wanted.levels, issuer)
    if found:
        raise Refused(*found)
    proposal = Proposal(
        id=new_id(),
        appeal=appeal,
        number=len(appeal.proposals) + 1,
        author_id=person_id,
        outcome=wanted.outcome,
        level=wanted.level if wanted.outcome is AppealOutcome.ALTERED else None,
        levels=dict(wanted.levels),
        reasons=wanted.reasons,
        proposed_at=at,
    )
    session.add(proposal)
    session.flush()
    _record_proposal(Event.APPEAL_RULING_PROPOSED, proposal, by=by, at=at)
    _vote(proposal, person_id, at, agrees=True)
    mails.tell_proposed(proposal, at=at)
    return proposal


def vote(
    proposal: Proposal, *, agrees: bool, note: str, issuer: Issuer, by: Actor, at: datetime
) -> None:
    """Record a member's vote on a proposal, once; an accepted proposal is carried out in the same step."""
    appeal = proposal.appeal
    person_id = require_hearing_member(appeal, by=by, at=at)
    session.refresh(proposal, ["votes"])
    if proposal is not appeal.open_proposal:
        raise Refused(Problem("state", N_("The panel has closed this proposal.")))
    if proposal.voted(person_id):
        raise Refused(
            Problem(
                "voted", N_("You have already voted on this proposal. You cannot change your vote.")
            )
        )
    if not agrees and not note:
        message = N_(
            "Explain what you disagree with, so that a new proposal can take it into account."
        )
        raise Refused(Problem("note", message))
    _vote(proposal, person_id, at, agrees=agrees, note=note)
    _record_proposal(Event.APPEAL_VOTED, proposal, by=by, at=at, agrees=agrees)
    take_off_barred(appeal, at=at)
    if appeal.accepted_proposal:
        close_appeal(appeal, appeal.accepted_proposal, issuer, by=by, at=at)


def _vote(
    proposal: Proposal, person_id: UUID, at: datetime, *, agrees: bool, note: str = ""
) -> None:
    proposal.votes.append(
        ProposalVote(
            proposal_id=proposal.id,
            person_id=person_id,
            agrees=agrees,
            note=note,
            voted_at=at,
        )
    )
    session.flush()


def _record_proposal(
    event: Event, proposal: Proposal, *, by: Actor, at: datetime, **facts: object
) -> None:
    record(
        event,
        proposal,
        by=by,
        at=at,
        school_id=proposal.appeal.school_id,
        appeal=str(proposal.appeal_id),
        outcome=proposal.outcome.value,
        level=proposal.level,
        **facts,
    )


def close_appeal(
    appeal: Appeal, proposal: Proposal, issuer: Issuer, *, by: Actor, at: datetime
) -> None:
    """Close an appeal with the accepted proposal, and carry it out."""
    appeal.state, appeal.outcome, appeal.decided_at = AppealState.DECIDED, proposal.outcome, at
    session.flush()
    _record_proposal(Event.APPEAL_DECIDED, proposal, by=by, at=at)
    deadlines.meet(DeadlineKind.APPEAL, subject_id=appeal.id, at=at, by=by)
    if proposal.outcome is AppealOutcome.ALTERED:
        carrying_out.certify(appeal, proposal, issuer, by=by, at=at)
    elif proposal.outcome is AppealOutcome.RETURNED:
        carrying_out.reopen_for_others(appeal, issuer, by=by, at=at)
    mails.tell_decided(appeal, at=at)
