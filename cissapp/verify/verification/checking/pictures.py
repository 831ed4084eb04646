"""Checks a photo or a scan of a certificate: its QR code leads to the register, and the register answers.

A picture proves nothing by itself, so it is never reported as one of ours or not one of ours.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.document.facts import CertificateFacts, read_facts
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import is_code, normalise_code
from cissapp.certify.certificates.rules.typing_mistakes import corrected
from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.core.errors import N_, Busy
from cissapp.foundation.intake import ReadSquares, ocr, read_squares
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking.register import check_in_register
from cissapp.verify.verification.checking.results import CheckResult
from cissapp.verify.verification.rules import (
    PHOTO,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    SentFileKind,
    kind_of_file,
)

# Five groups of four characters with separators, as OCR reads them.
PRINTED = re.compile(r"(?<!\w)\w{4}(?:\s?[-\u2010-\u2014.]\s?\w{4}){4}(?!\w)")
LANGUAGES = ("en",)

UNCERTAIN = N_(
    "The square in this picture could not be read. We read the code below, which may contain a mistake. Compare it with the certificate, correct it and check it."
)
UNREADABLE = N_("This picture could not be read. Enter the code that is printed beside the square.")
BUSY = N_(
    "Many pictures are being read right now. Enter the code, or send the picture again in a minute."
)
TWO = N_("This picture shows more than one certificate. Send a picture of one of them.")
NO_CERTIFICATE = N_(
    "The square in this picture leads to us, but not to a certificate. Enter the code"
    " that is printed beside the square."
)
NOT_REGISTERED = N_(
    "The square in this picture leads to us, but the register has no certificate with its code. Compare the code with the certificate and send it again. If it is the same, do not rely on the certificate and tell the national group."
)
ELSEWHERE = N_(
    "The square in this picture does not lead to us. It leads to %(host)s. If this is meant to be one of our certificates, do not rely on it and tell the national group. Do not open that address."
)
NO_ADDRESS = N_(
    "The square in this picture is not one of our addresses. If this is meant to be one of our certificates, do not rely on it and tell the national group."
)
LEADS = N_("its square leads to certificate %(number)s in the register")
READ = N_("shows the code of certificate %(number)s in the register")
DISAGREES = N_(
    "its square leads to certificate %(number)s, but it shows a different level or last day from the register. Do not rely on it."
)
COPY = N_(
    "shows the code of certificate %(number)s, but is not the file that was issued. Do not rely on it."
)


def check_picture(
    content: bytes, ring: Keyring, *, at: datetime, expiring_days: int, host: str | None
) -> CheckResult | None:
    """Check what the QR code in a picture leads to; return None if the file is not a picture.

    `host` is that of this service. Nothing of the picture is kept. No transaction is held meanwhile, so that
    nobody is kept from writing: anybody may send a picture.
    """
    release_transaction()
    try:
        read = read_squares(content)
    except Busy:
        return _ask_again(BUSY)
    return _answer_to(content, read, ring, at=at, expiring_days=expiring_days, host=host)


def _check_by_letters(
    picture: bytes, ring: Keyring, *, at: datetime, expiring_days: int
) -> CheckResult:
    """Check by the printed code, which may be misread, so only a code that the register has is answered."""
    code = _code_by_letters(picture)
    certificate = certificates.by_codes([code, *corrected(code)]) if code else None
    if certificate is None:
        return _ask_again(UNCERTAIN if code else UNREADABLE, typed=code)
    return _check_named(certificate, "", ring, at=at, expiring_days=expiring_days)


def _code_by_letters(picture: bytes) -> str:
    """Return the text that looks most like a printed code, or an empty one; it may be misread."""
    release_transaction()
    try:
        text = ocr.read_text(picture, LANGUAGES) if picture else None
    except Busy:
        return ""
    found = [normalise_code(match.group()) for match in PRINTED.finditer(text or "")]
    return next(filter(is_code, found), found[0] if found else "")


def _answer_to(
    content: bytes,
    read: ReadSquares | None,
    ring: Keyring,
    *,
    at: datetime,
    expiring_days: int,
    host: str | None,
) -> CheckResult | None:
    if kind_of_file(content) is SentFileKind.PDF and (read is None or not read.is_picture):
        return _check_typed_page(read.texts if read else ())
    if read is None or not read.texts:
        return _check_by_letters(
            read.grey if read else b"", ring, at=at, expiring_days=expiring_days
        )
    named = list(_certificates(read.texts).values())
    if not named:
        return _unknown(read.texts, host)
    address, certificate = named[0]
    if len(named) > 1:
        return _ask_again(TWO)
    return _check_named(certificate, address, ring, at=at, expiring_days=expiring_days)


def _certificates(addresses: Sequence[str]) -> dict[str, tuple[str, Certificate]]:
    """Find the certificates that the QR codes lead to: by their code, at the host they were issued for."""
    found = {}
    for address in addresses:
        code = _code_in(address)
        certificate = certificates.by_code(code) if code else None
        if certificate and _host(address) == _host(_facts(certificate, "base_url")):
            found[certificate.code] = (address, certificate)
    return found


def _facts(certificate: Certificate, name: str) -> str:
    """Return a fact as it was written, without checking the entry; empty if it cannot be read."""
    try:
        return str(getattr(read_facts(certificate.facts), name))
    except ValueError:
        return ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _code_in(address: str) -> str | None:
    code = normalise_code(address) if "/verify/" in address else ""
    return code if is_code(code) else None


def _check_named(
    certificate: Certificate, address: str, ring: Keyring, *, at: datetime, expiring_days: int
) -> CheckResult:
    values = {"number": certificate.number}
    if not register_checks.certificate_fault(certificate):
        facts = read_facts(certificate.facts)
        if not _agrees(address, facts):
            check = CertificateCheck(PHOTO, CheckOutcome.NO, DISAGREES, values)
            return CheckResult(CheckAnswer.ALTERED, facts, (check,), by_picture=True)
    leads = CertificateCheck(PHOTO, CheckOutcome.YES, LEADS if address else READ, values)
    found = check_in_register(certificate, ring, (leads,), at=at, expiring_days=expiring_days)
    return found.by_a_picture()


def _agrees(address: str, facts: CertificateFacts) -> bool:
    """Return whether level and last date in a QR code match the facts; true if it contains neither."""
    said = address.partition("#")[2]
    return not said or said == facts.qr_text.partition("#")[2]


def _check_typed_page(addresses: Sequence[str]) -> CheckResult | None:
    """Return the result for a PDF page that is not a scan: with our QR code on it, it is an altered file."""
    for _address, certificate in _certificates(addresses).values():
        check = CertificateCheck(PHOTO, CheckOutcome.NO, COPY, {"number": certificate.number})
        fault = register_checks.certificate_fault(certificate)
        facts = None if fault else read_facts(certificate.facts)
        return CheckResult(CheckAnswer.ALTERED, facts, (check,))
    return None


def _unknown(addresses: Sequence[str], host: str | None) -> CheckResult:
    """Return the result for QR codes that lead to no certificate of the register."""
    ours = [address for address in addresses if host and _host(address) == host.lower()]
    code = next(filter(None, map(_code_in, ours)), None)
    if code:
        return _ask_again(NOT_REGISTERED, typed=code)
    if ours:
        return _ask_again(NO_CERTIFICATE)
    hosts = list(filter(None, map(_host, addresses)))
    check = CertificateCheck(
        PHOTO,
        CheckOutcome.NO,
        ELSEWHERE if hosts else NO_ADDRESS,
        {"host": hosts[0]} if hosts else {},
    )
    return CheckResult(CheckAnswer.ELSEWHERE, None, (check,))


def _ask_again(sentence: str, typed: str = "") -> CheckResult:
    check = CertificateCheck(PHOTO, CheckOutcome.UNKNOWN, sentence)
    return CheckResult(CheckAnswer.UNREADABLE, None, (check,), typed=typed)
