"""What a check can answer, how its parts add up, and how kinds of files are told apart. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from cissapp.certify.certificates.rules import RANDOM_MARKS, is_code, normalise_code
from cissapp.foundation.core.errors import N_

# --- answers -----------------------------------------------------------------------------------


class CheckAnswer(StrEnum):
    """The one word that a check ends in."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    UPCOMING = "upcoming"
    ALTERED = "altered"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"
    # A mistyped code, and pictures that gave no answer: the visitor types the code and checks again.
    MISTYPED = "mistyped"
    UNREADABLE = "unreadable"
    ELSEWHERE = "elsewhere"


ASKED_AGAIN = frozenset({CheckAnswer.MISTYPED, CheckAnswer.UNREADABLE, CheckAnswer.ELSEWHERE})
# Answers for codes that no certificate has.
NO_CERTIFICATE = frozenset({CheckAnswer.NOT_OURS, CheckAnswer.MISTYPED})
GOOD = frozenset({CheckAnswer.VALID, CheckAnswer.EXPIRING})


class CheckOutcome(StrEnum):
    """The outcome of a single check."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class CertificateCheck(Struct, frozen=True):
    """A single check: what was checked, its outcome, and a sentence with its values."""

    what: str
    outcome: CheckOutcome
    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


FILE = N_("This file")
PHOTO = N_("This picture")
SIGNATURE = N_("Signature")
KEY = N_("Key")
REGISTER = N_("In the register")
LOG = N_("In the public log")
SNAPSHOT = N_("In the snapshot")
PROOF = N_("In the log")
STATUS = N_("Status")
DATES = N_("Dates")
CODE_NAME = N_("Code")


def conclude(answer: CheckAnswer, checks: Iterable[CertificateCheck]) -> CheckAnswer:
    """Return the answer, or unknown for a good answer if any check failed or could not be made."""
    if answer in GOOD and any(check.outcome is not CheckOutcome.YES for check in checks):
        return CheckAnswer.UNKNOWN
    return answer


# --- what was sent -----------------------------------------------------------------------------

LARGEST = 10_000_000
LARGEST_CREDENTIAL = 1_000_000
# A value that no certificate has as its code, but that every database accepts in a query.
NO_CODE = "0" * RANDOM_MARKS + "?"
SHA256_MARKS = 64


class SentFileKind(StrEnum):
    """What a file looks like, by its first bytes."""

    PDF = "pdf"
    CREDENTIAL = "credential"
    PICTURE = "picture"
    PHOTO = "photo"
    OTHER = "other"


# The kinds of file that may carry a credential.
CARRIERS = frozenset({SentFileKind.CREDENTIAL, SentFileKind.PICTURE})
PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = (PNG, b"<svg", b"<?xml")
JPEG = b"\xff\xd8\xff"
# Brands after "ftyp" in the HEIC files that phones write.
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def kind_of_file(content: bytes) -> SentFileKind:
    """Return what a file looks like; only a file that looks like a credential is read as one."""
    start = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"%PDF-" in start:
        return SentFileKind.PDF
    if start.startswith(PICTURES):
        return SentFileKind.PICTURE
    if _is_photo(content):
        return SentFileKind.PHOTO
    if start.startswith(b"{") or _is_jwt(content.strip()):
        return SentFileKind.CREDENTIAL
    return SentFileKind.OTHER


def _is_photo(content: bytes) -> bool:
    """Check for the first bytes of a JPEG, a WebP or a HEIC."""
    webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return content.startswith(JPEG) or webp or (content[4:8] == b"ftyp" and content[8:12] in HEIC)


def may_show_square(content: bytes) -> bool:
    """Return whether a file may be a picture of a certificate: a photo, a PNG, or the PDF of a scanner."""
    kind = kind_of_file(content)
    return kind in {SentFileKind.PHOTO, SentFileKind.PDF} or content.startswith(PNG)


def _is_jwt(content: bytes) -> bool:
    """Check for three pieces of base64url with dots between."""
    if len(content) > LARGEST_CREDENTIAL or not content.startswith(b"ey"):
        return False
    pieces = content.split(b".")
    return len(pieces) == 3 and all(
        piece and piece.replace(b"-", b"").replace(b"_", b"").isalnum() for piece in pieces
    )


def code_to_ask(raw: str) -> tuple[str, bool]:
    """Return the code to look up in the register, and whether the input is a code at all.

    A malformed code is looked up as one that no certificate has, so that it takes the same time.
    """
    code = normalise_code(raw)
    return (code, True) if is_code(code) else (NO_CODE, False)


def is_sha256(raw: str) -> bool:
    """Check for a hash as a browser sends it: 64 lower-case hexadecimal digits."""
    return len(raw) == SHA256_MARKS and set(raw) <= set("0123456789abcdef")


# --- the approved text -------------------------------------------------------------------------


# The kind of document that a school publishes as its safety policy.
POLICY = "POL"


class Sameness(StrEnum):
    """Whether a document is one that was approved."""

    FILE = "file"
    TEXT = "text"
    OTHER = "other"
    UNKNOWN = "unknown"


class ApprovedDocument(Struct, frozen=True):
    """An approved document, as the certificate names it."""

    evidence_code: str
    version: int
    sha256: str
    text_sha256: str | None = None


class DocumentComparison(Struct, frozen=True):
    """How a document compares with those that were approved, and with which one it agrees."""

    sameness: Sameness
    document: ApprovedDocument | None = None


def same_file(sha256: str, approved: Iterable[ApprovedDocument]) -> DocumentComparison | None:
    """Find the approved document that is this very file."""
    found = next((one for one in approved if one.sha256 == sha256), None)
    return DocumentComparison(Sameness.FILE, found) if found else None


def same_text(text_sha256: str | None, approved: Iterable[ApprovedDocument]) -> DocumentComparison:
    """Compare a document by its text; three-valued.

    "Other" is only returned if both sides could be read in full: without the text hash of an approved policy,
    nobody can know that this document has a different text.
    """
    documents = list(approved)
    if text_sha256 is None:
        return DocumentComparison(Sameness.UNKNOWN)
    found = next((one for one in documents if one.text_sha256 == text_sha256), None)
    if found:
        return DocumentComparison(Sameness.TEXT, found)
    policies = [one for one in documents if one.evidence_code == POLICY]
    if not policies or any(one.text_sha256 is None for one in policies):
        return DocumentComparison(Sameness.UNKNOWN)
    return DocumentComparison(Sameness.OTHER)
