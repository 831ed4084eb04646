"""Builds the X.509 certificates of the root and of issuing keys (RFC 5280)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)
ROOT_YEARS = 25
# Long enough for years of use and for the validity of the last certificate that it signs.
ISSUING_YEARS = 8
NAME_LENGTH = 64

USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def new_p256() -> ec.EllipticCurvePrivateKey:
    """Generate a P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def whole_second(at: datetime) -> datetime:
    """Return the time as a certificate can hold it: UTC, whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0)


def root_certificate(
    private: ec.EllipticCurvePrivateKey, *, organisation: str, at: datetime
) -> x509.Certificate:
    """Build the root's certificate: self-signed, may certify issuing keys and nothing else."""
    name, start = _name(organisation, "CISS certificates, root"), whole_second(at)
    return (
        _builder(name, name, private.public_key(), start, start + ROOT_YEARS * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(private, hashes.SHA256())
    )


def issuing_certificate(
    public: ec.EllipticCurvePublicKey,
    *,
    key_id: str,
    organisation: str,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    at: datetime,
) -> x509.Certificate:
    """Build the certificate of an issuing key: may sign, may not certify other keys."""
    start = whole_second(at)
    until = min(start + ISSUING_YEARS * YEAR, root.not_valid_after_utc)
    name = _name(organisation, f"CISS certificates, key {key_id}")
    return (
        _builder(name, root.subject, public, start, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )


def signing_request(
    private: ec.EllipticCurvePrivateKey, *, key_id: str, organisation: str
) -> x509.CertificateSigningRequest:
    """Build the certificate request (PKCS #10), which proves that the requester holds the key."""
    name = _name(organisation, f"CISS certificates, key {key_id}")
    return x509.CertificateSigningRequestBuilder().subject_name(name).sign(private, hashes.SHA256())


def organisation_of(name: x509.Name) -> str:
    """Return the organisation in a certificate's name; empty if there is none."""
    found = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:NAME_LENGTH]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    start: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    values: dict[str, Any] = {name: name in allowed for name in USAGES}
    return x509.KeyUsage(**values)
