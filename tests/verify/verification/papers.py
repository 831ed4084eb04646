"""What stands beside a certificate in tests: snapshots, proofs of a log, keys that fell into other hands."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.transparency.rules.entries import commitment
from cissapp.certify.transparency.rules.merkle import inclusion_proof, leaf_hash, root
from cissapp.certify.transparency.rules.notes import Checkpoint, KeyKind, Verifier
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring

ISSUED = datetime(2026, 11, 25, 9, tzinfo=UTC)
SALT = b"s" * 32


def unpadded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def row_of(code: str) -> str:
    return unpadded(hashlib.sha256(code.encode()).digest())


def snapshot(
    ring: Keyring,
    known: CertificateFacts,
    content: bytes,
    *,
    word: str = "valid",
    at: datetime = ISSUED,
    taken_at: datetime = ISSUED,
    **more: Any,
) -> bytes:
    """A snapshot with one certificate, signed by the log's key."""
    file = unpadded(hashlib.sha256(content).digest())
    body: dict[str, Any] = {
        "format": "ciss-snapshot-1",
        "taken_at": taken_at.isoformat(),
        "valid_for_days": 30,
        "base_url": known.base_url,
        "keys": {},
        "statuses": {row_of(known.code): [word, at.isoformat(), 0, file]},
        **more,
    }
    signature = ring.sign_log(f"ciss-snapshot-1\n{canonical(body)}".encode())
    return canonical({**body, "signature": base64.b64encode(signature).decode()}).encode()


def event(known: CertificateFacts, content: bytes, name: str, at: datetime) -> str:
    return canonical(
        {
            "format": "ciss-log-1",
            "number": known.number,
            "event": name,
            "at": at,
            "facts_sha256": known.sha256,
            "file_sha256": hashlib.sha256(content).hexdigest(),
            "row": "0" * 64,
        }
    )


def proof(
    ring: Keyring, known: CertificateFacts, content: bytes, *events: tuple[str, datetime]
) -> dict[str, Any]:
    """The proof of a log that holds these events of one certificate, and one event of another."""
    texts = [event(known, content, name, at) for name, at in events]
    data = [*(commitment(SALT, text) for text in texts), b"another certificate's event"]
    leaves = [leaf_hash(one) for one in data]
    assert ring.log
    checkpoint = Checkpoint(ring.log.name, len(leaves), root(leaves))
    key = Verifier(ring.log.name, KeyKind.SIGNATURE, ring.log.public.public_bytes_raw())
    signature = key.key_id + ring.sign_log(checkpoint.text.encode())
    note = f"{checkpoint.text}\n— {key.name} {base64.b64encode(signature).decode()}\n"
    return {
        "format": "ciss-proof-1",
        "number": known.number,
        "checkpoint": note,
        "events": [
            {
                "index": index,
                "salt": base64.b64encode(SALT).decode(),
                "event": text,
                "proof": [base64.b64encode(one).decode() for one in inclusion_proof(index, leaves)],
            }
            for index, text in enumerate(texts)
        ],
    }


def stolen(ring: Keyring, since: datetime) -> Keyring:
    """The same keys, of which the newest fell into other hands."""
    *others, last = ring.keys
    return replace(ring, keys=(*others, last.marked(compromised_at=since)))
