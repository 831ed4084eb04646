"""Checks whether a log is intact, from its entries, signed checkpoints and public keys alone.

With what only the operator has (salts, events, rows of the register) the same check looks inside each entry
as well. Every result names the first changed entry, or the range in which it is.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import chain

from msgspec import Struct

from cissapp.certify.transparency.rules.entries import LOGGED, REPEATED, PublicEntry, commitment
from cissapp.certify.transparency.rules.merkle import GrowingTree
from cissapp.certify.transparency.rules.notes import (
    BadNote,
    Checkpoint,
    SignedNote,
    Verifier,
    read_signed_checkpoint,
)
from cissapp.foundation.core.errors import counted

BEGINNING = "0" * 64


class RegisterRow(Struct, frozen=True):
    """A row of the register: its text, and the hash that binds it to all before."""

    payload: str
    previous_hash: str
    hash: str


class EntrySecret(Struct, frozen=True):
    """What only the operator knows about an entry."""

    salt: bytes
    event: str


class LogContent(Struct, frozen=True):
    """A log to be checked. `secrets` and `rows` are None where only the public part is at hand."""

    leaves: Sequence[PublicEntry]
    checkpoints: Sequence[str]
    secrets: Sequence[EntrySecret] | None = None
    rows: Sequence[RegisterRow] | None = None


class TrustedKeys(Struct, frozen=True):
    """The keys that a check trusts: those of the log, and those of the witnesses it knows."""

    logs: tuple[Verifier, ...]
    witnesses: tuple[Verifier, ...] = ()


def first_fault(
    log: LogContent, trusted: TrustedKeys, *, previous: str | None = None, covered: bool = True
) -> str | None:
    """Describe the first fault of a log, or return None if it is intact.

    `previous` is a checkpoint saved earlier, with or without cosignatures. With `covered`, the last
    checkpoint must cover all entries.
    """
    return next(
        chain(_inner_faults(log), _signature_faults(log, trusted, previous, covered=covered)), None
    )


def _inner_faults(log: LogContent) -> Iterator[str]:
    yield from _order(log.leaves)
    if log.secrets is not None:
        yield from _commitments(log.leaves, log.secrets)
    if log.rows is not None:
        yield from _chain(log.rows)
    if log.rows is not None and log.secrets is not None:
        yield from _entries_match_rows(log.secrets, log.rows)


def _order(leaves: Sequence[PublicEntry]) -> Iterator[str]:
    for place, leaf in enumerate(leaves):
        if leaf.index != place:
            yield f"entry {place}: is missing; entry {leaf.index} is in its place"
            return
        if leaf.stated not in {None, leaf.hash}:
            yield f"entry {place}: its hash does not match its data"
            return


# --- what the operator has -----------------------------------------------------------------------


def _commitments(leaves: Sequence[PublicEntry], secrets: Sequence[EntrySecret]) -> Iterator[str]:
    for leaf, secret in zip(leaves, secrets, strict=False):
        if commitment(secret.salt, secret.event) != leaf.data:
            yield f"entry {leaf.index}: its event or its salt was changed"
            return
    if len(leaves) != len(secrets):
        place = min(len(leaves), len(secrets))
        yield f"entry {place}: is only in the public part or only in the private part"


def _chain(rows: Sequence[RegisterRow]) -> Iterator[str]:
    previous = BEGINNING
    for number, row in enumerate(rows, 1):
        if row.previous_hash != previous:
            yield f"row {number} of the register: does not follow from the row before it"
            return
        if row.hash != hashlib.sha256(f"{previous}{row.payload}".encode()).hexdigest():
            yield f"row {number} of the register: was changed"
            return
        previous = row.hash


def _entries_match_rows(
    secrets: Sequence[EntrySecret], rows: Sequence[RegisterRow]
) -> Iterator[str]:
    """Compare the entries with the rows that belong in the log, one by one."""
    wanted = [(number, said) for number, row in enumerate(rows, 1) if (said := _entered(row))]
    for place, (secret, (number, said)) in enumerate(zip(secrets, wanted, strict=False)):
        if _read(secret.event) != said:
            yield f"entry {place}: does not match row {number} of the register"
            return
    if len(secrets) > len(wanted):
        yield f"entry {len(wanted)}: has no matching row in the register"
    elif len(wanted) > len(secrets):
        yield (
            f"entry {len(secrets)}: is missing, although row {wanted[len(secrets)][0]} of the"
            " register exists"
        )


def _entered(row: RegisterRow) -> dict[str, object] | None:
    """Return what an entry must repeat from a row, or None if the row does not belong in the log."""
    said = _read(row.payload)
    if said.get("event") not in {event.value for event in LOGGED}:
        return None
    return {"row": row.hash, **{name: said.get(name) for name in REPEATED}}


def _read(text: str) -> dict[str, object]:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    names = {"row", *REPEATED}
    return {name: said[name] for name in said if name in names} if isinstance(said, dict) else {}


# --- what everybody has ----------------------------------------------------------------------


class _CheckedPart(Struct):
    """How far the entries agree with what was signed."""

    size: int = 0

    def disagrees(self, until: int) -> str:
        """Describe the range in which at least one entry is not what was signed."""
        if until - self.size == 1:
            return f"entry {self.size}: differs from the one that was signed"
        return (
            f"entry {self.size}, or one after it up to entry {until - 1}: differs from the one"
            " that was signed"
        )


def _signature_faults(
    log: LogContent, trusted: TrustedKeys, previous: str | None, *, covered: bool
) -> Iterator[str]:
    """Compare the entries with every checkpoint, in the order of their sizes."""
    read: list[tuple[Checkpoint, str]] = []
    for number, raw in enumerate(log.checkpoints, 1):
        name = f"checkpoint {number}"
        try:
            note, checkpoint = read_signed_checkpoint(raw, trusted.logs)
        except BadNote as bad:
            yield f"{name}: {bad}"
            return
        if read and checkpoint.size <= read[-1][0].size:
            yield f"{name}: does not have more entries than the one before it"
            return
        yield from _cosigned(name, note, trusted)
        read.append((checkpoint, name))
    kept = _read_previous(previous, trusted) if previous is not None else None
    if isinstance(kept, str):
        yield kept
        return
    signed = sorted([*read, (kept, "the earlier checkpoint")] if kept else read, key=_size)
    seen = _CheckedPart()
    yield from _roots(log.leaves, signed, seen)
    if covered and seen.size < len(log.leaves):
        yield f"entry {seen.size}: is not covered by a signed checkpoint"


def _size(signed: tuple[Checkpoint, str]) -> int:
    return signed[0].size


def _cosigned(name: str, note: SignedNote, trusted: TrustedKeys) -> Iterator[str]:
    for witness in trusted.witnesses:
        for line in witness.of(note):
            if not witness.made(line, note.text):
                yield f"{name}: the cosignature of {witness.name} was not made with its key"


def _read_previous(previous: str, trusted: TrustedKeys) -> Checkpoint | str:
    try:
        return read_signed_checkpoint(previous, trusted.logs)[1]
    except BadNote as bad:
        return f"the earlier checkpoint: {bad}"


def _roots(
    leaves: Sequence[PublicEntry], signed: Sequence[tuple[Checkpoint, str]], seen: _CheckedPart
) -> Iterator[str]:
    tree = GrowingTree()
    for checkpoint, name in signed:
        if checkpoint.size > len(leaves):
            yield (
                f"entry {len(leaves)}: is missing; {name} covers"
                f" {counted(checkpoint.size, 'entry', 'entries')}"
            )
            return
        for leaf in leaves[tree.size : checkpoint.size]:
            tree.add(leaf.hash)
        if tree.root != checkpoint.root:
            yield (
                f"{seen.disagrees(checkpoint.size)} ({name}, at"
                f" {counted(checkpoint.size, 'entry', 'entries')})"
            )
            return
        seen.size = checkpoint.size
