"""Mails about the upkeep of a certificate, in the language of each person."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.certify.upkeep.rules.days import ConfirmationMail, ConfirmationWindow
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.accounts.rules import Duty
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import WITH_GROUP


def remind_of_end(
    person: User, certificate: Certificate, *, opens_on: date, today: date, at: datetime
) -> None:
    """Remind a person that the certificate ends and how to renew it, possible from `opens_on`."""
    school, left = certificate.school, (certificate.valid_until_on - today).days

    def text_for(person: User) -> MailText:
        values = {"school": school.name, "day": day(certificate.valid_until_on)}
        if school.progress in WITH_GROUP:
            opens = _("Your application is already submitted.")
        elif opens_on <= today:
            opens = _("You can submit your application again now.")
        else:
            opens = _("You can submit your application again from %(day)s.", day=day(opens_on))
        body = paragraphs(
            greeting(person),
            _("The certificate of %(school)s is valid until %(day)s.", **values),
            ngettext("That is %(num)d day from now.", "That is %(num)d days from now.", left),
            opens,
            _(
                "If the national group decides before the last day, the new certificate begins the day after, so no days are lost."
            ),
            _("Continue here:\n%(link)s", link=link_to(_page_of(person, school))),
        )
        return MailText(_("The certificate of %(school)s expires on %(day)s", **values), body)

    mail_people([person], "certificate_end", text_for, at=at, school_id=school.id)


def tell_expired(school: School, *, at: datetime) -> None:
    """Mail everyone at the school that its certificate expired, and what to do next."""

    def text_for(person: User) -> MailText:
        values = {"school": school.name, "day": day(school.valid_until_on or at)}
        take_off = _("Take the expired certificate off your school’s website.")
        follows = (
            f"{_('Your application is already submitted.')} {take_off}"
            if school.progress in WITH_GROUP
            else _(
                "Update your application and submit it again. Take the expired certificate off your school’s website."
            )
        )
        body = paragraphs(
            greeting(person),
            _("The certificate of %(school)s was valid until %(day)s.", **values),
            follows,
            _("Continue here:\n%(link)s", link=link_to(_page_of(person, school))),
        )
        return MailText(_("The certificate of %(school)s has expired", **values), body)

    mail_people(people_of_school(school.id), "certificate", text_for, at=at, school_id=school.id)


def ask_to_confirm(
    person: User,
    certificate: Certificate,
    window: ConfirmationWindow,
    call: ConfirmationMail,
    *,
    at: datetime,
) -> None:
    """Ask a head or deputy to confirm the year."""
    school = certificate.school

    def text_for(person: User) -> MailText:
        values = {"school": school.name, "day": day(window.closes_on)}
        asked = (
            _(
                "Please confirm that what the certificate of %(school)s is based on still holds.",
                **values,
            )
            if call is ConfirmationMail.OPENED
            else _(
                "The yearly confirmation of %(school)s has not been given yet. The deadline is %(day)s.",
                **values,
            )
        )
        body = paragraphs(
            greeting(person),
            asked,
            _(
                "It takes a few minutes. You confirm that the people are still right and the phones were tested, and enter when the policy will next be reviewed and how many people were trained. Numbers only, no names."
            ),
            _("The deadline is %(day)s.", **values) if call is ConfirmationMail.OPENED else "",
            _("Confirm here:\n%(link)s", link=link_to("/school/certificate/confirmation")),
        )
        return MailText(
            _("Please give the yearly confirmation of your certificate by %(day)s", **values), body
        )

    mail_people([person], "confirmation", text_for, at=at, school_id=school.id)


def tell_quorum_lost(school: School, due_on: date, *, at: datetime) -> None:
    """Mail those who are still at the school, and the group, that too few trained people are there.

    They also read that there is no head, as nobody at the school can invite one.
    """
    there = people_of_school(school.id)
    lacks_head = all(one.duty is not Duty.HEAD for one in there)

    def text_for(person: User) -> MailText:
        values = {"school": school.name, "day": day(due_on)}
        body = paragraphs(
            greeting(person),
            _(
                "%(school)s no longer has enough people who have passed all modules. The certificate stays valid. The school has until %(day)s to put this right.",
                **values,
            ),
            _(
                "The school has no head with an account. Only the national group can invite a new head or make a colleague the head."
            )
            if lacks_head
            else "",
            _(
                "See what is missing, and a checklist for handing over:\n%(link)s",
                link=link_to(_page_of(person, school, people=True)),
            ),
        )
        return MailText(
            _("%(school)s: too few trained people, to be put right by %(day)s", **values), body
        )

    people = [*there, *coordinators_of_group(school.group_id)]
    mail_people(people, "quorum", text_for, at=at, school_id=school.id)


def ask_group_to_decide(school: School, gap: QuorumGap, *, at: datetime) -> None:
    """Ask the coordinators to consider a suspension; the decision is theirs."""

    def text_for(person: User) -> MailText:
        values = {"school": school.name, "day": day(gap.lost_at)}
        body = paragraphs(
            greeting(person),
            _(
                "%(school)s has had too few trained people since %(day)s, and the deadline to put that right has passed. The programme allows you to suspend the certificate for this reason. Nothing happens automatically. Talk to the school, then decide.",
                **values,
            ),
            _("See the details here:\n%(link)s", link=link_to(_page_of(person, school))),
        )
        return MailText(_("%(school)s: please look at its certificate", **values), body)

    mail_people(
        coordinators_of_group(school.group_id), "quorum", text_for, at=at, school_id=school.id
    )


def _page_of(person: User, school: School, *, people: bool = False) -> str:
    """Return the page on which a person sees the school's certificate."""
    if person.role is not Role.SCHOOL_MANAGER:
        return f"/schools/{school.id}/upkeep"
    return "/school/certificate/people" if people else "/school/certificate"
