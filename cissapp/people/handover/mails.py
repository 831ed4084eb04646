"""The mails about acts that weigh much, about proposals and about handovers, in each person's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import ROLE_NAMES, Role
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import (
    coordinators_of_group,
    people_of_school,
    person,
    secretariat,
)
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.handover.models import ActProposal, Handover
from cissapp.people.handover.queries import Concerned, reviewers_of_group
from cissapp.people.handover.rules.handovers import AFTERWARDS_NAMES, HandoverOutcome
from cissapp.people.handover.rules.powers import ACT_NAMES, OUTCOME_NAMES
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs

NOTICE, SECOND_PERSON, HANDOVER = "act_notice", "second_person", "handover"
OF_SCHOOL = "/school/people/handover"


# --- a notice to the others -----------------------------------------------------------------------


@dataclass(frozen=True)
class Where:
    """What an act is about, for the link of its notice."""

    event: Event
    subject_id: str
    about: Concerned
    facts: Mapping[str, Any]


def tell_others(
    people: Iterable[User], title: str, where: Where, *, by: Actor, at: datetime
) -> None:
    """Notify the others of an act: what, about what, who, when, and where to look."""

    def text_for(reader: User) -> MailText:
        path = _path_for(reader, where)
        return MailText(
            _(title),
            paragraphs(
                greeting(reader),
                _("Nobody in the programme acts alone. That is why you get this notice:"),
                _(
                    "What: %(what)s\nAbout: %(about)s\nBy: %(who)s\nWhen: %(when)s",
                    what=_(title),
                    about=where.about.name,
                    who=_who(by),
                    when=filters.moment(at),
                ),
                _("You can see it here:\n%(link)s", link=link_to(path)) if reader.is_active else "",
                _("If it looks wrong to you, ask the person who did it, or the secretariat."),
            ),
            path=path,
        )

    school = where.about.school
    mail_people(people, NOTICE, text_for, at=at, school_id=school.id if school else None)


def _who(by: Actor) -> str:
    if by.role is None:
        return str(_("Somebody at the server, by a command"))
    return str(_("%(name)s (%(role)s)", name=by.name, role=_(ROLE_NAMES[by.role])))


CERTIFICATES = {
    Event.CERTIFICATE_SUSPENDED,
    Event.CERTIFICATE_REINSTATED,
    Event.CERTIFICATE_WITHDRAWN,
}


def _path_for(reader: User, where: Where) -> str:
    """Return a page about the act that this person may open."""
    event, about = where.event, where.about
    if event in CERTIFICATES:
        return f"/certificates/{where.subject_id}"
    if about.school:
        of_school = reader.role is Role.SCHOOL_MANAGER
        return "/school/people" if of_school else f"/schools/{about.school.id}"
    return _path_of_secretariat(where) if reader.role is Role.SECRETARIAT else "/notifications"


def _path_of_secretariat(where: Where) -> str:
    event, about = where.event, where.about
    if event is Event.QUESTION_VOIDED:
        return f"/admin/evaluation/{where.facts['module']}/questions/{about.name}"
    if event in {Event.PERSON_INVITED, Event.ROLE_CHANGED, Event.PERSON_DEACTIVATED}:
        return "/admin/people"
    return "/admin"


# --- two people of the secretariat ----------------------------------------------------------------


def ask_to_confirm(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Ask the others of the secretariat to confirm what one of them proposed."""

    def text_for(reader: User) -> MailText:
        return MailText(
            _("Something waits for a second person"),
            paragraphs(
                greeting(reader),
                _(
                    "%(name)s proposes this, and another person of the secretariat must confirm it by %(day)s:",
                    name=by.name,
                    day=filters.day(proposal.expires_at),
                ),
                _about(proposal),
                _(
                    "Read the reason, then confirm or refuse it here:\n%(link)s",
                    link=_link(proposal),
                ),
            ),
        )

    mail_people([one for one in secretariat() if one.id != by.id], SECOND_PERSON, text_for, at=at)


def _about(proposal: ActProposal) -> str:
    return str(
        _(
            "What: %(what)s\nAbout: %(about)s",
            what=_(ACT_NAMES[proposal.act]),
            about=proposal.title,
        )
    )


def _link(proposal: ActProposal) -> str:
    return link_to(f"/admin/second-person/{proposal.id}")


