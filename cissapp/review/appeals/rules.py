"""The life of an appeal: when it may be filed, who may hear it, how a panel comes to its decision."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.applications.rules import SIGNING_DUTIES
from cissapp.prepare.applications.rules import ApplicationOutcome as Decided

LEAST_MEMBERS, MOST_MEMBERS = 2, 5
GROUNDS_LEAST, GROUNDS_MOST = 30, 4000


class AppealState(StrEnum):
    """The state of an appeal."""

    FILED = "filed"
    DECIDED = "decided"


class AppealOutcome(StrEnum):
    """A panel's ruling: the decision stands, the school is certified, or other people review again."""

    UPHELD = "upheld"
    ALTERED = "altered"
    RETURNED = "returned"


STATE_NAMES = {AppealState.FILED: N_("Appeal filed"), AppealState.DECIDED: N_("Appeal decided")}

OUTCOME_NAMES = {
    AppealOutcome.UPHELD: N_("The decision stands"),
    AppealOutcome.ALTERED: N_("The school is certified"),
    AppealOutcome.RETURNED: N_("Other people review the application again"),
}


def last_day(decided_on: date, file_days: int) -> date:
    """Return the last day on which an appeal may be filed (programme rule 5.2: 30 days)."""
    return decided_on + timedelta(days=file_days)


class AppealFiling(Struct, frozen=True):
    """What the rules need to know about a person who wants to appeal."""

    duty: Duty | None
    outcome: Decided | None
    until: date | None
    appealed_already: bool = False


def filing_problems(filing: AppealFiling, today: date) -> list[Problem]:
    """List why an appeal may not be filed now; empty if it may.

    An appeal is against gaps that were found; a certified school has nothing to appeal against here.
    """
    if filing.outcome not in {Decided.MINOR_GAPS, Decided.MAJOR_GAPS} or filing.until is None:
        return [Problem("decision", N_("There is no decision to appeal against."))]
    found = []
    if filing.appealed_already:
        found.append(Problem("again", N_("There is already an appeal against this decision.")))
    if today > filing.until:
        message = N_("The deadline to appeal was %(day)s.")
        found.append(Problem("late", message, {"day": filing.until}))
    if filing.duty not in SIGNING_DUTIES:
        message = N_("Only the head or a deputy head can file an appeal. Ask one of them.")
        found.append(Problem("duty", message))
    return found


def panel_problems(number: int) -> list[Problem]:
    """List why a panel of this size cannot hear an appeal."""
    if number < LEAST_MEMBERS:
        return [Problem("members", N_("Choose at least two people."))]
    if number > MOST_MEMBERS:
        return [Problem("members", N_("Choose no more than five people."))]
    return []


class ProposalStatus(StrEnum):
    """The status of a proposal according to the votes so far."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


PROPOSAL_STATUS_NAMES = {
    ProposalStatus.OPEN: N_("Waiting for the other members"),
    ProposalStatus.ACCEPTED: N_("Accepted by the panel"),
    ProposalStatus.REJECTED: N_("Not accepted by the panel"),
}


def proposal_status(agree: int, disagree: int, members: int) -> ProposalStatus:
    """Return the status of a proposal: accepted by more than half, rejected once that is impossible, or open.

    A panel of one waits for another member: nobody rules alone.
    """
    if members < LEAST_MEMBERS:
        return ProposalStatus.OPEN
    if 2 * agree > members:
        return ProposalStatus.ACCEPTED
    if 2 * (members - disagree) <= members:
        return ProposalStatus.REJECTED
    return ProposalStatus.OPEN


def proposal_problems(
    outcome: AppealOutcome, levels: Mapping[str, int], contested: Collection[str]
) -> list[Problem]:
    """List what is wrong with a proposal's levels, which need a certificate and contested criteria."""
    if outcome is not AppealOutcome.ALTERED and levels:
        message = N_("You can change levels only if the school is certified. Remove them.")
        return [Problem("outcome", message)]
    strange = sorted(set(levels) - set(contested))
    if strange:
        message = N_("The school did not appeal against %(criteria)s.")
        return [Problem("levels", message, {"criteria": ", ".join(strange)})]
    return []
