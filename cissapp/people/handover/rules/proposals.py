"""Who may confirm what another person proposed."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.handover.rules.powers import KNOWN_AFTER


class Colleague(Struct, frozen=True):
    """The facts about a person of the secretariat that the rule needs."""

    id: UUID
    joined_at: datetime
    invited_by_id: UUID | None = None

    def is_known(self, at: datetime) -> bool:
        """Check whether the others had time to notice the person; the one who set up CISS always passes."""
        return self.invited_by_id is None or at - self.joined_at >= KNOWN_AFTER


class Proposed(Struct, frozen=True):
    """Who proposed an act and when, when it expires, and from when it needs nobody else."""

    proposer: Colleague
    proposed_at: datetime
    expires_at: datetime
    alone_from: datetime | None = None


def confirm_problem(proposed: Proposed, by: Colleague, at: datetime) -> Problem | None:
    """Return why a person cannot confirm a proposal; None if they can.

    The proposer can if nobody else could have confirmed, once the time to stop it is over. Neither of the
    two may be new, no matter who invited them: otherwise one person could invite a second account and use
    both to propose and confirm.
    """
    if at >= proposed.expires_at:
        return Problem(
            "late", N_("This proposal has expired. Propose it again if it is still right.")
        )
    if by.id == proposed.proposer.id:
        return _alone_problem(proposed, at)
    if not (by.is_known(proposed.proposed_at) and proposed.proposer.is_known(proposed.proposed_at)):
        message = N_(
            "Both people must have had their accounts for 7 days when something is proposed. Someone else must confirm this, or propose it again later."
        )
        return Problem("new", message)
    return None


def _alone_problem(proposed: Proposed, at: datetime) -> Problem | None:
    """Return why the proposer cannot do it alone; None once nobody else is needed."""
    if proposed.alone_from is None:
        return Problem("own", N_("Another person in the secretariat must confirm this."))
    if at < proposed.alone_from:
        message = N_("This can be done from %(moment)s. It can be stopped until then.")
        return Problem("early", message, {"moment": proposed.alone_from})
    return None
