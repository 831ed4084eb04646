"""The keys that certificates are signed with, in a folder that only the service can read.

- `root.pem`, `root.key.pem`: the root that vouches for every issuing key;
- `2026-A.pem`, `2026-A.key.pem`: an issuing key; the newest signs, all of them verify;
- `keys.json`: the public part of all, for anybody who checks a certificate offline.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)
ROOT_YEARS = 25
# Long enough for years of use and for the validity of the last certificate that it signs.
ISSUING_YEARS = 8
FORMAT = "ciss-keys-1"
PUBLIC = "keys.json"


class NoKeys(Exception):
    """There is no key to sign with."""


class BrokenKeys(Exception):
    """The file of public keys cannot be read."""


@dataclass(frozen=True)
class PublicKey:
    """What anybody may know of an issuing key."""

    id: str
    certificate: x509.Certificate
    root: x509.Certificate
    from_at: datetime
    until_at: datetime

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate: what is pinned."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def organisation(self) -> str:
        """Whose key it is."""
        found = self.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        return str(found[0].value) if found else ""

    def public(self) -> dict[str, str]:
        """Write it for `keys.json`."""
        return {
            "id": self.id,
            "certificate": self.certificate.public_bytes(Encoding.PEM).decode(),
            "root": self.root.public_bytes(Encoding.PEM).decode(),
            "from": self.from_at.isoformat(),
            "until": self.until_at.isoformat(),
            "sha256": self.fingerprint,
        }


@dataclass(frozen=True)
class Keyring:
    """All issuing keys, oldest first, and the folder of their private parts if it is at hand."""

    keys: tuple[PublicKey, ...] = ()
    folder: Path | None = None

    def by_fingerprint(self, fingerprint: str) -> PublicKey | None:
        """Find the key that is pinned under a fingerprint."""
        return next((key for key in self.keys if key.fingerprint == fingerprint), None)

    def by_id(self, key_id: str) -> PublicKey | None:
        """Find a key."""
        return next((key for key in self.keys if key.id == key_id), None)

    def newest(self) -> PublicKey:
        """Give the key that signs; raise `NoKeys`."""
        if not self.keys or self.folder is None:
            raise NoKeys
        return self.keys[-1]

    def private_der(self, key: PublicKey) -> bytes:
        """Read the private part of a key, for one signature."""
        if self.folder is None:
            raise NoKeys
        loaded = load_pem_private_key((self.folder / f"{key.id}.key.pem").read_bytes(), None)
        return loaded.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def exist(folder: Path) -> bool:
    """Say whether a folder holds keys."""
    return (folder / PUBLIC).is_file()


def load(folder: Path) -> Keyring:
    """Open the keys of a folder; an empty ring if there are none."""
    if not exist(folder):
        return Keyring(folder=folder)
    return Keyring(load_public(folder / PUBLIC).keys, folder)


def load_public(path: Path) -> Keyring:
    """Open a file of public keys: enough to verify, not to sign."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["format"] != FORMAT:
            raise BrokenKeys(f"{path} is no file of keys")
        found = sorted((_read(one) for one in raw["keys"]), key=lambda key: (key.from_at, key.id))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenKeys(f"{path}: {error}") from error
    return Keyring(tuple(found))


def _read(raw: dict[str, str]) -> PublicKey:
    key = PublicKey(
        raw["id"],
        x509.load_pem_x509_certificate(raw["certificate"].encode()),
        x509.load_pem_x509_certificate(raw["root"].encode()),
        datetime.fromisoformat(raw["from"]),
        datetime.fromisoformat(raw["until"]),
    )
    key.certificate.verify_directly_issued_by(key.root)
    return key


def create_keys(folder: Path, *, organisation: str, at: datetime) -> PublicKey:
    """Make the next issuing key, and the root if there is none; older keys stay and go on verifying."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    start = at.astimezone(UTC).replace(microsecond=0)
    root, root_key = _root(folder, organisation, start)
    ring = load(folder)
    taken = {key.id for key in ring.keys}
    key_id = next(name for mark in ascii_uppercase if (name := f"{start.year}-{mark}") not in taken)
    private = ec.generate_private_key(ec.SECP256R1())
    until = min(start + ISSUING_YEARS * YEAR, root.not_valid_after_utc)
    certificate = (
        _builder(
            _name(organisation, f"CISS certificates, key {key_id}"),
            root.subject,
            private,
            start,
            until,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    _write(folder / f"{key_id}.key.pem", _pem(private))
    _write(folder / f"{key_id}.pem", certificate.public_bytes(Encoding.PEM))
    made = PublicKey(key_id, certificate, root, start, until)
    _publish(folder, (*ring.keys, made))
    return made


def _root(
    folder: Path, organisation: str, start: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    path = folder / "root.key.pem"
    if path.is_file():
        loaded = load_pem_private_key(path.read_bytes(), None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise BrokenKeys(f"{path} is no key on an elliptic curve")
        return x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()), loaded
    private = ec.generate_private_key(ec.SECP256R1())
    name = _name(organisation, "CISS certificates, root")
    certificate = (
        _builder(name, name, private, start, start + ROOT_YEARS * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(private, hashes.SHA256())
    )
    _write(folder / "root.pem", certificate.public_bytes(Encoding.PEM))
    _write(path, _pem(private))
    return certificate, private


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    private: ec.EllipticCurvePrivateKey,
    start: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(until)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
        )
    )


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


def _usage(*allowed: str) -> x509.KeyUsage:
    values: dict[str, Any] = {name: name in allowed for name in USAGES}
    return x509.KeyUsage(**values)


def _pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _publish(folder: Path, keys: tuple[PublicKey, ...]) -> None:
    text = json.dumps({"format": FORMAT, "keys": [key.public() for key in keys]}, indent=2)
    beside = folder / f".{PUBLIC}.new"
    beside.unlink(missing_ok=True)
    _write(beside, text.encode())
    beside.replace(folder / PUBLIC)


def _write(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, and that survives power loss."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
