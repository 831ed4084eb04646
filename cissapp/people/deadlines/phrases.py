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
        "Please check that the application from %(school)s is complete and readable. Then start the review, or send the application back with a list of what is missing."
    ),
    DeadlineKind.REVIEW: N_(
        "Please continue the review of %(school)s. Score each criterion, then make your recommendation."
    ),
    DeadlineKind.SECOND_REVIEW: N_(
        "Please continue the second review of %(school)s. Score each criterion, then make your recommendation."
    ),
    DeadlineKind.DECISION: N_(
        "Please read the recommendation about %(school)s and make a decision."
    ),
    DeadlineKind.CHANGES: N_(
        "Please look at what was sent back to %(school)s. Change it, or explain why you are keeping it as it is. Then submit the application again."
    ),
    DeadlineKind.MINOR_GAPS: N_(
        "Please close the open criteria of %(school)s and submit the application again."
    ),
    DeadlineKind.APPEAL: N_(
        "Please read the appeal from %(school)s and decide on it with the panel."
    ),
    DeadlineKind.COMPLAINT: N_("Please answer the complaint about %(school)s."),
    DeadlineKind.CURE: N_(
        "Please put right the reasons for the suspension of the certificate of %(school)s. Tell your national group when you have done this."
    ),
    DeadlineKind.VISIT: N_(
        "Please hold the visit or video call with %(school)s, and sign the record."
    ),
    DeadlineKind.DRILL: N_("Please carry out the drill with %(school)s and record the result."),
    DeadlineKind.QUORUM: N_(
        "Please make sure that enough people at %(school)s have passed all modules. Invite someone for the vacant role, or pass the remaining modules. The page shows what is missing."
    ),
}

SIDE_NAMES = {DeadlineSide.SCHOOL: N_("The school"), DeadlineSide.GROUP: N_("The national group")}


class DeadlineMove(Struct, frozen=True):
    """One change of a deadline's date, as a page shows it."""

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
    """Return open deadlines as a page shows them to a person of the school or of the group."""
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
    """Check whether the person's side may move the deadline, so that no refused move is offered."""
    side = DeadlineSide.SCHOOL if person.role is Role.SCHOOL_MANAGER else DeadlineSide.GROUP
    prolonged = any(one.side is DeadlineSide.SCHOOL for one in deadline.changes)
    return not moving_barred(deadline.kind, side, prolonged=prolonged)


def waiting_for(deadline: Deadline) -> str:
    """Name the side that acts next."""
    side = DeadlineSide.SCHOOL if deadline.kind in WAITS_FOR_SCHOOL else DeadlineSide.GROUP
    return str(_(SIDE_NAMES[side]))


def distance_text(days: int) -> str:
    """Return how far away a date is, in days; a negative number of days means overdue.

    Always in calendar days, as people count them: the same date must not be "in 48 days" on one page
    and "in 30 working days" on another. Which days count is decided when the deadline is set.
    """
    if days == 0:
        return str(_("today"))
    if days < 0:
        return str(ngettext("%(num)d day overdue", "%(num)d days overdue", -days))
    return str(ngettext("in %(num)d day", "in %(num)d days", days))


def describe_move(change: DeadlineChange) -> DeadlineMove:
    """Describe a change of date: who made it, when, and from which date to which."""
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
