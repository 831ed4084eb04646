"""The mails about an issue and a suspension, in the language of each person of the school."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from cissapp.certify.certificates.models import Certificate
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices import services as notices


def tell_published(certificate: Certificate, *, at: datetime) -> None:
    """Tell the people of the school that the certificate, which was decided before, can be had now."""
    for person in people_of_school(certificate.school_id):
        with force_locale(person.language):
            notices.queue(
                "certificate",
                to=person.email,
                subject=_("Your school’s certificate is ready"),
                body=_(
                    "Good day %(name)s,\n\n"
                    "the certificate of %(school)s is issued. You can fetch it here:\n%(link)s",
                    name=person.name,
                    school=certificate.school.name,
                    link=f"{current_app.config['BASE_URL']}/school/certificate",
                ),
                at=at,
                school_id=certificate.school_id,
                user_id=person.id,
            )


def tell_suspended(certificate: Certificate, *, cure_days: int, at: datetime) -> None:
    """Tell the people of the school: until when they can mend it, and where they read the reason."""
    for person in people_of_school(certificate.school_id):
        with force_locale(person.language):
            notices.queue(
                "suspension",
                to=person.email,
                subject=_("Your school’s certificate is suspended"),
                body=_(
                    "Good day %(name)s,\n\n"
                    "the certificate of %(school)s is suspended. You have until %(day)s to mend the reason; "
                    "then the certificate can be valid again, with the same last day.\n\n"
                    "Read the reason, and say here what you have mended:\n%(link)s",
                    name=person.name,
                    school=certificate.school.name,
                    day=format_date(at.date() + timedelta(days=cure_days)),
                    link=f"{current_app.config['BASE_URL']}/school/certificate",
                ),
                at=at,
                school_id=certificate.school_id,
                user_id=person.id,
            )
