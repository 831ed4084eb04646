"""Emails about deadlines, in each person's language; they say what to do next, never what was not done."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.models import Deadline, DeadlineChange
from cissapp.people.deadlines.phrases import TO_DO
from cissapp.people.deadlines.rules import (
    FIXED,
    KIND_NAMES,
    WAITS_FOR_SCHOOL,
    DeadlineKind,
    ReminderMoment,
)
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs

# The page of the thing itself, if those who are reminded can all open it: people of a group have dozens of cases.
CASE = "/reviews/{subject_id}"
PLACES = {
    DeadlineKind.COMPLETENESS_CHECK: CASE,
    DeadlineKind.REVIEW: CASE,
    DeadlineKind.SECOND_REVIEW: CASE,
    DeadlineKind.DECISION: CASE,
    # The page of the visit is closed to a coordinator with a conflict of interest, who is reminded too.
    DeadlineKind.VISIT: CASE,
    DeadlineKind.CURE: "/school/certificate",
    DeadlineKind.QUORUM: "/school/certificate/people",
    DeadlineKind.APPEAL: "/hearings",
    DeadlineKind.COMPLAINT: "/complaints/cases/{subject_id}",
    DeadlineKind.DRILL: "/drills/{subject_id}",
}


def send_reminder(
    deadline: Deadline,
    people: Iterable[User],
    moment: ReminderMoment,
    *,
    days: int,
    left: int | None,
    at: datetime,
) -> None:
    """Remind people of a deadline; `days` are the days until it, `left` criteria still to do."""

    def text_for(person: User) -> MailText:
        return MailText(
            _(
                "%(what)s, %(school)s: %(day)s",
                what=_(KIND_NAMES[deadline.kind]),
                school=deadline.school.name,
                day=day(deadline.due_on),
            ),
            _reminder(deadline, person, moment, days, left),
        )

    mail_people(people, "reminder", text_for, at=at, school_id=deadline.school_id)


def _reminder(
    deadline: Deadline, person: User, moment: ReminderMoment, days: int, left: int | None
) -> str:
    return paragraphs(
        greeting(person),
        _(TO_DO[deadline.kind], school=deadline.school.name),
        *_left(left),
        _time(moment, days, day(deadline.due_on)),
        _("Continue here:\n%(link)s", link=link_to(_place(deadline))),
        *_more_time(deadline),
        _("If you have already done this, you do not need to do anything."),
    )


def _more_time(deadline: Deadline) -> list[str]:
    """Explain how to ask for another date, where that is possible."""
    if deadline.kind in FIXED:
        return []
    return [
        _(
            "If you need more time, or something has changed, tell us and give a reason:\n%(link)s",
            link=link_to(f"/deadlines/{deadline.id}/change"),
        )
    ]


def _left(left: int | None) -> list[str]:
    """Render how much is left, if that is known."""
    if left is None:
        return []
    if left == 0:
        return [_("All criteria are done. You can submit now.")]
    return [ngettext("You have %(num)d criterion left.", "You have %(num)d criteria left.", left)]


def _time(moment: ReminderMoment, days: int, due: str) -> str:
    """Render how much time is left."""
    if moment is ReminderMoment.OVER:
        return str(_("The deadline was %(day)s. You can still do it now.", day=due))
    if days <= 0:
        return str(_("The deadline is %(day)s.", day=due))
    return str(
        ngettext(
            "You have until %(day)s. That is %(num)d day.",
            "You have until %(day)s. That is %(num)d days.",
            days,
            day=due,
        )
    )


def tell_other_side(change: DeadlineChange, people: Iterable[User], *, at: datetime) -> None:
    """Email the other side that a date was changed, and why."""
    deadline = change.deadline

    def text_for(person: User) -> MailText:
        return MailText(
            _(
                "%(what)s, %(school)s: now %(day)s",
                what=_(KIND_NAMES[deadline.kind]),
                school=deadline.school.name,
                day=day(change.to_on),
            ),
            _(
                "Hello %(name)s,\n\nThe deadline was %(before)s. It is now %(after)s.\n\nReason: %(reason)s\n\nYou can see it here:\n%(link)s",
                name=person.name,
                before=day(change.from_on),
                after=day(change.to_on),
                reason=change.reason,
                link=link_to(f"/deadlines/{deadline.id}/change"),
            ),
        )

    mail_people(people, "deadline_changed", text_for, at=at, school_id=deadline.school_id)


def place_of(deadline: Deadline, person: Actor) -> str:
    """Return the path of the page that a deadline is about, for a person of the school or of the group."""
    of_school = person.role is Role.SCHOOL_MANAGER
    if of_school == (deadline.kind in WAITS_FOR_SCHOOL):
        return _place(deadline)
    return "/school/application" if of_school else "/reviews"


def _place(deadline: Deadline) -> str:
    place = PLACES.get(deadline.kind, "/school/application")
    return place.format(subject_id=deadline.subject_id)
