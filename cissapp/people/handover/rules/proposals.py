"""Who may confirm what another person proposed."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.handover.rules.powers import KNOWN_AFTER


class Colleague(Struct, frozen=True):
    """What the rule needs of a person of the secretariat."""

    id: UUID
    joined_at: datetime
    invited_by_id: UUID | None = None

    def is_known(self, at: datetime) -> bool:
        """Return whether the others had time to notice the person; who set the installation up was there first."""
        return self.invited_by_id is None or at - self.joined_at >= KNOWN_AFTER


class Proposed(Struct, frozen=True):
    """Who proposed, when, until when it can be confirmed, and from when on it needs nobody else."""

    proposer: Colleague
    proposed_at: datetime
    expires_at: datetime
    alone_from: datetime | None = None


def confirm_problem(proposed: Proposed, by: Colleague, at: datetime) -> Problem | None:
    """Return why a person cannot confirm a proposal; None if they can.

    The proposer can, once the time to stop it is over, where nobody else could have confirmed. Neither of the
    two may be new, whoever invited them: one person with a second account can bring in a third one, or propose
    with one and confirm with the other.
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
