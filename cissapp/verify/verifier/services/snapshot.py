"""Writes a snapshot of the register; `cissapp.verify.verification.checking.snapshots` reads it.

    {"format": "ciss-snapshot-1", "taken_at": ISO, "valid_for_days": NUMBER, "base_url": TEXT, "issuer": DID,
     "checkpoint": SIGNED NOTE or null, "keys": {KEY ID: {"retired": ISO or null, "compromised": ISO or null}},
     "statuses": {BASE64URL of SHA-256 of a code: [WORD, ISO, INDEX IN THE LOG or null, BASE64URL of the file's SHA-256]},
     "signature": BASE64 of Ed25519 over "ciss-snapshot-1", a line end and the canonical JSON of all the rest}

WORD is valid, suspended, withdrawn or replaced; ISO the time since when, for a valid one that of its issue.
A code has 95 random bits: whoever has the code finds its row, but nobody can list the schools.
"""

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from cissapp.certify.credentials.rules.addresses import did_of
from cissapp.certify.transparency import queries as log
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import NoKeys
from cissapp.verify.verification.checking.snapshots import FORMAT
from cissapp.verify.verifier import queries
from cissapp.verify.verifier.rules import WORDS, IssuedCertificate, PageSource


class KeyMark(Struct, frozen=True):
    """When a key was retired or compromised."""

    key_id: str
    retired_at: datetime | None
    compromised_at: datetime | None


class SnapshotFrame(Struct, frozen=True):
    """What a snapshot contains apart from the statuses."""

    taken_at: datetime
    valid_for_days: int
    base_url: str
    issuer: str
    checkpoint: str | None
    keys: tuple[KeyMark, ...]


def format_moment(at: datetime) -> str:
    """Format a time in UTC, in whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def pack_hash(digest: bytes) -> str:
    """Encode a hash as base64url without padding."""
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of_code(code: str) -> str:
    """Return the key under which a snapshot stores a code."""
    return pack_hash(hashlib.sha256(code.encode()).digest())


def snapshot_row(known: IssuedCertificate) -> list[Any]:
    """Return the row of a certificate in a snapshot."""
    word = WORDS[known.last]
    since = known.issued_at if word == "valid" else known.last_at
    return [word, format_moment(since), known.index, pack_hash(bytes.fromhex(known.file_sha256))]


def sign_snapshot(
    frame: SnapshotFrame, rows: Iterable[IssuedCertificate], sign: Callable[[bytes], bytes]
) -> str:
    """Write and sign a snapshot."""
    body: dict[str, Any] = {
        "format": FORMAT,
        "taken_at": format_moment(frame.taken_at),
        "valid_for_days": frame.valid_for_days,
        "base_url": frame.base_url,
        "issuer": frame.issuer,
        "checkpoint": frame.checkpoint,
        "keys": {one.key_id: _marks(one) for one in frame.keys},
        "statuses": {hash_of_code(one.code): snapshot_row(one) for one in rows},
    }
    signature = sign(signed_bytes(body))
    return canonical({**body, "signature": b64encode(signature).decode()})


def _marks(mark: KeyMark) -> dict[str, str | None]:
    moments = {"retired": mark.retired_at, "compromised": mark.compromised_at}
    return {name: format_moment(at) if at else None for name, at in moments.items()}


def signed_bytes(body: dict[str, Any]) -> bytes:
    """Return the bytes of a snapshot that are signed; they cannot be read as a checkpoint of the log."""
    return f"{FORMAT}\n{canonical(body)}".encode()


def current_snapshot(source: PageSource, *, at: datetime) -> str:
    """Build and sign a snapshot of the register as it is now; raise `NoKeys` without the key of the log."""
    if source.ring.log is None:
        raise NoKeys("There is no key for the log. Make one with `ciss keys rotate`.")
    checkpoint = log.checkpoint()
    frame = SnapshotFrame(
        taken_at=at,
        valid_for_days=source.valid_for_days,
        base_url=source.base_url,
        issuer=did_of(source.base_url),
        checkpoint=log.published_note(checkpoint) if checkpoint else None,
        keys=tuple(KeyMark(key.id, key.retired_at, key.compromised_at) for key in source.ring.keys),
    )
    return sign_snapshot(frame, queries.issued_certificates(), source.ring.sign_log)
