"""The table of sensitive acts: which need a second person, and who is notified of which."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules import STAFF


class Sharing(StrEnum):
    """How the power of an act is shared."""

    SECOND_PERSON = "second_person"
    """One person proposes, another one confirms; then the others get a notice."""
    NOTICE = "notice"
    """One person acts; the others get a notice at once."""


class Others(StrEnum):
    """Who is notified of an act, apart from the person who did it."""

    SECRETARIAT = "secretariat"
    GROUP = "group"
    """The coordinators of the national group that the act concerns."""
    COORDINATORS = "coordinators"
    """The coordinators of all groups."""
    SCHOOL = "school"
    """The people of the school that the act concerns."""
    PERSON = "person"
    """The person whose account or role it is."""


class Power(Struct, frozen=True):
    """How the power of an act is shared, with whom, and what its notice is called.

    `by_system`: the act is done by command, without an account; its notice says so.
    """

    sharing: Sharing
    others: frozenset[Others]
    title: str
    by_system: bool = False


def _notice(title: str, *others: Others, by_system: bool = False) -> Power:
    return Power(Sharing.NOTICE, frozenset(others), title, by_system)


# Standards, modules and questions are not acts: they come with a release, read by `ciss content`, and
# no page can change them.
POWERS: Mapping[Event, Power] = {
    Event.CERTIFICATE_WITHDRAWN: Power(
        Sharing.SECOND_PERSON,
        frozenset({Others.SECRETARIAT, Others.GROUP}),
        N_("A certificate was withdrawn"),
    ),
    Event.CERTIFICATE_SUSPENDED: _notice(
        N_("A certificate was suspended"), Others.SECRETARIAT, Others.GROUP
    ),
    Event.CERTIFICATE_REINSTATED: _notice(
        N_("The suspension of a certificate was ended"), Others.SECRETARIAT, Others.GROUP
    ),
    Event.QUESTION_VOIDED: _notice(
        N_("A question was removed from the quizzes"), Others.SECRETARIAT, Others.COORDINATORS
    ),
    Event.COUNTRY_ADDED: _notice(N_("A country was added to the programme"), Others.SECRETARIAT),
    Event.GROUP_CREATED: _notice(N_("A national group was created"), Others.SECRETARIAT),
    Event.GROUP_CHANGED: _notice(
        N_("The countries of a national group were changed"), Others.SECRETARIAT, Others.GROUP
    ),
    Event.PERSON_INVITED: _notice(
        N_("Someone was invited to a role"), Others.SECRETARIAT, Others.GROUP
    ),
    Event.GUEST_INVITED: _notice(
        N_("A guest was invited to a case"), Others.SECRETARIAT, Others.GROUP
    ),
    Event.ROLE_CHANGED: _notice(
        N_("A person’s role or region was changed"), Others.SECRETARIAT, Others.GROUP, Others.PERSON
    ),
    Event.PERSON_DEACTIVATED: _notice(
        N_("An account was closed"),
        Others.SECRETARIAT,
        Others.GROUP,
        Others.SCHOOL,
        Others.PERSON,
    ),
    Event.FACTORS_RESET: _notice(
        N_("A person’s second factor was reset"), Others.SECRETARIAT, Others.GROUP
    ),
    Event.SIGN_ON_SWITCHED: _notice(
        N_("Signing in with an organisation was switched on or off"), Others.SECRETARIAT
    ),
    Event.SIGN_ON_REMOVED: _notice(
        N_("An organisation was removed, with all its links"), Others.SECRETARIAT
    ),
    Event.KEY_MADE: _notice(
        N_("A certificate key was put into use"), Others.SECRETARIAT, by_system=True
    ),
    Event.KEY_RETIRED: _notice(
        N_("A certificate key was retired"), Others.SECRETARIAT, by_system=True
    ),
    Event.KEY_COMPROMISED: _notice(
        N_("A certificate key was reported as compromised"),
        Others.SECRETARIAT,
        by_system=True,
    ),
}
# An invitation to a school gives no power over others: heads invite their colleagues every day.
_ROLES = frozenset(role.value for role in STAFF | {Role.GUEST})


def power_of(
    event: Event, facts: Mapping[str, Any], by_role: Role | None, *, own: bool = False
) -> Power | None:
    """Return how the act behind an audit trail entry is shared; None if it is not sensitive.

    `by_role` is None if no person acted; `own` is whether the account that changed is that of the person who did
    it. What people do to their own school is not announced here, as the handover has its own mails; but who closes
    their own account tells nobody else.
    """
    found = POWERS.get(event)
    if found is None or (by_role is None and not found.by_system):
        return None
    if by_role is Role.SCHOOL_MANAGER and not own:
        return None
    if event is Event.PERSON_INVITED and facts.get("role") not in _ROLES - {Role.GUEST}:
        return None  # a guest's invitation has its own line, which names the case
    return found


# --- two people -----------------------------------------------------------------------------------


class SharedAct(StrEnum):
    """An act that one person proposes and another one confirms."""

    WITHDRAW_CERTIFICATE = "withdraw_certificate"
    REPLACE_COORDINATOR = "replace_coordinator"


ACT_NAMES = {
    SharedAct.WITHDRAW_CERTIFICATE: N_("Withdraw a certificate"),
    SharedAct.REPLACE_COORDINATOR: N_("Replace the coordinator of a national group"),
}


class ActOutcome(StrEnum):
    """How a proposal ended."""

    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    STOPPED = "stopped"
    LAPSED = "lapsed"
    LEFT = "left"


OUTCOME_NAMES = {
    ActOutcome.DONE: N_("Confirmed and done"),
    ActOutcome.REFUSED: N_("Refused"),
    ActOutcome.TAKEN_BACK: N_("Proposal withdrawn"),
    ActOutcome.STOPPED: N_("Stopped by the coordinator"),
    ActOutcome.LAPSED: N_("Expired because nobody confirmed it in time"),
    ActOutcome.LEFT: N_("Ended because the account of the person who proposed it was closed"),
}

PROPOSAL_LASTS = timedelta(days=7)
# With only one person in the secretariat nobody can confirm; those concerned have this long to stop it.
ALONE_WAITS = timedelta(hours=72)
# A new member of the secretariat cannot be one of the two until the others had time to notice them.
KNOWN_AFTER = timedelta(days=7)
