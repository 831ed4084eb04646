"""The proof that belongs to a certificate, format "ciss-proof-1", and its check without any database.

    {"format": "ciss-proof-1", "number": TEXT,
     "log": {"origin": NAME, "vkey": KEY} or null,
     "checkpoint": SIGNED NOTE or null, "size": NUMBER, "root": BASE64,
     "events": [{"index": NUMBER, "salt": BASE64, "event": TEXT, "leaf_hash": BASE64,
                 "proof": [BASE64, …] or null}, …]}

An event whose proof is null came after the checkpoint; the next checkpoint will be over it.
"""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from cissapp.certify.transparency.rules.entries import FORMAT as EVENT_FORMAT
from cissapp.certify.transparency.rules.entries import commitment, from_base64
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.merkle import leaf_hash, verify_inclusion
from cissapp.certify.transparency.rules.notes import (
    BadNote,
    Checkpoint,
    SignedNote,
    read_signed_checkpoint,
)

FORMAT = "ciss-proof-1"


class BadProof(ValueError):
    """A proof does not show what it should; the message says what."""


class ProvenEvent(Struct, frozen=True):
    """An event that stands in the log."""

    index: int
    number: str
    event: str
    at: str
    facts_sha256: str
    file_sha256: str | None


class LogProof(Struct, frozen=True):
    """What a proof shows: events of one certificate under a signed checkpoint, and who cosigned it."""

    checkpoint: Checkpoint
    events: tuple[ProvenEvent, ...]
    witnesses: tuple[str, ...]
    waiting: int


def check_proof(proof: Any, trusted: TrustedKeys) -> LogProof:
    """Check a proof with public keys alone; raise `BadProof`."""
    if not isinstance(proof, Mapping) or proof.get("format") != FORMAT:
        raise BadProof("this is not a proof from the log")
    if not isinstance(proof.get("checkpoint"), str):
        raise BadProof("there is no signed checkpoint yet")
    try:
        note, checkpoint = read_signed_checkpoint(proof["checkpoint"], trusted.logs)
        events = [_event(one, checkpoint) for one in proof["events"]]
    except BadNote as bad:
        raise BadProof(str(bad)) from bad
    except (ValueError, KeyError, TypeError) as error:
        raise BadProof("this proof cannot be read") from error
    proven = tuple(one for one in events if one)
    if not proven:
        raise BadProof("this proof contains no event")
    if {one.number for one in proven} != {proof.get("number")}:
        raise BadProof("the events are about another certificate")
    if [one.index for one in proven] != sorted({one.index for one in proven}):
        raise BadProof("the events are in the wrong order")
    return LogProof(checkpoint, proven, _witnesses(note, trusted), len(events) - len(proven))


def _event(raw: Mapping[str, Any], checkpoint: Checkpoint) -> ProvenEvent | None:
    if raw["proof"] is None:
        return None
    index, text = raw["index"], raw["event"]
    if type(index) is not int or not isinstance(text, str):
        raise ValueError("an event must have an index and a text")
    leaf = leaf_hash(commitment(from_base64(raw["salt"]), text))
    path = [from_base64(one) for one in raw["proof"]]
    if not verify_inclusion(index, checkpoint.size, leaf, path, checkpoint.root):
        raise BadNote(f"entry {index} of the log is different")
    said = json.loads(text)
    if said["format"] != EVENT_FORMAT:
        raise ValueError("this is not an event")
    return ProvenEvent(
        index,
        said["number"],
        said["event"],
        said["at"],
        said["facts_sha256"],
        said["file_sha256"],
    )


def _witnesses(note: SignedNote, trusted: TrustedKeys) -> tuple[str, ...]:
    return tuple(one.name for one in trusted.witnesses if one.signed(note))
