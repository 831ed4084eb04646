"""Finishes reservations after a decision, by command or in the daily run, each independently.

No transaction is open while the file is drawn, signed and stored, so that nobody has to wait. Only the rows
are written under the lock of the register.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from blinker import Signal
from msgspec import Struct
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from cissapp.certify.certificates import mails, queries
from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.document.issuer import Issuer, NotReady, current_issuer
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.certificates.services import issuing
from cissapp.foundation.background.rules import TaskFailed, TaskKind
from cissapp.foundation.background.services import do_soon, settle
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import release_transaction, session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.signing.errors import TimestampFailed
from cissapp.foundation.signing.keys import BrokenKeys, NoKeys
from cissapp.foundation.signing.seal import SigningFailed
from cissapp.foundation.signing.settings import SelfCheckFailed

log = logging.getLogger("ciss")

MINUTES_AFTER_DECISION = timedelta(minutes=10)
# Sent with the new `SignedFile` of each certificate id, before the transaction that writes their rows: slow
# work that follows from a file is done here, while nobody waits.
files_made = Signal("files were made that are published next")
KEY_GONE = "The key of the reservation can no longer sign."


# Failures that are not bugs: the reservation stays.
FAILURES = (
    OSError,
    DBAPIError,
    StaleDataError,  # somebody changed a school meanwhile
    Refused,
    SelfCheckFailed,
    NoKeys,
    BrokenKeys,
    SigningFailed,
    TimestampFailed,
    NotReady,
)


class PublishingResult(Struct, frozen=True):
    """The result for a reservation: published here, left to another process, or why it has to wait."""

    certificate_id: UUID
    published: bool
    why: str | None = None


def publish_soon(certificate: Certificate, *, at: datetime) -> None:
    """Publish the certificate in the background once its reservation is committed; retry on failure."""
    do_soon(TaskKind.PUBLISH, certificate.id, at=at)


def publish_in_background(certificate_id: UUID | None, at: datetime) -> None:
    """Publish a reservation; raise `TaskFailed` if that has to wait."""
    certificate = queries.certificate(certificate_id) if certificate_id else None
    if certificate is None:
        return
    issuer = current_issuer()
    # The decision reached the school just before, and says where to find the certificate.
    notify = at - certificate.issued_at > MINUTES_AFTER_DECISION
    finished = finish_reservation(certificate.id, issuer, at=at, notify=notify)
    if finished.why:
        raise TaskFailed(finished.why)


def _log_failure(finished: PublishingResult) -> None:
    if finished.why:
        log.error("certificate %s waits: %s", finished.certificate_id, finished.why)


def publish_reserved(issuer: Issuer, *, at: datetime) -> int:
    """Publish every reservation, one after the other; return how many were published.

    The keys are opened only if there is something to sign.
    """
    ids, done = queries.reserved_ids(), 0
    if not ids:
        return 0
    refusal = issuer.refusal()
    if refusal:
        log.error("certificates still waiting: %s: %s", len(ids), _explain(refusal))
        return 0
    for certificate_id in ids:
        finished = finish_reservation(certificate_id, issuer, at=at, notify=True)
        _log_failure(finished)
        done += finished.published
        if finished.published:
            with unit_of_work():
                settle(TaskKind.PUBLISH, certificate_id)
    return done


def finish_reservation(
    certificate_id: UUID, issuer: Issuer, *, at: datetime, notify: bool = False
) -> PublishingResult:
    """Publish one reservation; with `notify`, mail the school, whose decision was a while ago."""
    try:
        return PublishingResult(
            certificate_id, _publish_one(certificate_id, issuer, at=at, notify=notify)
        )
    except FAILURES as error:
        session.rollback()
        return PublishingResult(certificate_id, published=False, why=_explain(error))


def _explain(error: Exception) -> str:
    if isinstance(error, Refused):
        return " ".join(problem.message % problem.values for problem in error.problems)
    # The text is stored and shown, and lines after the first may contain values of a row.
    first, _, _rest = str(error).partition("\n")
    return f"{type(error).__name__}: {first}"


def finish_together(
    ids: Sequence[UUID],
    issuer: Issuer,
    *,
    moment: Callable[[], datetime],
    one_of_many: bool = False,
) -> list[PublishingResult]:
    """Publish several reservations: each file by itself, then all rows in one transaction.

    A failure of one does not stop the others: whatever failed is then tried on its own. Unless `one_of_many`
    says that others were just published, the first file is examined fully, the others by signature and facts.
    """
    made: dict[UUID, issuing.SignedFile] = {}
    published: set[UUID] = set()
    try:
        for certificate_id, facts in _facts_of_reserved(ids).items():
            with suppress(*FAILURES):
                made[certificate_id] = issuing.make_file(
                    facts, issuer, at=moment(), one_of_many=one_of_many or bool(made)
                )
        if made:
            published = _publish_files(made, at=moment(), notify=True)
    except FAILURES:
        session.rollback()
        made.clear()
    for certificate_id in made.keys() - published:
        issuer.store.delete(made[certificate_id].file_key)
    return [
        PublishingResult(one, one in published)
        if one in made
        else finish_reservation(one, issuer, at=moment(), notify=True)
        for one in ids
    ]


def _facts_of_reserved(ids: Sequence[UUID]) -> dict[UUID, CertificateFacts]:
    """Read the facts of those still reserved and unchanged, then release the transaction."""
    found, facts = queries.with_newest_rows(ids), {}
    for one in ids:
        if one in found and queries.is_reserved(found[one]):
            with suppress(NotReady):
                facts[one] = _unchanged_facts(found[one])
    release_transaction()
    return facts


def _publish_one(certificate_id: UUID, issuer: Issuer, *, at: datetime, notify: bool) -> bool:
    try:
        made = _make_file(certificate_id, issuer, at=at)
    except NoKeys:
        again = _reserve_with_present_key(certificate_id, issuer, at)
        return _publish_one(again, issuer, at=at, notify=notify)
    if made is None:
        return False
    done = bool(_publish_files({certificate_id: made}, at=at, notify=notify))
    if not done:
        issuer.store.delete(made.file_key)
    return done


def _make_file(certificate_id: UUID, issuer: Issuer, *, at: datetime) -> issuing.SignedFile | None:
    """Draw, sign and store the file outside any transaction; None if it is no longer reserved."""
    certificate = queries.certificate(certificate_id)
    if certificate is None or not queries.is_reserved(certificate):
        return None
    facts = _unchanged_facts(certificate)
    release_transaction()
    return issuing.make_file(facts, issuer, at=at)


def _publish_files(
    made: Mapping[UUID, issuing.SignedFile], *, at: datetime, notify: bool
) -> set[UUID]:
    """Write the rows of files, and the mails about them; return the ids of those newly published."""
    files_made.send(made, at=at)
    with unit_of_work():
        published = issuing.publish_each(made, by=SYSTEM, at=at)
        # One that was suspended or withdrawn with the certificate before it is nothing to download.
        valid = (one for one in published if one.entries[-1].event is RegisterEvent.ISSUED)
        for certificate in valid if notify else ():
            mails.tell_published(certificate, at=at)
    return {certificate.id for certificate in published}


def _unchanged_facts(certificate: Certificate) -> CertificateFacts:
    """Read the facts to sign; raise `NotReady`, if they were changed in the database."""
    fault = register_checks.certificate_fault(certificate) or next(
        filter(None, (register_checks.entry_fault(entry) for entry in certificate.entries)), None
    )
    if fault:
        raise NotReady(f"the register must be checked: {certificate.number} {fault}")
    return read_facts(certificate.facts)


def _reserve_with_present_key(certificate_id: UUID, issuer: Issuer, at: datetime) -> UUID:
    """End a reservation whose key can no longer sign, and repeat it with a key that can.

    Raise `Refused` if there is no such key; the reservation then stays.
    """
    with unit_of_work():
        certificate = session.get_one(Certificate, certificate_id)
        issuing.void(certificate, reason=KEY_GONE, by=SYSTEM, at=at)
        return issuing.reserve_again(certificate, issuer, by=SYSTEM, at=at).id
