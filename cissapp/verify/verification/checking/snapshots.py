"""Reads a snapshot of the register, format "ciss-snapshot-1": its content on a date, signed by the log's key.

    {"format": "ciss-snapshot-1", "taken_at": ISO, "valid_for_days": NUMBER, "base_url": TEXT,
     "keys": {KEY ID: {"compromised": ISO or null, …}},
     "statuses": {BASE64URL of SHA-256 of a code: [WORD, ISO, INDEX IN THE LOG, BASE64URL of the file's SHA-256]},
     "signature": BASE64 of Ed25519 over "ciss-snapshot-1", a line end and the canonical JSON of all the rest}

WORD is valid, suspended, withdrawn or replaced; ISO the time since when. A row is only found with its code.
"""

import hashlib
import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring

FORMAT = "ciss-snapshot-1"
VALID = "valid"
WORDS = {word: word for word in (VALID, "suspended", "withdrawn", "replaced")}


class BadSnapshot(ValueError):
    """A snapshot is unreadable, not as the log's key signed it, or that key is missing; the message says so."""


class SnapshotRow(Struct, frozen=True):
    """The row of a certificate in a snapshot: its status, since when, and the hash of its file."""

    word: str
    at: datetime
    file_sha256: str | None


class RegisterSnapshot(Struct, frozen=True):
    """The register as it was at a time; `compromised` maps key ids to when each was compromised."""

    taken_at: datetime
    valid_for_days: int
    rows: dict[str, Any]
    compromised: dict[str, datetime]

    @property
    def day(self) -> date:
        """The date of the snapshot (UTC)."""
        return self.taken_at.astimezone(UTC).date()

    def is_old(self, today: date) -> bool:
        """Return whether it is too old to count today."""
        return today > self.day + timedelta(days=self.valid_for_days)

    def of(self, code: str) -> SnapshotRow | None:
        """Find the row of a code; raise `BadSnapshot` if it cannot be read."""
        digest = hashlib.sha256(code.encode()).digest()
        found = self.rows.get(urlsafe_b64encode(digest).rstrip(b"=").decode())
        return None if found is None else _read_row(found)

    def marked(self, ring: Keyring) -> Keyring:
        """Return the keyring with compromised keys marked; a snapshot may remove trust, but never add it."""
        keys = (
            key.marked(compromised_at=self.compromised[key.id])
            if key.id in self.compromised
            else key
            for key in ring.keys
        )
        return replace(ring, keys=tuple(keys))


def _read_row(raw: Any) -> SnapshotRow:
    try:
        word, at, _index, file = raw
        held = urlsafe_b64decode(file + "=" * (-len(file) % 4)).hex() if file else None
        return SnapshotRow(WORDS[word], _moment(at), held)
    except (ValueError, TypeError, KeyError) as error:
        raise BadSnapshot("a row of the snapshot cannot be read") from error


def read_snapshot(text: str | bytes, ring: Keyring) -> RegisterSnapshot:
    """Read a snapshot; raise `BadSnapshot` unless the log's key signed it as it is."""
    if ring.log is None:
        raise BadSnapshot("the public keys file does not contain the log's key")
    try:
        raw = json.loads(text)
        signature = b64decode(raw.pop("signature"), validate=True)
        ring.log.public.verify(signature, f"{FORMAT}\n{canonical(raw)}".encode())
        return _read_content(raw)
    except InvalidSignature as error:
        raise BadSnapshot("the snapshot was changed after it was signed") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadSnapshot("the snapshot cannot be read") from error


def _read_content(raw: dict[str, Any]) -> RegisterSnapshot:
    if raw["format"] != FORMAT or not isinstance(raw["statuses"], dict):
        raise ValueError("this is not a snapshot of the register")
    marks = {
        name: _moment(mark["compromised"])
        for name, mark in (raw.get("keys") or {}).items()
        if mark.get("compromised")
    }
    return RegisterSnapshot(
        _moment(raw["taken_at"]), int(raw["valid_for_days"]), raw["statuses"], marks
    )


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
