"""Checks whether a certificate is genuine and valid, by its code or by the file itself.

The register decides, not the file. A file that the register does not know by its hash is never
parsed as PDF here: it is only searched for one of our codes, to tell an altered certificate from
something else. Pictures and scans are read in an isolated process (`pictures`).
"""

import hashlib
import re
from datetime import datetime

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import is_code
from cissapp.certify.certificates.rules.typing_mistakes import slip_in
from cissapp.certify.credentials.rules.addresses import host_of
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification import queries
from cissapp.verify.verification.checking import credentials, pictures, statements
from cissapp.verify.verification.checking.register import check_in_register
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import (
    CARRIERS,
    CODE_NAME,
    FILE,
    KEY,
    LARGEST,
    REGISTER,
    SIGNATURE,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    kind_of_file,
    may_show_square,
)

CODES = 20
CODE = re.compile(rb"(?<![0-9A-Z-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}(?![0-9A-Z-])")


def check_code(raw: str, ring: Keyring, *, at: datetime, expiring_days: int) -> CheckResult:
    """Check the current status of the certificate with a code."""
    certificate, whole = queries.by_code(raw)
    slip = None if whole else slip_in(raw)
    if slip:
        check = CertificateCheck(CODE_NAME, CheckOutcome.UNKNOWN, slip.sentence, slip.values)
        return CheckResult(CheckAnswer.MISTYPED, None, (check,))
    if certificate is None:
        sentence = N_(
            "The register has no certificate with this code. Compare the code with the certificate again. If it is the same, the certificate was not issued here."
        )
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(REGISTER, CheckOutcome.NO, sentence),)
        )
    return check_in_register(certificate, ring, at=at, expiring_days=expiring_days)


def check_file(
    content: bytes, ring: Keyring, *, at: datetime, expiring_days: int, issuer: str | None = None
) -> CheckResult:
    """Check whether a file is a certificate or credential as it was issued, and its current status.

    `issuer` is the did:web of this service; a credential that names another one is not ours.
    """
    if len(content) > LARGEST:
        sentence = N_("is larger than 10 MB. A certificate is smaller than 0.1 MB.")
        return CheckResult(
            CheckAnswer.UNKNOWN, None, (CertificateCheck(FILE, CheckOutcome.UNKNOWN, sentence),)
        )
    certificate = certificates.by_file(hashlib.sha256(content).hexdigest())
    if certificate is None and kind_of_file(content) in CARRIERS:
        return _check_credential(content, ring, at=at, expiring_days=expiring_days, issuer=issuer)
    if certificate is None:
        return _check_unknown_file(content, ring, at=at, expiring_days=expiring_days, issuer=issuer)
    same = CertificateCheck(
        FILE, CheckOutcome.YES, N_("is the certificate that was issued, unchanged")
    )
    signature = _signature_check(seal.examine(content, ring), certificate.key_id)
    return check_in_register(
        certificate, ring, (same, signature), at=at, expiring_days=expiring_days
    )


def check_hash(
    sha256: str, ring: Keyring, store: FileStore, *, at: datetime, expiring_days: int
) -> CheckResult | None:
    """Check a file by its hash only; return None if the register has no such file."""
    certificate = certificates.by_file(sha256)
    if certificate is None:
        return None
    try:
        content = register_checks.stored_file(certificate, store)
    except (register_checks.DamagedCertificateFile, OSError):
        sentence = N_("is the one that was issued, but our copy is damaged. Send the file itself.")
        return CheckResult(
            CheckAnswer.UNKNOWN, None, (CertificateCheck(FILE, CheckOutcome.UNKNOWN, sentence),)
        )
    return check_file(content, ring, at=at, expiring_days=expiring_days)


def _signature_check(found: seal.Seal, key_id: str) -> CertificateCheck:
    if not found.good or found.key is None or found.key.id != key_id:
        sentence = N_("could not be checked: the public key %(key)s is not available")
        return CertificateCheck(SIGNATURE, CheckOutcome.UNKNOWN, sentence, {"key": key_id})
    values = {"name": found.key.organisation, "key": found.key.id}
    return CertificateCheck(
        SIGNATURE, CheckOutcome.YES, N_("by %(name)s, key %(key)s, covering the whole file"), values
    )


def _check_credential(
    content: bytes, ring: Keyring, *, at: datetime, expiring_days: int, issuer: str | None
) -> CheckResult:
    """Check that a credential is ours, unchanged and in the register, and check its status."""
    found = credentials.examine_credential(content, ring, at=at, issuer=issuer)
    if found is None:
        return _check_unknown_file(content, ring, at=at, expiring_days=expiring_days, issuer=issuer)
    refused = credentials.refusal(found)
    if refused is None:
        certificate = credentials.certificate_of(found)
        if certificate:
            checks = credentials.signed_checks(found, ring)
            return check_in_register(certificate, ring, checks, at=at, expiring_days=expiring_days)
        sentence = N_("is signed, but this credential is not in the register.")
        refused = CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(REGISTER, CheckOutcome.NO, sentence),)
        )
    if refused.checks[0].what == KEY:
        return refused
    code = credentials.code_of(found.document)
    certificate = certificates.by_codes([*([code] if code else []), *codes_in(content)][:CODES])
    return (
        result_for_altered(certificate).with_earlier_checks(*refused.checks)
        if certificate
        else refused
    )


def _check_unknown_file(
    content: bytes, ring: Keyring, *, at: datetime, expiring_days: int, issuer: str | None
) -> CheckResult:
    """Distinguish an altered certificate, by the codes in the file, from a picture of one and the rest."""
    if not content:
        sentence = N_("is empty.")
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    codes = codes_in(content)
    certificate = certificates.by_codes(codes) if codes else None
    if certificate is None and statements.claims_to_be_statement(content):
        return statements.result_for_statement(content, ring)
    if certificate is None and may_show_square(content):
        host = host_of(issuer) if issuer else None
        seen = pictures.check_picture(content, ring, at=at, expiring_days=expiring_days, host=host)
        if seen:
            return seen
    if certificate is None:
        sentence = N_(
            "is not a certificate from this register, or it is damaged. Ask the school for the file that was issued, or type the code."
        )
        return CheckResult(
            CheckAnswer.NOT_OURS, None, (CertificateCheck(FILE, CheckOutcome.NO, sentence),)
        )
    return result_for_altered(certificate)


def result_for_altered(certificate: Certificate) -> CheckResult:
    """Return the result for a file that has the code of a certificate but is not the file that was issued."""
    changed = CertificateCheck(
        FILE,
        CheckOutcome.NO,
        N_(
            "has the code of certificate %(number)s, but is not the file that was issued. Do not rely on it."
        ),
        {"number": certificate.number},
    )
    if register_checks.certificate_fault(certificate):
        return CheckResult(CheckAnswer.ALTERED, None, (changed,))
    return CheckResult(CheckAnswer.ALTERED, read_facts(certificate.facts), (changed,))


def codes_in(content: bytes) -> list[str]:
    """List the codes in a file as plain text, including text with two bytes per character."""
    found: dict[str, None] = {}
    for text in (content, content.replace(b"\x00", b"")):
        for match in CODE.finditer(text):
            code = match.group().decode().replace("-", "")
            if is_code(code):
                found[code] = None
            if len(found) >= CODES:
                return list(found)
    return list(found)
