"""Merges two entries of one school without losing work; work at both prevents the merge."""

from datetime import datetime
from uuid import UUID

from blinker import Signal
from sqlalchemy import select

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.school_lists.queries.work import work_of
from cissapp.people.school_lists.services import storing
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress, Standing

SAME = N_("Choose two different schools.")
LEFT = N_("“%(name)s” is no longer in the register.")
ELSEWHERE = N_("Schools in different countries or national groups cannot be merged.")
BOTH_CERTIFIED = N_(
    "Both schools have had a certificate, and each certificate names its school. They cannot be merged."
)
BOTH_WORKED = N_(
    "People are working with both schools. Each has documents, an application or other work of its own, and merging would lose one of them. Close the accounts at one school and leave it as it is."
)
WORK_ON_THE_OTHER = N_(
    "“%(name)s” has work of its own that would be lost. Keep this school and merge the other one into it."
)

ON_THE_WAY = list(Progress)

# Sent with the `School` that another was merged into, once its people have moved.
schools_merged = Signal("a school was merged into another")


def merge_problems(kept: School, given_up: School) -> list[Problem]:
    """List why a school cannot be merged into another; empty if it can."""
    if kept.id == given_up.id:
        return [Problem("same", SAME)]
    left = [school for school in (kept, given_up) if school.only_for_id is not None]
    if left:
        return [Problem("left", LEFT, {"name": left[0].name})]
    if (kept.country_code, kept.group_id) != (given_up.country_code, given_up.group_id):
        return [Problem("elsewhere", ELSEWHERE)]
    if Standing.NONE not in {kept.standing, given_up.standing}:
        return [Problem("certified", BOTH_CERTIFIED)]
    return _work_problems(kept, given_up)


def _work_problems(kept: School, given_up: School) -> list[Problem]:
    """List what prevents the merge: work at the school that is merged away would be lost."""
    work = work_of([kept.id, given_up.id])
    if given_up.id not in work:
        return []
    if kept.id in work:
        return [Problem("work", BOTH_WORKED)]
    return [Problem("work", WORK_ON_THE_OTHER, {"name": given_up.name})]


def merge_schools(kept: School, given_up: School, *, by: Actor, at: datetime) -> int:
    """Merge a school into another: people and invitations move, and its code leads to the other one.

    Return how many people moved; raise `Refused` if something would be lost.
    """
    storing.lock_register()
    session.refresh(kept)
    session.refresh(given_up)
    problems = merge_problems(kept, given_up)
    if problems:
        raise Refused(*problems)
    moved = _move_people(given_up.id, kept.id)
    if ON_THE_WAY.index(given_up.progress) > ON_THE_WAY.index(kept.progress):
        schools.place(kept, progress=given_up.progress, at=at)
    schools.leave_register(given_up, by=by, at=at, now_at=kept)
    said = {"code": kept.code, "merged_code": given_up.code, "merged_id": str(given_up.id)}
    record(Event.SCHOOL_MERGED, kept, by=by, at=at, school_id=kept.id, people=moved, **said)
    session.flush()
    schools_merged.send(kept, at=at)
    return moved


def _move_people(from_id: UUID, to_id: UUID) -> int:
    """Move accounts and invitations; what people learned stays with them."""
    people = list(session.scalars(select(User).where(User.school_id == from_id)))
    waiting = list(session.scalars(select(Invitation).where(Invitation.school_id == from_id)))
    for person in people:
        person.school_id = to_id
    for invitation in waiting:
        invitation.school_id = to_id
    session.flush()
    return len(people)
