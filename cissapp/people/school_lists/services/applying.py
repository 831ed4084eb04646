"""Imports the rows of a part as decided: schools, changes and invitations, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.accounts.services import Invitee
from cissapp.people.enrolment.rules import CLOSED_DUTY
from cissapp.people.enrolment.services import duties_open_to, invite_listed
from cissapp.people.notices.rules import MailRank
from cissapp.people.notices.services import rank_mails
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.rules import ReadRow, RowOutcome, RowResult
from cissapp.people.school_lists.services.deciding import (
    RowPlan,
    decide,
    facts_to_write,
)
from cissapp.people.school_lists.services.recognising import ImportTask
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import RegisterFacts
from cissapp.people.schools.services.tallies import Key, keys_of

NOT_TAKEN = N_("The database does not accept this row. Check its code and characters.")
INVITED = N_("“%(email)s” has been invited.")


def apply_rows(
    read: Sequence[ReadRow], task: ImportTask, *, by: Actor, at: datetime
) -> list[RowResult]:
    """Import the rows of a part, and return the result of each; a bad row does not stop the others.

    The caller has locked the register.
    """
    plans = list(decide(read, task, {}))
    entered = _enter(plans, by=by, at=at)
    _change(plans, by=by, at=at)
    known = {school.id: school for school in entered}
    named = {plan.school_id for plan in plans if plan.invited and plan.school_id}
    known |= queries.schools_by_id(named - known.keys())
    results = [_result(plan) for plan in plans]
    with rank_mails(MailRank.LIST):
        _invite(list(zip(plans, results, strict=True)), known, by=by, at=at)
    session.flush()
    return results


def _enter(plans: list[RowPlan], *, by: Actor, at: datetime) -> list[School]:
    """Enter the new schools all at once; where the database refuses, one by one."""
    new = [plan for plan in plans if plan.outcome is RowOutcome.CREATED and plan.group]
    entered: list[School] = []
    for _group_id, some in groupby(new, key=lambda plan: plan.group.id if plan.group else None):
        chosen = list(some)
        try:
            entered += _entered(chosen, by=by, at=at)
        except (DataError, IntegrityError):
            for plan in chosen:
                entered += _entered_alone(plan, by=by, at=at)
    schools.count_new(_keys(entered))
    return entered


def _entered(plans: list[RowPlan], *, by: Actor, at: datetime) -> list[School]:
    group = plans[0].group
    if group is None:
        return []
    facts = facts_to_write(plans, RowOutcome.CREATED)
    with session.begin_nested():
        return schools.enter_schools(facts, group=group, by=by, at=at)


def _entered_alone(plan: RowPlan, *, by: Actor, at: datetime) -> list[School]:
    try:
        return _entered([plan], by=by, at=at)
    except (DataError, IntegrityError):
        plan.outcome, plan.invited = RowOutcome.REFUSED, []
        plan.problems, plan.school_id = [Problem("row", NOT_TAKEN)], None
        return []


def _keys(entered: Iterable[School]) -> list[frozenset[Key]]:
    return [keys_of(school) for school in entered]


def _change(plans: list[RowPlan], *, by: Actor, at: datetime) -> None:
    """Change the schools that differ, each once, to what the last of its rows says."""
    wanted = facts_to_write(plans, RowOutcome.CHANGED)
    for school_id, school in queries.schools_by_id(wanted).items():
        schools.change_facts(school, wanted[school_id], by=by, at=at)


def facts_of(school: School) -> RegisterFacts:
    """Return the facts of a school as they are now."""
    return RegisterFacts(
        country_code=school.country_code,
        region_code=school.region_code,
        code=school.code,
        name=school.name,
        locality=school.locality,
        language=school.language,
        pupils=school.pupils,
    )


def _result(plan: RowPlan) -> RowResult:
    result = RowResult(plan.outcome, tuple(plan.problems), plan.school_id)
    if plan.outcome is RowOutcome.CHANGED and plan.there:
        # As the rows before leave it: they are undone after this one.
        result.before = plan.there.facts
    return result


def _invite(
    rows: Sequence[tuple[RowPlan, RowResult]],
    known: dict[UUID, School],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Invite the people of all rows, and note it; whom a rule refuses is noted as well."""
    open_duties = duties_open_to(by)
    wanted, told = [], []
    for plan, result in rows:
        school = known.get(plan.school_id) if plan.school_id else None
        for person in plan.invited if school else ():
            if person.duty not in open_duties:
                result.problems += (Problem("duty", CLOSED_DUTY),)
            elif school:
                invitee = Invitee(person.email, person.name or person.email, school.language)
                wanted.append((school, person.duty, invitee))
                told.append(result)
    for result, invitation in zip(told, invite_listed(wanted, by=by, at=at), strict=True):
        result.invitation_ids.append(invitation.id)
        result.problems += (Problem("email", INVITED, {"email": invitation.email}),)
