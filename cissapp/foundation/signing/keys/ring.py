"""Public keys, and the ring that signs with those whose private part is available."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.signing.keys import files, private, token_place
from cissapp.foundation.signing.keys.endorsements import Endorsement, fingerprint
from cissapp.foundation.signing.keys.errors import NoKeys
from cissapp.foundation.signing.keys.multibase import from_multibase

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


class PublicKey(Struct, frozen=True):
    """What anyone may know of an issuing key: P-256 for PDF files, Ed25519 for credentials.

    `group` is the country whose certificates it signs, None for those of the whole installation.
    `multibase` is None for keys that were made before there were credentials.
    """

    id: str
    certificate: x509.Certificate
    root: x509.Certificate
    from_at: datetime
    until_at: datetime
    group: str | None = None
    multibase: str | None = None
    endorsement: Endorsement | None = None
    retired_at: datetime | None = None
    compromised_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate: what is pinned."""
        return fingerprint(self.certificate)

    @property
    def ed25519(self) -> Ed25519PublicKey | None:
        """The part that credentials are checked with."""
        return from_multibase(self.multibase) if self.multibase else None

    @property
    def organisation(self) -> str:
        """The organisation that holds the key."""
        found = self.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        return str(found[0].value) if found else ""

    @property
    def stopped(self) -> bool:
        """Whether it signs no more: retired, or compromised."""
        return self.retired_at is not None or self.compromised_at is not None

    def marked(
        self, *, retired_at: datetime | None = None, compromised_at: datetime | None = None
    ) -> "PublicKey":
        """Return a marked copy; the first retirement and the earliest compromise are kept."""
        known = [one for one in (self.compromised_at, compromised_at) if one]
        return replace(
            self,
            retired_at=self.retired_at or retired_at,
            compromised_at=min(known, default=None),
        )


class LogKey(Struct, frozen=True):
    """The key that signs the log's checkpoints; `name` is the log's origin."""

    name: str
    multibase: str
    root: x509.Certificate
    endorsement: Endorsement

    @property
    def public(self) -> Ed25519PublicKey:
        """The public key that verifies checkpoints."""
        return from_multibase(self.multibase)


def counts(key: PublicKey, signed_at: datetime) -> bool:
    """Return whether what a key signed at this time is valid: only before its compromise, if any.

    The time must come from a source that the holder of the key cannot deceive: the register or the log,
    never from the file itself. Signatures of retired and expired keys remain valid.
    """
    return key.compromised_at is None or signed_at < key.compromised_at


def newest_of(
    keys: Iterable[PublicKey], country_code: str | None, at: datetime
) -> PublicKey | None:
    """Choose the key that signs for a country: the newest of its own, else the newest of the installation."""
    usable = [key for key in keys if not key.stopped and key.from_at <= at < key.until_at]
    own = [key for key in usable if key.group == country_code and country_code is not None]
    common = [key for key in usable if key.group is None]
    return max(own or common, key=lambda key: (key.from_at, key.id), default=None)


class Keyring(Struct, frozen=True):
    """All issuing keys, oldest first; the log's key; the folder of private parts, if it is at hand."""

    keys: tuple[PublicKey, ...] = ()
    folder: Path | None = None
    log: LogKey | None = None

    def by_fingerprint(self, fingerprint: str) -> PublicKey | None:
        """Find the key that is pinned under a fingerprint."""
        return next((key for key in self.keys if key.fingerprint == fingerprint), None)

    def by_id(self, key_id: str) -> PublicKey | None:
        """Find a key."""
        return next((key for key in self.keys if key.id == key_id), None)

    def signer_for(self, country_code: str | None, at: datetime) -> PublicKey:
        """Return the key that signs for a country now; raise `NoKeys`."""
        found = newest_of(self._at_hand(), country_code, at)
        if not found:
            raise NoKeys("No key can sign now. Make one with `ciss keys rotate`.")
        private.refuse_exposed(self._home(), found.id)
        return found

    def newest(self) -> PublicKey:
        """Return the newest key that can sign, whatever the day; those of the installation first."""
        usable = [key for key in self._at_hand() if not key.stopped]
        common = [key for key in usable if key.group is None]
        if not usable:
            raise NoKeys("No key can sign.")
        return (common or usable)[-1]

    def _at_hand(self) -> list[PublicKey]:
        home = self.folder
        return [key for key in self.keys if home and private.at_hand(home, key.id)]

    def _home(self) -> Path:
        if self.folder is None:
            raise NoKeys("Only the public keys are here.")
        return self.folder

    def _may_sign(self, wanted: PublicKey) -> Path:
        home, key = self._home(), self.by_id(wanted.id)
        if key is None:
            raise NoKeys(f"There is no key {wanted.id}.")
        if key.stopped:
            why = "compromised" if key.compromised_at else "retired"
            raise NoKeys(f"Key {key.id} is {why} and no longer signs.")
        files.refuse_exposed(home)
        return home

    def private_der(self, key: PublicKey) -> bytes:
        """Read the private part of a key, for one signature on a PDF file."""
        path = private.pdf_path(self._may_sign(key), key.id)
        loaded = private.load_p256(path, key.certificate)
        return loaded.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def pdf_signer(self, key: PublicKey) -> "Signer":
        """Return a signer of PDF files with a key, from its file or from the token that holds it."""
        from asn1crypto import keys as asn1_keys  # noqa: PLC0415 -- slow import
        from asn1crypto import x509 as asn1_x509  # noqa: PLC0415 -- slow import

        home = self._may_sign(key)
        certificate = asn1_x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
        token_path = private.token_path(home, key.id)
        if token_path.is_file():
            return private.token_signer(token_place.read(token_path), certificate)
        from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 -- slow import
        from pyhanko_certvalidator.registry import (  # noqa: PLC0415 -- slow import
            SimpleCertificateStore,
        )

        return SimpleSigner(
            signing_cert=certificate,
            signing_key=asn1_keys.PrivateKeyInfo.load(self.private_der(key)),
            # The signer's own certificate is put in by itself; whoever pins it needs no other.
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call] # no annotations
        )

    def sign_credential(self, key: PublicKey, data: bytes) -> bytes:
        """Sign with the Ed25519 part of a key; gives 64 bytes."""
        home = self._may_sign(key)
        if key.ed25519 is None:
            raise NoKeys(
                f"Key {key.id} is too old for credentials. Make a new one with `ciss keys rotate`."
            )
        path = private.credential_path(home, key.id)
        return private.load_ed25519(path, key.ed25519).sign(data)

    def sign_log(self, data: bytes) -> bytes:
        """Sign with the key of the log; gives 64 bytes."""
        home = self._home()
        if self.log is None:
            raise NoKeys("There is no key for the log. Make one with `ciss keys rotate`.")
        files.refuse_exposed(home)
        return private.load_ed25519(private.log_path(home), self.log.public).sign(data)
