"""Reads of the public log: entries, roots, proofs, checkpoints."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import selectinload

from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.transparency.models import Checkpoint, Cosignature, LogLeaf, LogNode
from cissapp.certify.transparency.rules import merkle, proofs
from cissapp.certify.transparency.rules.entries import FORMAT, LOGGED, REPEATED, base64_of
from cissapp.certify.transparency.rules.integrity import RegisterRow
from cissapp.certify.transparency.rules.notes import Verifier
from cissapp.foundation.core.db import canonical, session

BATCH = 1000


def size() -> int:
    """Count the entries."""
    last = session.scalar(select(func.max(LogLeaf.index)))
    return 0 if last is None else last + 1


def entries(begin: int, count: int) -> list[tuple[int, bytes]]:
    """List index and data of up to `count` entries from `begin` on."""
    query = select(LogLeaf.index, LogLeaf.data).where(
        LogLeaf.index.between(begin, begin + count - 1)
    )
    return [
        (index, bytes.fromhex(data))
        for index, data in session.execute(query.order_by(LogLeaf.index))
    ]


def every_entry() -> Iterator[tuple[int, bytes]]:
    """Iterate over index and data of all entries."""
    begin = 0
    while batch := entries(begin, BATCH):
        yield from batch
        begin += BATCH


def index_of(leaf_hash: bytes) -> int | None:
    """Find the entry with this hash."""
    return session.scalar(select(LogLeaf.index).where(LogLeaf.hash == leaf_hash.hex()))


def leaf_hash(index: int) -> bytes:
    """Find the hash of an entry."""
    return bytes.fromhex(session.scalars(select(LogLeaf.hash).where(LogLeaf.index == index)).one())


def leaves_of(number: str) -> list[LogLeaf]:
    """List the entries about the certificate with this number, in their order."""
    query = select(LogLeaf).where(LogLeaf.number == number)
    return list(session.scalars(query.order_by(LogLeaf.index)))


# --- the tree ------------------------------------------------------------------------------------


def _subtrees(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Fetch the hashes of whole subtrees, with at most two queries."""
    asked = set(wanted)
    leaves = [position for level, position in asked if level == 0]
    nodes = [key for key in asked if key[0] > 0]
    found: dict[tuple[int, int], bytes] = {}
    if leaves:
        query = select(LogLeaf.index, LogLeaf.hash).where(LogLeaf.index.in_(leaves))
        found |= {(0, index): bytes.fromhex(value) for index, value in session.execute(query)}
    if nodes:
        place = tuple_(LogNode.level, LogNode.position)
        rows = session.execute(
            select(LogNode.level, LogNode.position, LogNode.hash).where(place.in_(nodes))
        )
        found |= {(level, position): bytes.fromhex(value) for level, position, value in rows}
    return found


def edge(at: int) -> list[bytes]:
    """List the whole subtrees of the tree at a size, largest first."""
    wanted = merkle.subtrees(0, at)
    found = _subtrees(wanted)
    return [found[one] for one in wanted]


def root(at: int) -> bytes:
    """Compute the root of the tree at a size."""
    return merkle.join_subtrees(edge(at))


def _roots_of(ranges: Sequence[Sequence[merkle.Range]]) -> list[list[bytes]]:
    """Compute the roots of several lists of ranges, fetched at once."""
    cut = [[merkle.subtrees(*one) for one in each] for each in ranges]
    found = _subtrees(key for each in cut for keys in each for key in keys)
    return [[merkle.join_subtrees([found[key] for key in keys]) for keys in each] for each in cut]


def inclusion_proofs(indexes: Sequence[int], at: int) -> list[list[bytes]]:
    """Return the proofs that entries are in the tree of a size."""
    return _roots_of([merkle.inclusion_ranges(index, at) for index in indexes])


def inclusion(index: int, at: int) -> tuple[list[bytes], bytes]:
    """Return the proof that an entry is in the tree of a size, and the root."""
    path, whole = _roots_of([merkle.inclusion_ranges(index, at), [(0, at)]])
    return path, whole[0]


def consistency(first: int, second: int) -> tuple[list[bytes], bytes, bytes]:
    """Return the proof that the tree of the second size extends the first, and both roots."""
    path, roots = _roots_of([merkle.consistency_ranges(first, second), [(0, first), (0, second)]])
    return path, roots[0], roots[1]


# --- checkpoints -----------------------------------------------------------------------------


def checkpoint(at: int | None = None) -> Checkpoint | None:
    """Find the checkpoint of a size, or the last one."""
    query = select(Checkpoint).options(selectinload(Checkpoint.cosignatures))
    if at is not None:
        return session.scalar(query.where(Checkpoint.size == at))
    return session.scalar(query.order_by(Checkpoint.size.desc()).limit(1))


