"""Records which mails about a certificate were sent, so that none is sent twice."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep import queries
from cissapp.certify.upkeep.models import ReminderSent
from cissapp.certify.upkeep.queries import CertificateHolder
from cissapp.certify.upkeep.queries.due import StepOfDays, holders_with_step
from cissapp.foundation.core.bulk.long_work import each_kept
from cissapp.foundation.core.db import lock, session


def lock_upkeep() -> None:
    """Let one transaction at a time check what is due, so that a concurrent one finds it done."""
    lock("upkeep")


def for_each_due(
    work: Callable[[CertificateHolder], int], step_of: StepOfDays, *, today: date
) -> int:
    """Do something for each school that holds a certificate with an unsent step; return the sum."""

    def of_batch(ids: Sequence[UUID]) -> int:
        lock_upkeep()
        return sum(work(holder) for holder in queries.holders_of(ids, today))

    return each_kept(holders_with_step(step_of, today), of_batch)


def record_sent(certificate: Certificate, matter: str, step: str, *, at: datetime) -> None:
    """Record that a step was mailed; the primary key refuses a second one."""
    session.add(ReminderSent(certificate_id=certificate.id, matter=matter, step=step, sent_at=at))
    session.flush()
