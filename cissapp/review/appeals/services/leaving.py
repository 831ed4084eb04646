"""Takes members off the panel of an appeal: those who leave it, and those who cannot hear the appeal any more."""

from datetime import datetime

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.review.appeals import mails
from cissapp.review.appeals.models import Appeal, AppealMember
from cissapp.review.appeals.queries.participation import barred_members
from cissapp.review.independence import queries as independence
from cissapp.review.independence import services as assignments
from cissapp.review.independence.rules.reasons import in_third_person


def take_off(appeal: Appeal, member: AppealMember, *, reason: str, by: Actor, at: datetime) -> None:
    """End a member's task and tell the secretariat; their votes, and a proposal of theirs, count no longer."""
    member.excused_at = at
    held = independence.assignment_of(appeal.application_id, member.person_id)
    if held is not None and held.left_at is None:
        assignments.leave_role(held, reason=reason, by=by, at=at)
    session.flush()
    mails.tell_excused(appeal, member, at=at)


def take_off_barred(appeal: Appeal, *, at: datetime) -> int:
    """Take off the members of a locked appeal who cannot hear it any more, and return their number.

    A member may have gone to a visit, mentored the school or found a conflict of interest since.
    """
    barred = barred_members(appeal, today=at.date())
    for member in [one for one in appeal.hearing if one.person_id in barred]:
        reason = in_third_person(barred[member.person_id])[0].message
        take_off(appeal, member, reason=reason, by=member.person, at=at)
    return len(barred)
