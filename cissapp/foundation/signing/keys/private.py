"""The private parts of keys, read for one signature at a time and from files of their owner only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cissapp.foundation.signing.keys import files
from cissapp.foundation.signing.keys.errors import AwayKeys, BrokenKeys, NoKeys
from cissapp.foundation.signing.keys.token_place import TokenPlace, read

if TYPE_CHECKING:
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.signers import Signer

Private = ec.EllipticCurvePrivateKey | Ed25519PrivateKey


def pdf_path(folder: Path, key_id: str) -> Path:
    """Return the path of the private part that signs PDF files."""
    return folder / f"{key_id}.key.pem"


def credential_path(folder: Path, key_id: str) -> Path:
    """Return the path of the private part that signs credentials."""
    return folder / f"{key_id}.ed25519.key.pem"


def token_path(folder: Path, key_id: str) -> Path:
    """Return the path of the file that names the token with the part that signs PDF files."""
    return folder / f"{key_id}.pkcs11.json"


def log_path(folder: Path) -> Path:
    """Return the path of the log's private key."""
    return folder / "log.key.pem"


def at_hand(folder: Path, key_id: str) -> bool:
    """Return whether the folder can sign with a key."""
    return pdf_path(folder, key_id).is_file() or token_path(folder, key_id).is_file()


def refuse_exposed(folder: Path, key_id: str) -> None:
    """Refuse to sign, if others on the machine can read what the key signs with."""
    files.refuse_exposed(folder)
    place = token_path(folder, key_id)
    if place.exists() and (pin := Path(read(place).pin_file)).exists():
        files.refuse_exposed(pin)
    for path in (pdf_path(folder, key_id), credential_path(folder, key_id)):
        if path.exists():
            files.refuse_exposed(path)


def pem(private: Private, passphrase: str = "") -> bytes:
    """Write a private part; the file's mode protects it, and the passphrase, if one is given."""
    how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def has_passphrase(path: Path) -> bool:
    """Return whether a private part is kept under a passphrase."""
    return path.is_file() and b"ENCRYPTED" in path.read_bytes()


def load_p256(
    path: Path, certificate: x509.Certificate, passphrase: str = ""
) -> ec.EllipticCurvePrivateKey:
    """Read the private part that belongs to a certificate; raise `NoKeys` or `BrokenKeys`."""
    private = _load(path, passphrase)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise BrokenKeys(f"{path} is not an elliptic-curve key")
    if private.public_key() != certificate.public_key():
        raise BrokenKeys(f"{path} does not belong to its certificate")
    return private


def load_ed25519(path: Path, public: Ed25519PublicKey) -> Ed25519PrivateKey:
    """Read the private part that belongs to a public key; raise `NoKeys` or `BrokenKeys`."""
    private = load_drawn(path)
    if private.public_key() != public:
        raise BrokenKeys(f"{path} does not belong to its public key")
    return private


def load_drawn(path: Path) -> Ed25519PrivateKey:
    """Read a private part that nothing public belongs to yet; raise `NoKeys` or `BrokenKeys`."""
    private = _load(path)
    if not isinstance(private, Ed25519PrivateKey):
        raise BrokenKeys(f"{path} is not an Ed25519 key")
    return private


def _load(path: Path, passphrase: str = "") -> object:
    try:
        files.refuse_exposed(path)
        return load_pem_private_key(path.read_bytes(), passphrase.encode() or None)
    except FileNotFoundError as error:
        raise NoKeys(f"{path} is missing") from error
    except (OSError, ValueError, TypeError) as error:
        raise BrokenKeys(f"{path} cannot be read: {error}") from error


def refuse_foreign(
    folder: Path, key_id: str, certificate: x509.Certificate, public: Ed25519PublicKey | None
) -> None:
    """Raise `NoKeys` or `BrokenKeys`, unless the private parts are here and belong to the public ones."""
    place = token_path(folder, key_id)
    if not place.is_file():
        load_p256(pdf_path(folder, key_id), certificate)
    elif token_public(read(place)) != certificate.public_key():
        raise BrokenKeys(f"The key in the token does not belong to the certificate of key {key_id}")
    if public:
        load_ed25519(credential_path(folder, key_id), public)


# --- tokens: an optional dependency, imported where it is needed --------------------------------


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise AwayKeys(
            "The key is in a token. To use it, run `pip install 'ciss[pkcs11]'`."
        ) from error


def token_signer(place: TokenPlace, certificate: "asn1_x509.Certificate") -> "Signer":
    """Return the signer of PDF files that uses the key in a token."""
    with _installed():
        from cissapp.foundation.signing.keys import token  # noqa: PLC0415 -- needs a library that few installations have

        return token.signer(place, certificate)


def token_public(place: TokenPlace) -> ec.EllipticCurvePublicKey:
    """Read the public part of the key in a token."""
    with _installed():
        from cissapp.foundation.signing.keys import token  # noqa: PLC0415 -- needs a library that few installations have

        return token.TokenKey(place).public_key()


def draw_in_token(place: TokenPlace) -> ec.EllipticCurvePrivateKey:
    """Generate a key in a token that never leaves it."""
    with _installed():
        from cissapp.foundation.signing.keys import token  # noqa: PLC0415 -- needs a library that few installations have

        return token.generate(place)
