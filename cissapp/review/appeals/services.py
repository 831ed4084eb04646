"""Writes of appeals: file, name the panel, vote; the majority's ruling is carried out in the same step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cissapp.certify.certificates.issuer import Issuer
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import new_id, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.models import User
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.review.appeals import carrying_out, mails, queries
from cissapp.review.appeals.models import Appeal, AppealMember, Proposal, ProposalVote
from cissapp.review.appeals.rules import (
    Outcome,
    State,
    filing_problems,
    panel_problems,
    proposal_problems,
)
from cissapp.review.independence import queries as independence
from cissapp.review.independence import services as seats
from cissapp.review.independence.rules import Answer, Seat
from cissapp.review.independence.rules.people import keeps_from_panel
from cissapp.review.reviews.models import Decision


def file(
    decision: Decision,
    *,
    grounds: str,
    criteria: Sequence[str],
    issuer: Issuer,
    by: User,
    at: datetime,
) -> Appeal:
    """File an appeal; the decision stands meanwhile (programme rule 5.2)."""
    application = decision.review.application
    seats.alone(application)
    limits = issuer.content.standard.decision.appeal
    found = filing_problems(queries.filing_of(decision, by, limits.file_days), at.date())
    if found:
        raise Refused(*found)
    appeal = Appeal(
        id=new_id(),
        decision_id=decision.id,
        decision=decision,
        application_id=application.id,
        application=application,
        school_id=application.school_id,
        criteria=list(criteria),
        grounds=grounds,
        state=State.FILED,
        filed_at=at,
        filed_by_id=by.id,
    )
    session.add(appeal)
    session.flush()
    _begin(appeal, at.date() + timedelta(days=limits.decide_days), by=by, at=at)
    return appeal


def _begin(appeal: Appeal, due_on: date, *, by: Actor, at: datetime) -> None:
    """Record the filing, start the clock, and tell who names the panel."""
    record(
        Event.APPEAL_FILED,
        appeal,
        by=by,
        at=at,
        school_id=appeal.school_id,
        decision=str(appeal.decision_id),
        criteria=appeal.criteria,
    )
    deadlines.open(
        DeadlineKind.APPEAL,
        subject_id=appeal.id,
        school=appeal.application.school,
        due_on=due_on,
        person_id=None,
        by=by,
        at=at,
    )
    mails.tell_filed(appeal, due_on=due_on, at=at)


def declare(
    appeal: Appeal,
    *,
    grounds: list[str],
    note: str,
    answers: Mapping[str, Answer],
    issuer: Issuer,
    by: Actor,
    at: datetime,
) -> None:
    """Keep a member's ties to the school, or that there is none; once, and for good.

    Who may not hear the appeal after all leaves the panel's count; the secretariat names another. If
    more than half of those who are left have agreed to a proposal, it is carried out.
    """
    _open(appeal)
    member = queries.member(appeal, by.id)
    seats.declare(appeal.application, grounds=grounds, note=note, answers=answers, by=by, at=at)
    if keeps_from_panel(independence.hands(appeal.application, by.id)):
        member.excused_at = at
        session.flush()
        mails.tell_excused(appeal, member, at=at)
        if appeal.ruling:
            _close(appeal, appeal.ruling, issuer, by=appeal.ruling.author, at=at)


def _open(appeal: Appeal) -> None:
    seats.alone(appeal.application)
    session.refresh(appeal)
    if appeal.state is not State.FILED:
        raise Refused(Problem("state", N_("This appeal is decided. It stays as it is.")))


def name_panel(
    appeal: Appeal, person_ids: Sequence[UUID], *, by: Actor, at: datetime
) -> list[AppealMember]:
    """Name people who hear the appeal, beside those named before; refuse with every reason.

    Each takes the seat of a panel, which the database gives to nobody who took part in the case.
    """
    _open(appeal)
    new = [one for one in dict.fromkeys(person_ids) if not appeal.heard_by(one)]
    found = panel_problems(len(appeal.hearing) + len(new))
    if found or not new:
        raise Refused(*(found or [Problem("members", N_("Choose somebody."))]))
    for person_id in new:
        seats.take_seat(appeal.application, person_id, Seat.PANEL, by=by, at=at)
        session.add(
            AppealMember(appeal_id=appeal.id, person_id=person_id, named_at=at, named_by_id=by.id)
        )
    session.flush()
    session.refresh(appeal, ["members"])
    named = [one for one in appeal.members if one.person_id in new]
    record(
        Event.APPEAL_PANEL_NAMED,
        appeal,
        by=by,
        at=at,
        school_id=appeal.school_id,
        people=[str(one) for one in new],
    )
    mails.tell_named(appeal, named, at=at)
    return named


def _hearing(appeal: Appeal, by: Actor) -> UUID:
    """Let a member of the panel act who may: declared, and without a tie."""
    _open(appeal)
    person_id = queries.member(appeal, by.id).person_id
    closed = keeps_from_panel(independence.hands(appeal.application, person_id))
    if closed:
        raise Refused(*closed)
    return person_id


@dataclass(frozen=True)
class Wanted:
    """A ruling that somebody proposes; `level` and `levels` with "altered" only."""

    outcome: Outcome
    level: int | None
    levels: Mapping[str, int]
    reasons: str


def propose(appeal: Appeal, wanted: Wanted, *, issuer: Issuer, by: Actor, at: datetime) -> Proposal:
    """Propose a ruling; its author agrees to it. One proposal is voted on at a time.

    A certificate is refused here already, if the decision rule forbids it with the levels proposed.
    """
    person_id = _hearing(appeal, by)
    if appeal.open_proposal:
        raise Refused(Problem("open", N_("The panel votes on a proposal already.")))
    found = panel_problems(len(appeal.hearing))
    found += proposal_problems(wanted.outcome, wanted.levels, appeal.criteria)
    if wanted.outcome is Outcome.ALTERED and not found:
        found = carrying_out.certificate_problems(appeal, wanted.level, wanted.levels, issuer)
    if found:
        raise Refused(*found)
    proposal = Proposal(
        id=new_id(),
        appeal=appeal,
        number=len(appeal.proposals) + 1,
        author_id=person_id,
        outcome=wanted.outcome,
        level=wanted.level if wanted.outcome is Outcome.ALTERED else None,
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
    """Keep what a member says to a proposal, once; accepted, it is carried out in the same step."""
    appeal = proposal.appeal
    person_id = _hearing(appeal, by)
    session.refresh(proposal, ["votes"])
    if proposal is not appeal.open_proposal:
        raise Refused(Problem("state", N_("The panel has closed this proposal.")))
    if proposal.voted(person_id):
        raise Refused(Problem("voted", N_("You have voted on this proposal. It stays so.")))
    if not agrees and not note:
        message = N_("Say what you see otherwise, so that a new proposal can meet it.")
        raise Refused(Problem("note", message))
    _vote(proposal, person_id, at, agrees=agrees, note=note)
    _record_proposal(Event.APPEAL_VOTED, proposal, by=by, at=at, agrees=agrees)
    if appeal.ruling:
        _close(appeal, appeal.ruling, issuer, by=by, at=at)


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


def _close(appeal: Appeal, ruling: Proposal, issuer: Issuer, *, by: Actor, at: datetime) -> None:
    appeal.state, appeal.outcome, appeal.decided_at = State.DECIDED, ruling.outcome, at
    session.flush()
    _record_proposal(Event.APPEAL_DECIDED, ruling, by=by, at=at)
    deadlines.meet(DeadlineKind.APPEAL, subject_id=appeal.id, at=at, by=by)
    if ruling.outcome is Outcome.ALTERED:
        carrying_out.certify(appeal, ruling, issuer, by=by, at=at)
    elif ruling.outcome is Outcome.RETURNED:
        carrying_out.hand_to_others(appeal, issuer, by=by, at=at)
    mails.tell_decided(appeal, at=at)