def tell_of_replacement(proposal: ActProposal, lost: User, token: str, *, at: datetime) -> None:
    """Notify the coordinator who would be replaced, with the link that stops it, and the reviewers of the group."""

    def text_for_lost(reader: User) -> MailText:
        return MailText(
            _("The secretariat wants to replace you as coordinator"),
            paragraphs(
                greeting(reader),
                _replaced(proposal),
                _(
                    "If you are still there, open this address and stop it. You need not sign in:\n%(link)s",
                    link=link_to(f"/second-person/{token}/stop"),
                ),
                _("If you have left, you need not do anything. Your account will be closed."),
            ),
            path="/notifications",
        )

    def text_for(reader: User) -> MailText:
        return MailText(
            _("A new coordinator is proposed for your group"),
            paragraphs(
                greeting(reader),
                _replaced(proposal),
                _("If the coordinator can be reached, tell them, or write to the secretariat."),
            ),
            path="/notifications",
        )

    mail_people([lost], SECOND_PERSON, text_for_lost, at=at)
    mail_people(reviewers_of_group(proposal.subject_id), SECOND_PERSON, text_for, at=at)


def _replaced(proposal: ActProposal) -> str:
    lost = person(proposal.lost_id) if proposal.lost_id else None
    values = {"name": lost.name if lost else "", "group": proposal.title}
    if proposal.alone_from:
        return str(
            _(
                "The secretariat cannot reach %(name)s, the coordinator of %(group)s, and wants to name somebody else. This is done on %(moment)s, unless it is stopped before.",
                moment=filters.moment(proposal.alone_from),
                **values,
            )
        )
    return str(
        _(
            "The secretariat cannot reach %(name)s, the coordinator of %(group)s, and wants to name somebody else. This is done as soon as a second person of the secretariat confirms it.",
            **values,
        )
    )


def tell_of_end(proposal: ActProposal, *, by: Actor, at: datetime) -> None:
    """Notify the secretariat, without the one who did it, that a proposal ended without being done."""

    def text_for(reader: User) -> MailText:
        return MailText(
            _("A proposal has ended, and nothing was done"),
            paragraphs(
                greeting(reader),
                _about(proposal),
                str(_(OUTCOME_NAMES[proposal.outcome])) if proposal.outcome else "",
                _("You can see it here:\n%(link)s", link=_link(proposal)),
            ),
        )

    mail_people([one for one in secretariat() if one.id != by.id], SECOND_PERSON, text_for, at=at)


# --- handovers ------------------------------------------------------------------------------------


def tell_started(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Notify all whom a handover concerns that it was started, and who can stop it."""

    def ask(reader: User) -> MailText:
        return MailText(
            _("You are asked to become the head in CISS"),
            paragraphs(
                greeting(reader),
                _(
                    "%(name)s hands %(school)s over to you. You become its head in the programme when you agree. Until then nothing changes.",
                    name=by.name,
                    school=handover.school.name,
                ),
                _(
                    "Sign in and say yes or no by %(day)s:\n%(link)s",
                    day=filters.day(handover.expires_at),
                    link=link_to(OF_SCHOOL),
                ),
            ),
        )

    if handover.successor:
        _mail(handover, [handover.successor], ask, at=at)

    def tell(reader: User) -> MailText:
        return MailText(
            _("A new head is to follow in CISS"),
            paragraphs(
                greeting(reader),
                _(
                    "%(by)s has started a handover: %(name)s is to become the head of %(school)s in the programme. Nothing changes before %(name)s agrees.",
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
    """List the people of the school, the former head and the coordinators of the group, without some."""
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
    mail_people(people, HANDOVER, text_for, at=at, school_id=handover.school_id)


def tell_done(handover: Handover, successor: User, *, at: datetime) -> None:
    """Notify both heads, the school and the group that the school has a new head in the programme."""

    def text_for(reader: User) -> MailText:
        return MailText(
            _("%(school)s has a new head in CISS", school=handover.school.name),
            paragraphs(
                greeting(reader),
                _(
                    "%(name)s is now the head of %(school)s in the programme. Documents, application and certificate of the school are as they were.",
                    name=successor.name,
                    school=handover.school.name,
                ),
                _afterwards(handover, reader),
            ),
            path="/school/people" if reader.school_id else f"/schools/{handover.school_id}",
        )

    _mail(handover, _all_but(handover), text_for, at=at)


def _afterwards(handover: Handover, reader: User) -> str:
    """Write to the two whose duty changed what changed for them."""
    if reader.id == handover.head_id and not reader.is_active:
        return str(
            _("Your account is closed. Thank you for what you did for the children of your school.")
        )
    if reader.id in {handover.head_id, handover.successor_id} and reader.duty:
        duty = _(DUTY_NAMES[reader.duty])
        return str(_("Your duty is now: %(duty)s. Sign in again to go on.", duty=duty))
    return ""


def tell_stopped(handover: Handover, *, by: Actor, at: datetime) -> None:
    """Notify all whom it concerns that a handover ended, and that nothing was changed."""

    def text_for(reader: User) -> MailText:
        lapsed = handover.outcome is HandoverOutcome.LAPSED
        why = (
            _("Nobody agreed to it in 14 days.")
            if lapsed
            else _("%(name)s has stopped it.", name=by.name)
        )
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
