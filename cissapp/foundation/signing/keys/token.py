"""Signs with a key in a token (PKCS #11): a smart card, a security module, or SoftHSM.

Needs the extra `ciss[pkcs11]`. Only the P-256 part is in the token; the Ed25519 part stays a file, because
few tokens support EdDSA. A process logs in once, and signs one signature at a time.
"""

import asyncio
from pathlib import Path
from threading import Lock
from typing import Any

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, find_token
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

from cissapp.foundation.signing.keys import files
from cissapp.foundation.signing.keys.errors import AwayKeys, BrokenKeys, NoKeys
from cissapp.foundation.signing.keys.token_place import TokenPlace

# Errors that the library raises for a token that is missing, locked or of another kind.
AWAY = (pkcs11.PKCS11Error, RuntimeError, OSError)


def signer(place: TokenPlace, certificate: asn1_x509.Certificate) -> Signer:
    """Return the signer of PDF files that uses the key in a token; raise `AwayKeys` if it is unavailable."""
    with _turn:
        made = _TakingTurns(
            _session(place),
            key_label=place.key_label,
            signing_cert=certificate,
            # The token is given the hash: few of them hash for ECDSA themselves.
            use_raw_mechanism=True,
        )
        try:
            _ = made.signing_cert  # looks the key up while it is our turn
        except AWAY as error:
            _close(place)
            raise AwayKeys(f"The token cannot sign: {_said(error)}") from error
    return made


class _TakingTurns(PKCS11Signer):
    """A signer that waits its turn: threads share the session, which does one thing at a time."""

    @property
    def cert_registry(self) -> CertificateStore:
        """An empty store: the signer's own certificate is added automatically, once."""
        return SimpleCertificateStore()  # type: ignore[no-untyped-call] # no annotations

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 -- the parent's
    ) -> bytes:
        """Sign, when it is our turn."""
        await asyncio.to_thread(_turn.acquire)
        try:
            return bytes(await super().async_sign_raw(data, digest_algorithm, dry_run))
        except AWAY as error:
            _sessions.clear()
            raise AwayKeys(f"The token could not sign: {_said(error)}") from error
        finally:
            _turn.release()


class TokenKey(ec.EllipticCurvePrivateKey):
    """A P-256 private key in a token, for code that builds certificates and requests."""

    def __init__(self, place: TokenPlace) -> None:
        self._place = place

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Sign with SHA-256; gives DER."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(bytes(data))
        with _turn:
            key = _found(self._place, ObjectClass.PRIVATE_KEY)
            raw = bytes(key.sign(digest.finalize(), mechanism=Mechanism.ECDSA))
        half = len(raw) // 2
        return utils.encode_dss_signature(
            int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
        )

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Read the public part from the token."""
        with _turn:
            der = encode_ec_public_key(_found(self._place, ObjectClass.PUBLIC_KEY))
        public = load_der_public_key(der)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise BrokenKeys(f"The key {self._place.key_label} is not an elliptic-curve key.")
        return public

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        """Bits."""
        return self.curve.key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        """Refuse: the key signs only."""
        raise NotImplementedError

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        """Refuse: what is private stays in the token."""
        raise NotImplementedError

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> bytes:  # noqa: A002 -- the parent's
        """Refuse: what is private stays in the token."""
        raise NotImplementedError

    def __copy__(self) -> "TokenKey":
        return self

    def __deepcopy__(self, memo: dict[Any, Any]) -> "TokenKey":
        return self


def generate(place: TokenPlace) -> TokenKey:
    """Generate a key in the token that never leaves it; refuse a label that is in use."""
    with _turn:
        # A token allows one login per process: the read session must end before the write session begins.
        _close(place)
        session = _opened(place, writing=True)
        try:
            wanted = {Attribute.LABEL: place.key_label, Attribute.CLASS: ObjectClass.PRIVATE_KEY}
            if list(session.get_objects(wanted)):
                raise NoKeys(f"The token already has a key {place.key_label}.")
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
            parameters.generate_keypair(label=place.key_label, store=True)
        except AWAY as error:
            raise AwayKeys(f"The token could not generate a key: {_said(error)}") from error
        finally:
            session.close()
    return TokenKey(place)


# --- the session --------------------------------------------------------------------------------

_turn = Lock()
_sessions: dict[tuple[str, str], Any] = {}


def _session(place: TokenPlace) -> Any:
    key = (place.library, place.token_label)
    if key not in _sessions:
        _sessions[key] = _opened(place)
    return _sessions[key]


def _close(place: TokenPlace) -> None:
    session = _sessions.pop((place.library, place.token_label), None)
    if session is not None:
        session.close()


def _opened(place: TokenPlace, *, writing: bool = False) -> Any:
    pin = Path(place.pin_file)
    try:
        files.refuse_exposed(pin)
        slots = pkcs11.lib(place.library).get_slots()
        token = find_token(slots, token_criteria=TokenCriteria(label=place.token_label))
        if token is None:
            raise OSError("there is no such token")
        return token.open(rw=writing, user_pin=pin.read_text("utf-8").strip())
    except AWAY as error:
        raise AwayKeys(f"The token {place.token_label} cannot be opened: {_said(error)}") from error


def _found(place: TokenPlace, kind: ObjectClass) -> Any:
    try:
        return _session(place).get_key(object_class=kind, label=place.key_label)
    except AWAY as error:
        raise AwayKeys(f"The token has no key {place.key_label}: {_said(error)}") from error


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
