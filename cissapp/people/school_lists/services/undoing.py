"""Undoes what an import created unless it was touched since; reports for each row what had to stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import Invitation
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.queries.work import schools_in_use
from cissapp.people.school_lists.rules import ReadRow, RowOutcome, RowResult, UndoOutcome
from cissapp.people.school_lists.rules.addresses import town_in
from cissapp.people.school_lists.rules.likeness import told_by_name
from cissapp.people.school_lists.services.applying import facts_of
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import RegisterFacts

HAS_JOINED = N_("“%(email)s” already has an account.")
IN_USE = N_("Someone is already working with this school, so it stays in the register.")
CHANGED_SINCE = N_("The school has been changed since then, so it stays as it is.")
GONE = N_("The school is no longer in the register.")


def undo_rows(wanted: Sequence[tuple[RowResult, ReadRow]], *, by: Actor, at: datetime) -> int:
    """Undo the rows of a part, the last first; each result is updated with its outcome.

    Every result comes with its row. Return how many invitation emails are not sent, as
    they were still waiting. The caller has locked the register.
    """
    ids = [result.school_id for result, _row in wanted if result.school_id]
    own = [one for result, _row in wanted for one in result.invitation_ids]
    found, sent = queries.schools_by_id(ids), queries.invitations_by_id(own)
    in_use = schools_in_use(ids, besides=own)
    leaving: dict[UUID, School] = {}
    waiting: list[Invitation] = []
    for result, row in reversed(wanted):
        if result.undo is UndoOutcome.UNDONE:
            continue
        left = _take_back(result, sent, waiting)
        school = found.get(result.school_id) if result.school_id else None
        reason = _reason_to_stay(result, row, school, in_use) or _change_back(
            result, school, by=by, at=at
        )
        if school and result.outcome is RowOutcome.CREATED and not reason:
            leaving[school.id] = school
        left = reason or left
        if left or result.invitation_ids or result.outcome in _WRITTEN:
            result.undo = UndoOutcome.LEFT if left else UndoOutcome.UNDONE
            result.undo_problem = left
    unsent = accounts.withdraw_invitations(waiting, by=by, at=at)
    schools.leave_together(list(leaving.values()), by=by, at=at)
    return unsent


_WRITTEN = frozenset({RowOutcome.CREATED, RowOutcome.CHANGED})


def _take_back(
    result: RowResult, sent: dict[UUID, Invitation], waiting: list[Invitation]
) -> Problem | None:
    """Add the invitations of a row that nobody accepted to those to withdraw; return why one stays."""
    left = None
    for invitation_id in result.invitation_ids:
        invitation = sent.get(invitation_id)
        if invitation is None or invitation.revoked_at:
            continue
        if invitation.accepted_at:
            left = Problem("email", HAS_JOINED, {"email": invitation.email})
        else:
            waiting.append(invitation)
    return left


def _reason_to_stay(
    result: RowResult, row: ReadRow, school: School | None, in_use: set[UUID]
) -> Problem | None:
    """Return why a school that a row entered or changed stays as it is."""
    if result.outcome not in _WRITTEN:
        return None
    if school is None or school.only_for_id is not None:
        return Problem("row", GONE)
    facts = row.facts
    if facts and result.before and row.is_by_name:
        facts = told_by_name(result.before, facts)
    if facts is None or not _are_of_row(facts_of(school), facts):
        return Problem("row", CHANGED_SINCE)
    if result.outcome is RowOutcome.CREATED and school.id in in_use:
        return Problem("row", IN_USE)
    return None


def _are_of_row(kept: RegisterFacts, facts: RegisterFacts) -> bool:
    """Return whether a school is as its row says; an earlier release entered the kind of its town as well."""
    return replace(kept, locality=town_in(kept.locality)) == replace(
        facts, locality=town_in(facts.locality)
    )


def _change_back(
    result: RowResult, school: School | None, *, by: Actor, at: datetime
) -> Problem | None:
    """Restore the facts of a school that a row changed; return why that cannot be."""
    if school is None or result.before is None or result.outcome is not RowOutcome.CHANGED:
        return None
    try:
        schools.change_facts(school, result.before, by=by, at=at)
    except Refused as refused:
        return refused.problems[0]
    return None
