"""Records which mail about a certificate went out, so that none goes out twice."""

from datetime import datetime

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep.models import ReminderSent
from cissapp.foundation.core.db import lock, session


def lock_upkeep() -> None:
    """Let one transaction at a time look at what is due: of two that run at once the second finds it done."""
    lock("upkeep")


def record_sent(certificate: Certificate, matter: str, step: str, *, at: datetime) -> None:
    """Record that a step went out; the key of the table refuses a second one."""
    session.add(ReminderSent(certificate_id=certificate.id, matter=matter, step=step, sent_at=at))
    session.flush()
