"""What tests of reservations look at: rows of the register, how many there are, whether all is whole."""

from datetime import timedelta

from sqlalchemy import func, select

from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.services.publishing import PublishingResult, finish_reservation
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from tests.factories import NOW

SOON = NOW + timedelta(minutes=5)


def events(certificate_id) -> list[str]:
    """The register's rows of a certificate."""
    query = select(RegisterEntry.event).where(RegisterEntry.certificate_id == certificate_id)
    return [one.value for one in session.scalars(query.order_by(RegisterEntry.id))]


def counted() -> tuple[int, int]:
    """How many certificates and how many files there are."""
    return tuple(
        session.scalar(select(func.count()).select_from(table))
        for table in (Certificate, Publication)
    )


def published(app, make, certificate_id, **changes) -> PublishingResult:
    issuer = make.issuer(**changes)
    with app.app_context():
        return finish_reservation(certificate_id, issuer, at=SOON)


def whole(app) -> None:
    with app.app_context():
        assert register_checks.first_fault(files()) is None
