"""Reminds two people of a school before its certificate ends."""

from datetime import UTC, date, datetime

from cissapp.certify.upkeep import mails, queries
from cissapp.certify.upkeep.queries import CertificateHolder
from cissapp.certify.upkeep.rules.days import end_reminder_due
from cissapp.certify.upkeep.services import sent_mails
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.clock import months_after

END = "end"


def remind_of_ends(content: Content, *, at: datetime) -> int:
    """Send the reminders that are due, each once; return the number of schools that were reminded.

    Nothing is sent for a suspended certificate, or once the next one has been decided. After days without a
    run only the most urgent is sent. Each batch of schools is committed separately.
    """
    today, steps = at.astimezone(UTC).date(), content.standard.decision.upkeep.remind_days

    def step_of(_from_on: date, until_on: date) -> tuple[str, str] | None:
        days = end_reminder_due(until_on, steps, (), today)
        return None if days is None else (END, str(days))

    return sent_mails.for_each_due(lambda one: _remind(one, content, at=at), step_of, today=today)


def _remind(holder: CertificateHolder, content: Content, *, at: datetime) -> bool:
    certificate, today = holder.certificate, at.astimezone(UTC).date()
    steps = content.standard.decision.upkeep.remind_days
    if not holder.counts or holder.renewed:
        return False
    sent = {int(one) for one in queries.steps_sent(certificate.id, END)}
    days = end_reminder_due(certificate.valid_until_on, steps, sent, today)
    people = queries.people_to_remind(holder.school) if days else []
    if not days or not people:
        return False
    months = content.certificate_terms(holder.school.country_code).renewal_opens_months
    opens_on = months_after(certificate.valid_until_on, -months)
    for person in people:
        mails.remind_of_end(person, certificate, opens_on=opens_on, today=today, at=at)
    sent_mails.record_sent(certificate, END, str(days), at=at)
    return True
