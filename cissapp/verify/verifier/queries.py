"""Reads for a snapshot: what the register and the log know of each issued certificate."""

from collections.abc import Iterator

from sqlalchemy import func, select

from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.transparency.models import LogLeaf
from cissapp.foundation.core.db import session
from cissapp.verify.verifier.rules import WORDS, IssuedCertificate

BATCH = 1000


def issued_certificates() -> Iterator[IssuedCertificate]:
    """Yield all issued certificates by code, with their newest event and its index in the log."""
    newest = (
        select(RegisterEntry.certificate_id, func.max(RegisterEntry.id).label("entry_id"))
        .where(RegisterEntry.event.in_(WORDS))
        .group_by(RegisterEntry.certificate_id)
        .subquery()
    )
    first = (
        select(RegisterEntry.certificate_id, func.min(RegisterEntry.at).label("at"))
        .where(RegisterEntry.event == RegisterEvent.ISSUED)
        .group_by(RegisterEntry.certificate_id)
        .subquery()
    )
    query = (
        select(
            Certificate.code,
            Publication.file_sha256,
            first.c.at,
            RegisterEntry.event,
            RegisterEntry.at,
            LogLeaf.index,
        )
        .join(Publication, Publication.certificate_id == Certificate.id)
        .join(first, first.c.certificate_id == Certificate.id)
        .join(newest, newest.c.certificate_id == Certificate.id)
        .join(RegisterEntry, RegisterEntry.id == newest.c.entry_id)
        .outerjoin(LogLeaf, LogLeaf.register_entry_id == RegisterEntry.id)
        .order_by(Certificate.code)
    )
    for values in session.execute(query).yield_per(BATCH):
        yield IssuedCertificate(*values)


def last_row_hash() -> str | None:
    """Return the hash of the newest row of the register; once it changes, a new snapshot is due."""
    query = select(RegisterEntry.hash).order_by(RegisterEntry.id.desc()).limit(1)
    return session.scalar(query)
