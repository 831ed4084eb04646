"""Reminds two people of a school before its certificate ends."""

from datetime import UTC, date, datetime

from cissapp.certify.upkeep import mails, queries
from cissapp.certify.upkeep.queries import CertificateHolder
from cissapp.certify.upkeep.rules.days import end_reminder_due
from cissapp.certify.upkeep.services import sent_mails
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.clock import months_after
from cissapp.people.accounts.models import User

END = "end"


def remind_of_ends(content: Content, *, at: datetime) -> int:
    """Send the reminders that are due, each once; return the number of schools that were reminded.

    Nothing is sent for a suspended certificate, or once the next one has been decided. After days without a
    run only the most urgent is sent. Each batch of schools is committed separately.
    """
    today, steps = at.astimezone(UTC).date(), content.standard.decision.upkeep.remind_days

    def step_of(_from_on: date, until_on: date) -> tuple[str, str] | None:
        days = end_reminder_due(until_on, steps, today)
        return None if days is None else (END, str(days))

    def mail(holder: CertificateHolder, people: list[User]) -> bool:
        return _remind(holder, people, content, at=at)

    return sent_mails.mail_each_due(mail, step_of, at=at)


def _remind(
    holder: CertificateHolder, people: list[User], content: Content, *, at: datetime
) -> bool:
    to_remind = [] if holder.renewed else queries.people_to_remind(holder.school, people)
    certificate, today = holder.certificate, at.astimezone(UTC).date()
    months = content.certificate_terms(holder.school.country_code).renewal_opens_months
    opens_on = months_after(certificate.valid_until_on, -months)
    for person in to_remind:
        mails.remind_of_end(person, certificate, opens_on=opens_on, today=today, at=at)
    return bool(to_remind)
