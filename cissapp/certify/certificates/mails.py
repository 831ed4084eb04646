"""The mails about an issue and a suspension, in the language of each person of the school."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from cissapp.certify.certificates.models import Certificate
from cissapp.foundation.content.installed import day_in
from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices.mails import MailText, link_to, mail_people

PAGE = "/school/certificate"


def tell_published(certificate: Certificate, *, at: datetime) -> None:
    """Mail everyone at the school that the certificate decided earlier is ready."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("Your school’s certificate is ready"),
            _(
                "Hello %(name)s,\n\nThe certificate of %(school)s has been issued. You can download it here:\n%(link)s",
                name=person.name,
                school=certificate.school.name,
                link=link_to(PAGE),
            ),
        )

    people = people_of_school(certificate.school_id)
    mail_people(people, "certificate", text_for, at=at, school_id=certificate.school_id)


def tell_suspended(certificate: Certificate, *, cure_days: int, at: datetime) -> None:
    """Mail everyone at the school about a suspension, its deadline, and where to read the reason."""
    today = day_in(certificate.school.country_code, at)

    def text_for(person: User) -> MailText:
        return MailText(
            _("Your school’s certificate has been suspended"),
            _(
                "Hello %(name)s,\n\nThe certificate of %(school)s has been suspended. You have until %(day)s to put right the reason for this. The certificate can then be valid again, with the same last day.\n\nRead the reason, and explain here what you have put right:\n%(link)s",
                name=person.name,
                school=certificate.school.name,
                day=day(today + timedelta(days=cure_days)),
                link=link_to(PAGE),
            ),
        )

    people = people_of_school(certificate.school_id)
    mail_people(people, "suspension", text_for, at=at, school_id=certificate.school_id)
