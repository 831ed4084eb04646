"""Who may confirm what another person proposed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.handover.rules.powers import KNOWN_AFTER


@dataclass(frozen=True)
class Colleague:
    """What the rule needs of a person of the secretariat."""

    id: UUID
    joined_at: datetime
    invited_by_id: UUID | None = None


@dataclass(frozen=True)
class Proposed:
    """Who proposed, when, until when it can be confirmed, and from when on it needs nobody else."""

    proposer_id: UUID
    proposed_at: datetime
    expires_at: datetime
    alone_from: datetime | None = None


def is_known(one: Colleague, proposer_id: UUID, at: datetime) -> bool:
    """Return whether the person stands beside the proposer, and was not just brought in by them."""
    return one.invited_by_id != proposer_id or at - one.joined_at >= KNOWN_AFTER


def confirm_problem(proposed: Proposed, by: Colleague, at: datetime) -> Problem | None:
    """Return why a person cannot confirm a proposal; None if they can.

    The proposer can, once the time to stop it is over, where nobody else could have confirmed.
    """
    if at >= proposed.expires_at:
        return Problem(
            "late", N_("This proposal has expired. Propose it again, if it is still right.")
        )
    if by.id == proposed.proposer_id:
        return _alone_problem(proposed, at)
    if not is_known(by, proposed.proposer_id, proposed.proposed_at):
        message = N_(
            "The person who proposes this invited you less than 7 days before. Somebody else must confirm it."
        )
        return Problem("invited", message)
    return None


def _alone_problem(proposed: Proposed, at: datetime) -> Problem | None:
    """Return why the proposer cannot do it alone; None once nobody else is needed."""
    if proposed.alone_from is None:
        return Problem("own", N_("Another person of the secretariat must confirm this."))
    if at < proposed.alone_from:
        message = N_("This can be done from %(moment)s on. Until then it can be stopped.")
        return Problem("early", message, {"moment": proposed.alone_from})
    return None
