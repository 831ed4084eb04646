"""The day's work: safe to repeat, safe to miss."""

from collections.abc import Callable
from datetime import datetime

from cissapp.audit import services as audit
from cissapp.certificates import services as certificates
from cissapp.content.values import Content
from cissapp.core.db import unit_of_work
from cissapp.notices import services as notices
from cissapp.schools import services as schools


def daily(content: Content, *, at: datetime) -> list[tuple[str, int]]:
    """Do everything that is due, each in a transaction of its own; give what was done, and how often."""
    expiring = content.standard.decision.validity.expiring_days
    work: list[tuple[str, Callable[[], int]]] = [
        (
            "certificates whose standing changed",
            lambda: certificates.refresh_standings(at=at, expiring_days=expiring),
        ),
        ("mails sent", lambda: notices.send_due(at=at)),
        ("tallies corrected", lambda: schools.repair_tallies(at=at)),
        ("entries of the audit trail sealed", lambda: _sealed(at)),
    ]
    done = []
    for name, job in work:
        with unit_of_work():
            done.append((name, job()))
    return done


def _sealed(at: datetime) -> int:
    seal = audit.seal_settled(at)
    return seal.count if seal else 0
