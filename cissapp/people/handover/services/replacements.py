"""Replaces a lost coordinator who was the only one of a national group."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts import services as people
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.handover import queries
from cissapp.people.handover.models import ActProposal
from cissapp.people.handover.rules.powers import SharedAct
from cissapp.people.handover.services.proposals import ActDraft, propose_act
from cissapp.people.schools.models import NationalGroup


class Replacement(Struct, frozen=True):
    """Who becomes coordinator: a reviewer of the group, or somebody at a new address."""

    reviewer_id: UUID | None = None
    invitee: Invitee | None = None


def propose_replacement(
    group: NationalGroup, replacement: Replacement, *, reason: str, by: Actor, at: datetime
) -> ActProposal:
    """Propose a new coordinator for a group that lost its only one; a second person must confirm."""
    lost = _only_coordinator(group.id)
    values = _values_of(group, replacement)
    draft = ActDraft(
        SharedAct.REPLACE_COORDINATOR,
        group.id,
        group.name,
        reason,
        {**values, "lost_id": str(lost.id)},
    )
    return propose_act(draft, lost=lost, by=by, at=at)


def _only_coordinator(group_id: UUID) -> User:
    found = accounts.coordinators_of_group(group_id)
    if not found:
        message = N_("This group has no coordinator with an open account. Invite one.")
        raise Refused(Problem("none", message))
    if len(found) > 1:
        message = N_(
            "This group has another coordinator who can continue. Close the account of the one who left."
        )
        raise Refused(Problem("others", message))
    return found[0]


def _values_of(group: NationalGroup, replacement: Replacement) -> dict[str, Any]:
    if replacement.invitee is None:
        if queries.reviewer_of_group(group.id, replacement.reviewer_id) is None:
            raise Refused(Problem("person", N_("Choose a reviewer of the group, or a new person.")))
        return {"reviewer_id": str(replacement.reviewer_id)}
    invitee = replacement.invitee
    if accounts.person_by_email(invitee.email):
        raise Refused(Problem("email", N_("There is already an account with this email address.")))
    return {"email": invitee.email, "name": invitee.name, "language": invitee.language}


def replace_coordinator(
    act: SharedAct,
    *,
    subject_id: UUID,
    values: dict[str, Any],
    by: User,
    at: datetime,
    **_more: Any,
) -> None:
    """Close the lost coordinator's account, end its sessions, and put the agreed person in their place.

    Refused if the group changed meanwhile. Conflicts of interest stay with the person.
    """
    if act is not SharedAct.REPLACE_COORDINATOR:
        return
    lost = _only_coordinator(subject_id)
    if str(lost.id) != values["lost_id"]:
        raise Refused(
            Problem("others", N_("The group now has another coordinator. Propose it again."))
        )
    people.deactivate(lost, by=by, at=at)
    if "reviewer_id" in values:
        reviewer = session.get(User, UUID(values["reviewer_id"]))
        if reviewer is None or reviewer.group_id != subject_id:
            raise Refused(Problem("person", N_("Choose a reviewer of the group, or a new person.")))
        people.make_coordinator(reviewer, by=by, at=at)
        return
    people.invite(
        Invitee(values["email"], values["name"], values["language"]),
        role=Role.COORDINATOR,
        scope=Scope(group_id=subject_id),
        by=by,
        at=at,
    )
