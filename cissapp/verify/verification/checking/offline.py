"""Checks a file without the register: with public keys, a snapshot and a proof of the log."""

import hashlib
from datetime import UTC, date, datetime

from msgspec.structs import replace

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.rules import Status, status_by_date
from cissapp.foundation.core.errors import N_
from cissapp.foundation.signing import seal
from cissapp.verify.verification.checking import credentials, statements
from cissapp.verify.verification.checking.key_and_dates import date_check, key_checks
from cissapp.verify.verification.checking.offline_sources import (
    GenuineFile,
    OfflineSources,
    issued_at,
    log_check,
    snapshot_check,
    status_check,
)
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import (
    CARRIERS,
    FILE,
    KEY,
    LARGEST,
    SIGNATURE,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    conclude,
    kind_of_file,
)


def check_offline(
    content: bytes, known: OfflineSources, *, at: datetime, expiring_days: int
) -> CheckResult:
    """Check a file without the register: whether it is genuine, its dates, and the sources at hand."""
    today = at.astimezone(UTC).date()
    if len(content) > LARGEST:
        sentence = N_("is larger than 10 MB. A certificate is smaller than 0.1 MB.")
        return CheckResult(
            CheckAnswer.UNKNOWN, None, (CertificateCheck(FILE, CheckOutcome.UNKNOWN, sentence),)
        )
    of_credential = kind_of_file(content) in CARRIERS
    genuine = (
        _examine_credential(content, known, at) if of_credential else _examine_pdf(content, known)
    )
    if isinstance(genuine, CheckResult):
        return replace(genuine, status_checked=False)
    return judge_genuine(genuine, known, today=today, expiring_days=expiring_days)


def _examine_pdf(content: bytes, known: OfflineSources) -> GenuineFile | CheckResult:
    found = seal.examine(content, known.keys)
    if not found.good or found.key is None:
        return _result_for_not_genuine(found)
    try:
        facts = read_facts(pdf.facts_in(content) or "")
    except ValueError:
        if statements.claims_to_be_statement(content):
            return statements.result_for_opened(content, known.keys)
        sentence = N_("is signed, but does not contain the facts of a certificate.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    if facts.key_id != found.key.id:
        sentence = N_("names a different key from the one that signed it.")
        return CheckResult(
            CheckAnswer.ALTERED, None, (CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence),)
        )
    values = {"name": found.key.organisation, "key": found.key.id}
    before = (
        CertificateCheck(FILE, CheckOutcome.YES, N_("is unchanged since it was signed")),
        CertificateCheck(
            SIGNATURE,
            CheckOutcome.YES,
            N_("by %(name)s, key %(key)s, covering the whole file"),
            values,
        ),
    )
    return GenuineFile(
        facts.code,
        facts.number,
        facts.valid_from_on,
        facts.valid_until_on,
        facts.address,
        found.key.id,
        before,
        facts,
        hashlib.sha256(content).hexdigest(),
    )


def _examine_credential(
    content: bytes, known: OfflineSources, at: datetime
) -> GenuineFile | CheckResult:
    found = credentials.examine_credential(content, known.keys, at=at)
    if found is None and statements.claims_to_be_statement(content):
        return statements.result_for_opened(content, known.keys)
    if found is None:
        sentence = N_("is damaged or is not a credential.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    refused = credentials.refusal(found)
    code = credentials.code_of(found.document)
    if refused or code is None:
        sentence = N_("does not name a certificate.")
        unnamed = CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
        return refused or unnamed
    since, until = credentials.days_of(found.document)
    return GenuineFile(
        code,
        str(found.document["credentialSubject"]["licenseNumber"]),
        since,
        until,
        str(found.document["id"]),
        str(found.key_id),
        credentials.signed_checks(found, known.keys),
    )


def judge_genuine(
    genuine: GenuineFile, known: OfflineSources, *, today: date, expiring_days: int
) -> CheckResult:
    """Check a genuine file against the sources at hand: snapshot, proof of the log, key and calendar."""
    row, proven, held = None, None, list(genuine.before)
    if known.snapshot:
        row, check = snapshot_check(known.snapshot, genuine)
        held.append(check)
    if known.proof is not None:
        proven, check = log_check(known.proof, known.ring, genuine)
        held.append(check)
    # Snapshot and log know the file of a certificate, but not the text of its credential: whoever has the key
    # could write another one today. Only the register can compare it.
    signed_at = issued_at(row, proven) if genuine.file_sha256 else None
    held += key_checks(known.keys, genuine.key_id, signed_at)
    decided, status = status_check(known.snapshot, row, proven, genuine, today)
    calendar = status_by_date(genuine.valid_until_on, today, expiring_days)
    begun = today >= genuine.valid_from_on
    checks = (*held, status, date_check(calendar if begun else Status.UPCOMING, genuine, today))
    refused = next((one for one in held if one.outcome is CheckOutcome.NO), None)
    if refused:
        ours = refused.what != KEY
        answer = CheckAnswer.ALTERED if ours else CheckAnswer.NOT_OURS
        return CheckResult(answer, genuine.facts if ours else None, checks)
    answer = decided or (CheckAnswer(calendar.value) if begun else CheckAnswer.UPCOMING)
    asked = [*held, status] if known.snapshot else held
    return CheckResult(
        conclude(answer, asked),
        genuine.facts,
        checks,
        status_checked=status.outcome is not CheckOutcome.UNKNOWN,
    )


def _result_for_not_genuine(found: seal.Seal) -> CheckResult:
    if not found.readable:
        sentence = N_("is damaged or is not a PDF.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    if found.signatures != 1:
        sentence = N_("has %(count)s signatures, but a certificate has exactly one.")
        checks = (
            CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence, {"count": found.signatures}),
        )
        return CheckResult(
            CheckAnswer.ALTERED if found.signatures else CheckAnswer.NOT_OURS, None, checks
        )
    if found.key is None and found.intact:
        sentence = N_("was made with a key that is not one of ours.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(SIGNATURE, CheckOutcome.NO, sentence),)
        )
    sentence = N_("was changed after it was signed.")
    return CheckResult(
        CheckAnswer.ALTERED, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
    )
