"""Records which mails about a certificate were sent, so that none is sent twice."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from cissapp.certify.upkeep import queries
from cissapp.certify.upkeep.models import ReminderSent
from cissapp.certify.upkeep.queries import CertificateHolder
from cissapp.certify.upkeep.queries.due import StepOfDays, holders_with_step, sent_steps
from cissapp.foundation.core.bulk.long_work import each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_schools


def lock_upkeep() -> None:
    """Let one transaction at a time check what is due, so that a concurrent one finds it done."""
    lock("upkeep")


def mail_each_due(
    mail: Callable[[CertificateHolder, list[User]], bool], step_of: StepOfDays, *, at: datetime
) -> int:
    """Mail the people of each school whose certificate has an unsent step today; return how many schools.

    `mail` returns whether anyone was mailed; then the step is recorded, and the primary key refuses a second
    one. Nothing is sent while the certificate is suspended. Each batch of schools is committed separately.
    """
    today = at.astimezone(UTC).date()

    def of_batch(ids: Sequence[UUID]) -> int:
        lock_upkeep()
        holders = [one for one in queries.holders_of(ids, today) if one.counts]
        people = people_of_schools(ids)
        # Looked up again: another run may have sent some.
        known = sent_steps([one.certificate.id for one in holders])
        sent = []
        for one in holders:
            step = step_of(one.certificate.valid_from_on, one.certificate.valid_until_on)
            new = step is not None and (one.certificate.id, *step) not in known
            if step and new and mail(one, people.get(one.school.id, [])):
                sent.append(
                    ReminderSent(
                        certificate_id=one.certificate.id, matter=step[0], step=step[1], sent_at=at
                    )
                )
        session.add_all(sent)
        session.flush()
        return len(sent)

    return each_kept(holders_with_step(step_of, today), of_batch)
