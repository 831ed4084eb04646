"""Time stamps of a time-stamp service (RFC 3161) inside a signature: strict checks and canonical form."""

from asn1crypto import cms as asn1_cms
from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from asn1crypto.core import Integer
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

STAMP = "signature_time_stamp_token"
# The service's certificate and those that vouch for it: no token that we know carries more.
CERTIFICATES = 6
LONGEST = 30_000


def kept(info: asn1_cms.SignerInfo) -> asn1_cms.CMSAttributes | None:
    """Return the unsigned attributes of a signature: none, or exactly one time stamp.

    Raise ValueError for anything else: unsigned parts must not be able to carry content.
    """
    found = info["unsigned_attrs"]
    if not found:
        return None
    if len(found) != 1 or found[0]["type"].native != STAMP or len(found[0]["values"]) != 1:
        raise ValueError("more than a time stamp stands beside the signature")
    token = found[0]["values"][0]
    _refuse_more(token["content"])
    if len(token.dump()) > LONGEST or canonical(token.dump()) != token.dump():
        raise ValueError("the time stamp is written in another way")
    return asn1_cms.CMSAttributes(
        [asn1_cms.CMSAttribute({"type": STAMP, "values": [token.copy()]})]
    )


def in_order(stamped: asn1_cms.SignedData) -> list[asn1_cms.CertificateChoices]:
    """Return the certificates in canonical order: sorted by their bytes."""
    found = [one.copy() for one in stamped["certificates"] or ()]
    return sorted(found, key=lambda one: bytes(one.dump()))


def canonical(data: bytes) -> bytes:
    """Write values by the distinguished rules (X.690, 10): definite and shortest lengths, shortest numbers."""
    written = b""
    while data:
        end = parser.peek(data)
        kind, method, tag, _head, inside, _end = parser.parse(data[:end], strict=True)
        if method:
            inside = canonical(inside)
        elif (kind, tag) == (0, Integer.tag):
            inside = Integer(Integer.load(data[:end]).native).contents
        written += parser.emit(kind, method, tag, inside)
        data = data[end:]
    return written


def _refuse_more(stamped: asn1_cms.SignedData) -> None:
    """Refuse a stamp that carries more than itself and the certificates of who vouches for it."""
    signers = stamped["signer_infos"]
    certificates = [one.chosen for one in stamped["certificates"] or ()]
    if (
        len(signers) != 1
        or signers[0]["unsigned_attrs"]
        or stamped["crls"]
        or not 1 <= len(certificates) <= CERTIFICATES
        or [one.dump() for one in certificates] != [one.dump() for one in in_order(stamped)]
    ):
        raise ValueError("the time stamp carries more than a stamp")
    if not all(isinstance(one, asn1_x509.Certificate) for one in certificates):
        raise ValueError("the time stamp carries more than certificates")
    _refuse_strangers(
        [x509.load_der_x509_certificate(one.dump()) for one in certificates], signers[0]
    )


def _refuse_strangers(certificates: list[x509.Certificate], signer: asn1_cms.SignerInfo) -> None:
    """Raise ValueError if a certificate is not part of the one chain from the stamp's signer."""
    serial = signer["sid"].chosen["serial_number"].native
    line = [one for one in certificates if one.serial_number == serial][:1]
    left = [one for one in certificates if one not in line]
    while line and (above := next((one for one in left if _vouches(one, line[-1])), None)):
        line.append(above)
        left.remove(above)
    if left or len(line) != len(certificates):
        raise ValueError("the time stamp carries certificates of strangers")


def _vouches(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
