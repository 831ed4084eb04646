"""The mails about handovers between heads."""

from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import (
    coordinators_of_group,
    people_of_school,
)
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.handover.models import Handover
from cissapp.people.handover.rules.handovers import AFTERWARDS_NAMES, HandoverOutcome
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs

KIND = "handover"
OF_SCHOOL = "/school/people/handover"


def tell_started(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Notify all whom a handover concerns that it was started, and who can stop it."""

    def ask(reader: User) -> MailText:
        return MailText(
            _("You have been asked to become the head in CISS"),
            paragraphs(
                greeting(reader),
                _(
                    "%(name)s is handing %(school)s over to you. You become its head in the programme when you agree. Until then, nothing changes.",
                    name=by.name,
                    school=handover.school.name,
                ),
                _(
                    "Sign in and say yes or no by %(day)s:\n%(link)s",
                    day=filters.moment(handover.expires_at),
                    link=link_to(OF_SCHOOL),
                ),
            ),
        )

    if handover.successor:
        _mail(handover, [handover.successor], ask, at=at)
    _tell_of_start(handover, by=by, at=at)


def _tell_of_start(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Notify the others of the school, and the group."""

    def tell(reader: User) -> MailText:
        return MailText(
            _("A handover to a new head has started in CISS"),
            paragraphs(
                greeting(reader),
                _(
                    "%(by)s has started a handover for %(name)s to become the head of %(school)s in the programme. Nothing changes until %(name)s agrees.",
                    by=by.name,
                    name=handover.name,
                    school=handover.school.name,
                ),
                str(_(AFTERWARDS_NAMES[handover.afterwards])) if handover.head else "",
                _(
                    "If this is wrong, stop it here or tell the others:\n%(link)s",
                    link=_page(handover, reader),
                ),
            ),
        )

    _mail(handover, _all_but(handover, by, handover.successor), tell, at=at)


def _page(handover: Handover, reader: User) -> str:
    if reader.role is Role.SCHOOL_MANAGER:
        return link_to(OF_SCHOOL)
    return link_to(f"/schools/{handover.school_id}/handover")


def _all_but(handover: Handover, *others: Actor | None) -> list[User]:
    """List the people of the school, the former head and the group's coordinators, except some."""
    left_out = {one.id for one in others if one}
    people = [*people_of_school(handover.school_id), *coordinators_of_group(handover.group_id)]
    if handover.head:
        people.append(handover.head)
    found = {one.id: one for one in people if one.id not in left_out}
    return list(found.values())


def _mail(
    handover: Handover,
    people: Iterable[User],
    text_for: Callable[[User], MailText],
    *,
    at: datetime,
) -> None:
    mail_people(people, KIND, text_for, at=at, school_id=handover.school_id)


def tell_done(handover: Handover, successor: User, *, at: datetime) -> None:
    """Notify both heads, the school and the group that the school has a new head in the programme."""

    def text_for(reader: User) -> MailText:
        return MailText(
            _("%(school)s has a new head in CISS", school=handover.school.name),
            paragraphs(
                greeting(reader),
                _(
                    "%(name)s is now the head of %(school)s in the programme. The school’s documents, application and certificate have not changed.",
                    name=successor.name,
                    school=handover.school.name,
                ),
                _afterwards(handover, reader),
            ),
            path="/school/people" if reader.school_id else f"/schools/{handover.school_id}",
        )

    _mail(handover, _all_but(handover), text_for, at=at)


def _afterwards(handover: Handover, reader: User) -> str:
    """Return, for the two whose duty changed, what changed for them."""
    if reader.id == handover.head_id and not reader.is_active:
        return str(
            _(
                "Your account has been closed. Thank you for what you did for the children at your school."
            )
        )
    if reader.id in {handover.head_id, handover.successor_id} and reader.duty:
        duty = _(DUTY_NAMES[reader.duty])
        return str(
            _("Your role at the school is now: %(duty)s. Sign in again to continue.", duty=duty)
        )
    return ""


def tell_stopped(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Notify all whom it concerns that a handover ended, and that nothing was changed."""

    def text_for(reader: User) -> MailText:
        if handover.outcome is HandoverOutcome.LAPSED:
            why = _("Nobody agreed to it within 14 days.")
        elif by.role is None:
            why = _(
                "The account of one of the two people was closed. Start the handover again with someone else."
            )
        else:
            why = _("%(name)s has stopped it.", name=by.name)
        return MailText(
            _("The handover to a new head has ended"),
            paragraphs(
                greeting(reader),
                _(
                    "The handover at %(school)s has ended. Nothing was changed.",
                    school=handover.school.name,
                ),
                str(why),
            ),
            path=OF_SCHOOL if reader.school_id else f"/schools/{handover.school_id}/handover",
        )

    _mail(handover, _all_but(handover, by), text_for, at=at)
