"""Reads for the public check."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.rules import STATUSES_IN_FORCE
from cissapp.certify.transparency.checking.certificate import ask_for_nobody
from cissapp.foundation.core.db import session
from cissapp.people.schools.rules import IN_FORCE
from cissapp.verify.verification.rules import code_to_ask

NOBODY = UUID(int=0)


def by_code(raw: str) -> tuple[Certificate | None, bool]:
    """Find the certificate of a code, and check whether it is a code at all.

    Malformed codes, unknown codes and codes of certificates cause equally many queries, so that the response
    time reveals nothing.
    """
    code, whole = code_to_ask(raw)
    found = certificates.by_code(code)
    if found is None:
        session.scalars(
            select(RegisterEntry.id).where(RegisterEntry.certificate_id == NOBODY)
        ).all()
        ask_for_nobody()
    return found, whole


def newer_in_public(certificate: Certificate, today: date, expiring_days: int) -> str | None:
    """Find the code of the certificate that replaced this one; None, unless the public list shows it."""
    newest = certificates.in_use(certificate.school_id, today)
    if newest is None or newest.id == certificate.id or certificate.school.standing not in IN_FORCE:
        return None
    in_use = certificates.status(newest, today, expiring_days) in STATUSES_IN_FORCE
    return newest.code if in_use else None
