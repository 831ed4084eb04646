"""The request to a root on another machine, and its answer, in JSON."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec import Struct

from cissapp.foundation.signing.keys import keys_file
from cissapp.foundation.signing.keys.errors import BrokenKeys
from cissapp.foundation.signing.keys.multibase import from_multibase, multibase
from cissapp.foundation.signing.keys.ring import LogKey, PublicKey
from cissapp.foundation.signing.keys.x509_certificates import organisation_of

REQUEST, ANSWER = "ciss-key-request-1", "ciss-key-answer-1"


class ProvenKey(Struct, frozen=True):
    """An Ed25519 key that the root is to endorse, with proof that the requester holds its private part."""

    multibase: str
    proof: str

    @classmethod
    def of(cls, private: Ed25519PrivateKey, about: str) -> "ProvenKey":
        """Create it from a private key, with a proof that belongs to this one request."""
        proof = b64encode(private.sign(about.encode())).decode()
        return cls(multibase(private.public_key()), proof)

    def refuse_unproved(self, about: str) -> None:
        """Raise `ValueError`, unless who asks holds the private part."""
        try:
            from_multibase(self.multibase).verify(
                b64decode(self.proof, validate=True), about.encode()
            )
        except InvalidSignature as error:
            raise ValueError("it was not signed with the private key that it is for") from error


class KeyRequest(Struct, frozen=True):
    """What an installation asks the root for: a new issuing key, and the log's key the first time."""

    id: str
    group: str | None
    signing_request: x509.CertificateSigningRequest
    credential: ProvenKey
    log_name: str | None = None
    log: ProvenKey | None = None

    @property
    def organisation(self) -> str:
        """The organisation that the key is for."""
        return organisation_of(self.signing_request.subject)

    @property
    def pdf_key(self) -> ec.EllipticCurvePublicKey:
        """The part that is to sign PDF files."""
        public = self.signing_request.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
            raise BrokenKeys("The request is for a key that does not use P-256.")
        return public

    def text(self) -> str:
        """Write the file that is carried to the root."""
        pem = self.signing_request.public_bytes(Encoding.PEM).decode()
        raw = {
            "format": REQUEST,
            "id": self.id,
            "group": self.group,
            "signing_request": pem,
            "credential": _part(self.credential),
            "log": {"name": self.log_name, **_part(self.log)} if self.log else None,
        }
        return json.dumps(raw, indent=2, ensure_ascii=False) + "\n"


class KeyAnswer(Struct, frozen=True):
    """The root's answer; reading it verifies certificate and endorsements."""

    key: PublicKey
    log: LogKey | None

    def text(self) -> str:
        """Write the file that is carried back."""
        raw = {
            "format": ANSWER,
            "key": keys_file.key_as_json(self.key),
            "log": keys_file.log_as_json(self.log) if self.log else None,
        }
        return json.dumps(raw, indent=2, ensure_ascii=False) + "\n"


def read_request(text: str) -> KeyRequest:
    """Parse a request; raise `BrokenKeys`, also if the requester does not hold the keys."""
    try:
        raw = _open(text, REQUEST)
        signing_request = x509.load_pem_x509_csr(raw["signing_request"].encode())
        log = raw["log"]
        request = KeyRequest(
            keys_file.named(raw["id"]),
            raw["group"] and keys_file.named(raw["group"]),
            signing_request,
            _read_part(raw["credential"]),
            log["name"] if log else None,
            _read_part(log) if log else None,
        )
        if not signing_request.is_signature_valid:
            raise ValueError("it was not signed with the private key that it is for")
        request.credential.refuse_unproved(raw["signing_request"])
        if request.log:
            request.log.refuse_unproved(raw["signing_request"])
        _ = request.pdf_key
    except keys_file.WRONG as error:
        raise BrokenKeys(f"The request cannot be used: {keys_file.said(error)}.") from error
    return request


def read_answer(text: str) -> KeyAnswer:
    """Read an answer; raise `BrokenKeys`."""
    try:
        raw = _open(text, ANSWER)
        return KeyAnswer(
            keys_file.read_key(raw["key"]), keys_file.read_log(raw["log"]) if raw["log"] else None
        )
    except keys_file.WRONG as error:
        raise BrokenKeys(f"The answer cannot be used: {keys_file.said(error)}.") from error


def _open(text: str, wanted: str) -> Mapping[str, Any]:
    raw: dict[str, Any] = json.loads(text)
    if raw["format"] != wanted:
        raise ValueError("it is a different kind of file")
    return raw


def _part(part: ProvenKey) -> dict[str, str]:
    return {"publicKeyMultibase": part.multibase, "proof": part.proof}


def _read_part(raw: Mapping[str, str]) -> ProvenKey:
    return ProvenKey(raw["publicKeyMultibase"], raw["proof"])
