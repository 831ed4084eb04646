"""Checks a certificate in the register: its entries, its key, what was decided, and the calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import RegisterEvent, Status
from cissapp.certify.transparency.checking.certificate import fault_of as log_fault_of
from cissapp.certify.transparency.checking.log_keys import key_of_log
from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification import queries
from cissapp.verify.verification.checking.key_and_dates import date_check, key_checks
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import (
    LOG,
    REGISTER,
    STATUS,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    conclude,
)

DECIDED = {
    Status.SUSPENDED: N_("suspended since %(day)s; do not rely on it for now"),
    Status.WITHDRAWN: N_("withdrawn on %(day)s; it is no longer valid"),
    Status.REPLACED: N_("replaced by a newer certificate on %(day)s"),
}


def check_in_register(
    certificate: Certificate,
    ring: Keyring,
    before: tuple[CertificateCheck, ...] = (),
    *,
    at: datetime,
    expiring_days: int,
) -> CheckResult:
    """Check register, log, key and calendar; the answer is unknown if the records do not add up."""
    pending = _not_issued(certificate)
    if pending:
        return pending.with_earlier_checks(*before)
    if _fault(certificate):
        sentence = N_(
            "The entry is not as it was first written. The secretariat must look into it."
        )
        return CheckResult(
            CheckAnswer.UNKNOWN,
            None,
            (*before, CertificateCheck(REGISTER, CheckOutcome.UNKNOWN, sentence)),
        )
    if log_fault_of(certificate, key_of_log(ring)):
        sentence = N_(
            "The public log and the register do not say the same about it. The secretariat must look into it. Until then, do not rely on it."
        )
        return CheckResult(
            CheckAnswer.UNKNOWN,
            None,
            (*before, CertificateCheck(LOG, CheckOutcome.UNKNOWN, sentence)),
        )
    facts, today = read_facts(certificate.facts), at.astimezone(UTC).date()
    status = certificates.status(certificate, today, expiring_days)
    key = tuple(key_checks(ring, certificate.key_id, signed_at(certificate)))
    checks = (
        *before,
        _register_check(facts),
        *key,
        *_status_checks(status, certificate.entries[-1], facts, at),
    )
    if any(check.outcome is CheckOutcome.NO for check in key):
        return CheckResult(CheckAnswer.NOT_OURS, None, checks)
    newer = None
    if status is Status.REPLACED:
        newer = queries.newer_in_public(certificate, today, expiring_days)
    return CheckResult(conclude(CheckAnswer(status.value), (*before, *key)), facts, checks, newer)


def _fault(certificate: Certificate) -> str | None:
    return register_checks.certificate_fault(certificate) or next(
        filter(None, (register_checks.entry_fault(entry) for entry in certificate.entries)), None
    )


def _not_issued(certificate: Certificate) -> CheckResult | None:
    """Return the result for a number that is only reserved or was voided; None for any other."""
    last = certificate.entries[-1].event if certificate.entries else None
    if last is RegisterEvent.RESERVED:
        sentence = N_("reserved; the certificate is being issued. Check again in a few minutes.")
        return CheckResult(
            CheckAnswer.UNKNOWN, None, (CertificateCheck(REGISTER, CheckOutcome.UNKNOWN, sentence),)
        )
    if last is RegisterEvent.VOIDED:
        sentence = N_("reserved, but never issued. There is no certificate with this code.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(REGISTER, CheckOutcome.NO, sentence),)
        )
    return None


def signed_at(certificate: Certificate) -> datetime:
    """Return the time at which the register records the certificate as signed."""
    return next(entry.at for entry in certificate.entries if entry.event is RegisterEvent.ISSUED)


def _register_check(facts: CertificateFacts) -> CertificateCheck:
    return CertificateCheck(
        REGISTER,
        CheckOutcome.YES,
        N_("under number %(number)s since %(day)s, unchanged"),
        {"number": facts.number, "day": facts.decided_on},
    )


def _status_checks(
    status: Status, last: RegisterEntry, facts: CertificateFacts, at: datetime
) -> Iterator[CertificateCheck]:
    if status in DECIDED:
        yield CertificateCheck(
            STATUS, CheckOutcome.NO, DECIDED[status], {"day": _since(status, last, facts)}
        )
    else:
        sentence = N_("not suspended or withdrawn, checked at %(moment)s")
        yield CertificateCheck(STATUS, CheckOutcome.YES, sentence, {"moment": at})
    yield date_check(status, facts, at.astimezone(UTC).date())


def _since(status: Status, last: RegisterEntry, facts: CertificateFacts) -> date:
    """Return the date of the decision; for a renewal without a gap, the day after the last day."""
    on = last.at.astimezone(UTC).date()
    after = facts.valid_until_on + timedelta(days=1)
    waited = status is Status.REPLACED and (
        last.event is not RegisterEvent.REPLACED or on > facts.valid_until_on
    )
    return after if waited else on
