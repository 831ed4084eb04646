"""Sentences about deadlines: what is still to be done, and how an open one is shown."""

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.filters import day
from cissapp.people.deadlines.models import Deadline, DeadlineChange
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import (
    KIND_NAMES,
    WAITS_FOR_SCHOOL,
    DeadlineKind,
    DeadlineSide,
    local_day,
    moving_barred,
)

TO_DO = {
    DeadlineKind.COMPLETENESS_CHECK: N_(
        "please check that the application of %(school)s is complete and readable. Then start "
        "the review, or send the application back with a list."
    ),
    DeadlineKind.REVIEW: N_(
        "please go on with the review of %(school)s: score each criterion, then recommend."
    ),
    DeadlineKind.SECOND_REVIEW: N_(
        "please go on with the second review of %(school)s: score each criterion, then recommend."
    ),
    DeadlineKind.DECISION: N_("please read the recommendation about %(school)s, and decide."),
    DeadlineKind.CHANGES: N_(
        "please look at what was sent back to %(school)s. Change it, or write why it stays. "
        "Then submit the application again."
    ),
    DeadlineKind.MINOR_GAPS: N_(
        "please close the open criteria of %(school)s, and submit the application again."
    ),
    DeadlineKind.APPEAL: N_(
        "please read the appeal of %(school)s, and decide on it with the panel."
    ),
    DeadlineKind.COMPLAINT: N_("please answer the complaint about %(school)s."),
    DeadlineKind.CURE: N_(
        "please mend what the suspension of the certificate of %(school)s names, and tell your "
        "national group when it is done."
    ),
    DeadlineKind.VISIT: N_(
        "please hold the visit or video call with %(school)s, and sign the record."
    ),
    DeadlineKind.DRILL: N_("please carry out the drill with %(school)s, and note its result."),
    DeadlineKind.QUORUM: N_(
        "please make sure that enough people of %(school)s have passed all modules. Invite "
        "someone for the duty that is free, or pass the modules that are left. The page shows "
        "what is missing."
    ),
}

SIDE_NAMES = {DeadlineSide.SCHOOL: N_("The school"), DeadlineSide.GROUP: N_("The national group")}


class DeadlineMove(Struct, frozen=True):
    """One move of a day, as a page tells it."""

    sentence: str
    reason: str


class DeadlineLine(Struct, frozen=True):
    """An open deadline as a page shows it."""

    what: str
    due: str
    distance: str
    overdue: bool
    who: str
    moves: list[DeadlineMove]
    href: str | None
    link: str


def deadline_lines(
    deadlines: Iterable[Deadline], person: Actor, at: datetime
) -> list[DeadlineLine]:
    """Write open deadlines for a person of the school or of the group."""
    return [_line(deadline, person, at) for deadline in deadlines]


def _line(deadline: Deadline, person: Actor, at: datetime) -> DeadlineLine:
    today = local_day(at, calendar_at(deadline.school.country_code))
    asks = person.role is Role.SCHOOL_MANAGER and deadline.kind in WAITS_FOR_SCHOOL
    return DeadlineLine(
        what=_(KIND_NAMES[deadline.kind]),
        due=day(deadline.due_on),
        distance=distance_text((deadline.due_on - today).days),
        overdue=deadline.due_on < today,
        who=waiting_for(deadline),
        moves=[describe_move(one) for one in deadline.changes],
        href=url_for("deadlines.change", deadline_id=deadline.id)
        if _may_move(deadline, person)
        else None,
        link=_("Ask for more time") if asks else _("Change the date"),
    )


def _may_move(deadline: Deadline, person: Actor) -> bool:
    """Return whether the person's side may move the deadline, so that nothing is offered that is refused."""
    side = DeadlineSide.SCHOOL if person.role is Role.SCHOOL_MANAGER else DeadlineSide.GROUP
    prolonged = any(one.side is DeadlineSide.SCHOOL for one in deadline.changes)
    return not moving_barred(deadline.kind, side, prolonged=prolonged)


def waiting_for(deadline: Deadline) -> str:
    """Name the side that acts next."""
    side = DeadlineSide.SCHOOL if deadline.kind in WAITS_FOR_SCHOOL else DeadlineSide.GROUP
    return str(_(SIDE_NAMES[side]))


def distance_text(days: int) -> str:
    """Write how far off a day is that comes in so many days, also when it is past.

    Always in days of the calendar, as people count them: the same day must not be "in 48 days" on one page
    and "in 30 working days" on another. Which days count is decided when the deadline is set.
    """
    if days == 0:
        return str(_("today"))
    if days < 0:
        return str(ngettext("%(num)d day over", "%(num)d days over", -days))
    return str(ngettext("in %(num)d day", "in %(num)d days", days))


def describe_move(change: DeadlineChange) -> DeadlineMove:
    """Describe a move of a day: who, when, from which day to which."""
    return DeadlineMove(
        _(
            "%(who)s changed the date on %(on)s, from %(before)s to %(after)s.",
            who=_(SIDE_NAMES[change.side]),
            on=day(change.changed_at),
            before=day(change.from_on),
            after=day(change.to_on),
        ),
        change.reason,
    )