def newest_note() -> str | None:
    """Return the note of the last checkpoint, without the lines of witnesses."""
    return session.scalar(select(Checkpoint.note).order_by(Checkpoint.size.desc()).limit(1))


def checkpoints() -> list[Checkpoint]:
    """List all checkpoints, smallest first."""
    query = select(Checkpoint).options(selectinload(Checkpoint.cosignatures))
    return list(session.scalars(query.order_by(Checkpoint.size)))


def published_note(row: Checkpoint) -> str:
    """Write a checkpoint as everybody gets it: the note of the log with the lines of the witnesses."""
    return row.note + "".join(one.line for one in row.cosignatures)


def state() -> tuple[int, int, int]:
    """Return counters that change with the public log: entries, signed entries, last cosignature."""
    signed = session.scalar(select(func.max(Checkpoint.size)))
    cosigned = session.scalar(select(func.max(Cosignature.id)))
    return size(), signed or 0, cosigned or 0


class Witness(Struct, frozen=True):
    """A witness, and the last checkpoint it signed."""

    name: str
    last: Cosignature | None


def witnesses(known: Iterable[Verifier]) -> list[Witness]:
    """List the witnesses, each with the checkpoint it signed last."""
    newest = select(func.max(Cosignature.id)).group_by(Cosignature.vkey)
    rows = session.scalars(select(Cosignature).where(Cosignature.id.in_(newest)))
    last = {one.vkey: one for one in rows}
    return [Witness(one.name, last.get(one.vkey)) for one in known]


# --- a certificate's own proof -----------------------------------------------------------------


def proof_of(certificate: Certificate, log: Verifier | None = None) -> dict[str, Any]:
    """Build the proof that a certificate's events are in the log; see `rules.proofs` for the format.

    It contains the salts: it is only for those who have the certificate or its code.
    """
    signed = checkpoint()
    at = signed.size if signed else 0
    leaves = session.scalars(
        select(LogLeaf)
        .join(RegisterEntry, RegisterEntry.id == LogLeaf.register_entry_id)
        .where(RegisterEntry.certificate_id == certificate.id)
        .order_by(LogLeaf.index)
    ).all()
    under = [leaf.index for leaf in leaves if leaf.index < at]
    paths = dict(zip(under, inclusion_proofs(under, at), strict=True))
    return {
        "format": proofs.FORMAT,
        "number": certificate.number,
        "log": {"origin": log.name, "vkey": log.vkey} if log else None,
        "checkpoint": published_note(signed) if signed else None,
        "size": at,
        "root": base64_of(bytes.fromhex(signed.root) if signed else merkle.EMPTY),
        "events": [_event(leaf, paths.get(leaf.index)) for leaf in leaves],
    }


def _event(leaf: LogLeaf, path: list[bytes] | None) -> dict[str, Any]:
    return {
        "index": leaf.index,
        "salt": base64_of(bytes.fromhex(leaf.salt)),
        "event": leaf.event,
        "leaf_hash": base64_of(bytes.fromhex(leaf.hash)),
        "proof": None if path is None else [base64_of(one) for one in path],
    }


# --- the register ----------------------------------------------------------------------------


def event_text(row: RegisterEntry) -> str:
    """Return the text of an entry about a row of the register: no reason, no person, no school."""
    said = json.loads(row.payload)
    return canonical({"format": FORMAT, "row": row.hash, **{name: said[name] for name in REPEATED}})


def last_logged() -> int:
    """Return the id of the last row of the register that is in the log, or 0."""
    return session.scalar(select(func.max(LogLeaf.register_entry_id))) or 0


def not_logged(limit: int) -> list[RegisterEntry]:
    """List the next rows of the register that belong in the log and are not in it yet."""
    query = select(RegisterEntry).where(
        RegisterEntry.id > last_logged(), RegisterEntry.event.in_(LOGGED)
    )
    return list(session.scalars(query.order_by(RegisterEntry.id).limit(limit)))


def rows() -> list[RegisterRow]:
    """List the whole register as rows to be checked."""
    query = select(RegisterEntry.payload, RegisterEntry.previous_hash, RegisterEntry.hash)
    return [RegisterRow(*one) for one in session.execute(query.order_by(RegisterEntry.id))]


def leaves() -> Iterator[LogLeaf]:
    """Iterate over all entries, including what is hidden in them."""
    query = select(LogLeaf).order_by(LogLeaf.index)
    yield from session.scalars(query).yield_per(BATCH)


def nodes() -> Iterator[tuple[int, int, str]]:
    """Iterate over the hashes of all whole subtrees."""
    query = select(LogNode.level, LogNode.position, LogNode.hash)
    for row in session.execute(query).yield_per(BATCH):
        yield row.level, row.position, row.hash
