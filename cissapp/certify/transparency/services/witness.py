"""What a witness does, without a database: read, compare with what it signed before, sign.

A witness keeps one small file with the last checkpoint of each log that it signed. It never signs two that
are inconsistent, so nobody can be shown a different log from the one others see.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cissapp.certify.transparency.rules import merkle
from cissapp.certify.transparency.rules.entries import PublicEntry, from_base64
from cissapp.certify.transparency.rules.notes import (
    BadNote,
    Checkpoint,
    KeyKind,
    SignedNote,
    Verifier,
    cosign,
    is_name,
    read_checkpoint,
    read_note,
    read_signed_checkpoint,
)
from cissapp.foundation.core.errors import counted

FORMAT = "ciss-witness-1"


class NotSigned(Exception):
    """The witness does not sign; the message says why."""


# --- its key -------------------------------------------------------------------------------------


def draw_key(path: Path, name: str) -> Verifier:
    """Generate a witness's key in a new file readable only by its owner; return the public part."""
    if not is_name(name):
        raise NotSigned("The name of a witness must not contain spaces or a plus sign.")
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_new(path, f"# {name}\n{pem.decode()}")
    return Verifier(name, KeyKind.COSIGNATURE, private.public_key().public_bytes_raw())


def read_key(path: Path) -> tuple[str, Ed25519PrivateKey]:
    """Read the name and the private key of a witness."""
    try:
        text = path.read_text("utf-8")
        private = load_pem_private_key(text.encode(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotSigned(f"{path} is not a witness key.") from error
    head = text.partition("\n")[0]
    name = head.removeprefix("# ")
    if not isinstance(private, Ed25519PrivateKey) or head == name or not is_name(name):
        raise NotSigned(f"{path} is not a witness key.")
    return name, private


def _write_new(path: Path, text: str) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


# --- what it signed before -------------------------------------------------------------------


@contextmanager
def _one_run_at_a_time(state: Path) -> Iterator[None]:
    """Hold a lock, so that only one run decides at a time."""
    with state.with_name(f"{state.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def last_signed(state: Path, origin: str) -> Checkpoint | None:
    """Return the last checkpoint of a log that was signed, or None if there is none.

    An unreadable file is no reason to start again: then nothing is signed (`NotSigned`).
    """
    try:
        raw = _read_signed(state).get(origin)
        return read_checkpoint(read_note(raw).text) if raw is not None else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSigned(
            f"{state} cannot be read. Nothing is signed until it can be read again."
        ) from error


def _read_signed(state: Path) -> dict[str, str]:
    if not state.exists():
        return {}
    raw = json.loads(state.read_text("utf-8"))
    if raw["format"] != FORMAT:
        raise ValueError("this is not a witness file")
    return dict(raw["signed"])


def _save_signed(state: Path, origin: str, note: SignedNote) -> None:
    beside = state.with_name(f".{state.name}.new")
    beside.unlink(missing_ok=True)
    signed = {**_read_signed(state), origin: str(note)}
    _write_new(beside, json.dumps({"format": FORMAT, "signed": signed}, indent=2))
    beside.replace(state)
    folder = os.open(state.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# --- signing -------------------------------------------------------------------------------------


def cosign_checkpoint(
    raw: str,
    *,
    logs: Sequence[Verifier],
    key: tuple[str, Ed25519PrivateKey],
    state: Path,
    proof: Any = None,
    leaves: Sequence[PublicEntry] | None = None,
    at: datetime,
) -> SignedNote:
    """Cosign a checkpoint; return it with the new line. Raise `NotSigned`.

    The checkpoint must be signed by the log and extend the last one that was cosigned, as shown by a
    consistency proof from the log or by all entries. The result is saved before it is returned.
    """
    try:
        note, checkpoint = read_signed_checkpoint(raw, logs)
    except BadNote as bad:
        raise NotSigned(f"Not signed: {bad}.") from bad
    if leaves is not None and root_of(leaves, checkpoint.size) != checkpoint.root:
        raise NotSigned("Not signed: the entries do not match the checkpoint.")
    with _one_run_at_a_time(state):
        last = last_signed(state, checkpoint.origin)
        if last is not None:
            _refuse_another(last, checkpoint, proof, leaves)
        name, private = key
        cosigned = note.signed_also([cosign(note.text, name, private, at=at)])
        _save_signed(state, checkpoint.origin, cosigned)
    return cosigned


def _refuse_another(
    last: Checkpoint, now: Checkpoint, proof: Any, leaves: Sequence[PublicEntry] | None
) -> None:
    if now.size < last.size:
        raise NotSigned(
            f"Not signed: the log had {counted(last.size, 'entry', 'entries')} before, but this"
            f" checkpoint has {now.size}."
        )
    if not _goes_on(last, now, proof, leaves):
        raise NotSigned(
            "Not signed: this log does not continue the one with"
            f" {counted(last.size, 'entry', 'entries')} that was signed before. Keep both"
            " checkpoints; together they prove it."
        )


def _goes_on(
    last: Checkpoint, now: Checkpoint, proof: Any, leaves: Sequence[PublicEntry] | None
) -> bool:
    if now.size == last.size:
        return now.root == last.root
    if last.size == 0:
        return True
    if leaves is not None:
        return root_of(leaves, last.size) == last.root
    return _shown_by_proof(last, now, proof)


def root_of(leaves: Sequence[PublicEntry], size: int) -> bytes | None:
    """Compute the root of the first entries; None, if there are fewer, or one is missing."""
    first = leaves[:size]
    if len(first) < size or any(leaf.index != place for place, leaf in enumerate(first)):
        return None
    return merkle.root(leaf.hash for leaf in first)


def _shown_by_proof(last: Checkpoint, now: Checkpoint, proof: Any) -> bool:
    if proof is None:
        raise NotSigned(
            f"Not signed yet. Download /log/proof/consistency?first={last.size}&second={now.size}"
            " and give the file with --proof."
        )
    try:
        path = [from_base64(one) for one in proof["proof"]]
    except (ValueError, KeyError, TypeError) as error:
        raise NotSigned("Not signed: the proof cannot be read.") from error
    return merkle.verify_consistency(last.size, now.size, path, last.root, now.root)
