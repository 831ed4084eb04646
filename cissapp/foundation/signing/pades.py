"""The implementation of `seal`, by pyHanko: imported on first use, because that takes half a second."""

import asyncio
import hashlib
import re
import struct
import zlib
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import cms as asn1_cms
from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from cissapp.foundation.signing import timestamp_service, timestamps
from cissapp.foundation.signing.errors import TimestampFailed
from cissapp.foundation.signing.keys import Keyring, PublicKey
from cissapp.foundation.signing.seal_result import Seal, SigningFailed

FIELD = "Certification"
# The size of a signature besides its key's certificate, and how often it names the issuer.
SIGNATURE_BYTES = 450
NAMES = 2
# The signed ranges: from the beginning and up to the end, around the place that holds the signature.
SIGNED_RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")

# What a damaged or hostile file makes the reader raise; all of it means "could not be read".
UNREADABLE = (
    PdfError,
    SignatureValidationError,
    SigningError,
    PathError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OSError,
    struct.error,
    zlib.error,
)


def sign(
    pdf: bytes, *, ring: Keyring, key: PublicKey, reason: str, place: str, tsa_url: str = ""
) -> bytes:
    """Sign the file, as `seal.sign` says."""
    try:
        return _signed(pdf, ring=ring, key=key, reason=reason, place=place, tsa_url=tsa_url)
    except SigningError as error:
        raise SigningFailed(str(error)) from error


def _signed(
    pdf: bytes, *, ring: Keyring, key: PublicKey, reason: str, place: str, tsa_url: str
) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        location=place,
        name=key.organisation,
    )
    field = SigFieldSpec(FIELD, on_page=0, box=None, readable_field_name=FIELD)
    certificate = _asn1(key.certificate)
    signer = ring.pdf_signer(key)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    # The file keeps room for the signature as hexadecimal digits.
    names = NAMES * len(certificate.issuer.dump())
    room = 2 * (len(certificate.dump()) + names + SIGNATURE_BYTES)
    if tsa_url:
        return _stamped(
            PdfSigner(
                meta, signer, timestamper=timestamp_service.stamper(tsa_url), new_field_spec=field
            ),
            writer,
            tsa_url,
        )
    signed = PdfSigner(meta, signer, new_field_spec=field).sign_pdf(writer, bytes_reserved=room)
    return bytes(signed.getvalue())


def _stamped(signer: PdfSigner, writer: IncrementalPdfFileWriter, tsa_url: str) -> bytes:
    try:
        return bytes(signer.sign_pdf(writer).getvalue())
    except (OSError, SigningError, ValueError, TypeError, LookupError, AttributeError) as error:
        timestamp_service.forget(tsa_url)
        raise TimestampFailed(
            f"The time-stamp service {tsa_url} did not issue a time stamp: {error}"
        ) from error


def examine(content: bytes, ring: Keyring) -> Seal:
    """Examine a file, as `seal.examine` says."""
    try:
        reader = PdfFileReader(BytesIO(content))
        found = list(reader.embedded_signatures)
        if len(found) != 1 or reader.encrypted:
            return Seal(signatures=len(found))
        return _judge(found[0], content, ring)
    except UNREADABLE:
        return Seal(readable=False)


def is_signed_by(content: bytes, key: PublicKey) -> bool:
    """Look at a file, as `seal.is_signed_by` says."""
    ranges = SIGNED_RANGE.findall(content)
    if len(ranges) != 1:
        return False
    before, after, length = map(int, ranges[0])
    try:
        held = bytes.fromhex(content[before + 1 : after - 1].decode())
        end = parser.peek(held)
        signed = asn1_cms.ContentInfo.load(held[:end])["content"]
        (certificate,), (info,) = signed["certificates"], signed["signer_infos"]
        said = {one["type"].native: one["values"] for one in info["signed_attrs"]}
        (digest,) = said["message_digest"]
        _verify(key, info)
    except (*UNREADABLE, InvalidSignature):
        return False
    covered = hashlib.sha256(content[:before] + content[after:]).digest()
    return (
        after + length == len(content)
        and not any(held[end:])
        and certificate.dump() == key.certificate.public_bytes(Encoding.DER)
        and digest.native == covered
    )


def _verify(key: PublicKey, info: asn1_cms.SignerInfo) -> None:
    public = key.certificate.public_key()
    if not isinstance(public, EllipticCurvePublicKey):
        raise TypeError("no key of ours")
    attributes = info["signed_attrs"].untag().dump()
    public.verify(info["signature"].native, attributes, ECDSA(SHA256()))


def _judge(signature: EmbeddedPdfSignature, content: bytes, ring: Keyring) -> Seal:
    signer = signature.signer_cert
    key = ring.by_fingerprint(hashlib.sha256(signer.dump()).hexdigest()) if signer else None
    trusted = ValidationContext(
        trust_roots=[_asn1(key.root)] if key else [],
        allow_fetching=False,
        # The key is pinned, so it does not matter if its own certificate has expired since.
        moment=key.from_at + timedelta(days=1) if key else None,
    )
    status: PdfSignatureStatus = asyncio.run(async_validate_pdf_signature(signature, trusted))
    unstamped, stamped_at = status.timestamp_validity is None, _stamp(status)
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return Seal(
        signatures=1,
        intact=bool(status.intact and status.valid) and (unstamped or stamped_at is not None),
        whole=whole and key is not None and _gap(signature, content, key),
        locked=signature.docmdp_level is MDPPerm.NO_CHANGES and status.docmdp_ok is True,
        key=key if status.trusted else None,
        stamped_at=stamped_at,
    )


def _stamp(status: PdfSignatureStatus) -> datetime | None:
    """Return the time of the time stamp, if there is one and it covers this signature."""
    found = status.timestamp_validity
    return found.timestamp if found and found.intact and found.valid else None


def _gap(signature: EmbeddedPdfSignature, content: bytes, key: PublicKey) -> bool:
    """Return whether the one range that no signature covers holds the signature and nothing else.

    The signature is rebuilt from what is signed or pinned, and compared: some of its own wrapping is not
    covered, such as the names of its algorithms.
    """
    _start, before, after, _length = (int(number) for number in signature.byte_range)
    held = content[before:after]
    written = _wrapped(signature.signer_info, _asn1(key.certificate)).hex().upper().encode()
    return bool(held == b"<" + written.ljust(len(held) - 2, b"0") + b">")


def _wrapped(info: asn1_cms.SignerInfo, certificate: asn1_x509.Certificate) -> bytes:
    """Serialise a signature exactly as `sign` does."""
    sha256 = {"algorithm": "sha256"}
    sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": asn1_cms.SignerIdentifier("issuer_and_serial_number", sid),
        "digest_algorithm": sha256,
        "signed_attrs": info["signed_attrs"].copy(),
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": info["signature"].native,
    }
    beside = timestamps.kept(info)
    if beside is not None:
        signer["unsigned_attrs"] = beside
    signed = {
        "version": "v1",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    wrapped = asn1_cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(wrapped.dump())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
