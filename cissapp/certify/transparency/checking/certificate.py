"""Checks the log about one certificate against the register: a few rows, however large the log."""

from collections.abc import Sequence

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.transparency import queries
from cissapp.certify.transparency.models import LogLeaf
from cissapp.certify.transparency.rules import merkle
from cissapp.certify.transparency.rules.entries import LOGGED, commitment
from cissapp.certify.transparency.rules.notes import (
    BadNote,
    Checkpoint,
    Verifier,
    read_checkpoint,
    read_note,
)
from cissapp.foundation.core.db import session


def fault_of(certificate: Certificate, log: Verifier | None) -> str | None:
    """Describe how register and log differ about a certificate, or return None if they agree.

    Each event of the register must be in the log and vice versa; entries under the newest checkpoint must
    lead to its root, which the key of the log signed. Rows from before there was a log wait for `ciss daily`.
    """
    leaves = queries.leaves_of(certificate.number)
    if _differs(certificate, leaves):
        # The certificate may have changed between the two reads: only a lasting difference is a fault.
        session.refresh(certificate, ["entries"])
        leaves = queries.leaves_of(certificate.number)
        if _differs(certificate, leaves):
            return "the log and the register have different events for it"
    return _changed_entry(leaves) or _entry_not_signed(leaves, log)


def ask_for_nobody() -> None:
    """Run the queries of `fault_of`, so that response times do not reveal whether a code exists."""
    queries.leaves_of("")
    queries.last_logged()
    newest = queries.newest_note()
    if newest:
        queries.inclusion_proofs([0], read_checkpoint(read_note(newest).text).size)


def _differs(certificate: Certificate, leaves: Sequence[LogLeaf]) -> bool:
    last = queries.last_logged()
    rows = [one for one in certificate.entries if one.event in LOGGED and one.id <= last]
    return [queries.event_text(row) for row in rows] != [leaf.event for leaf in leaves]


def _changed_entry(leaves: Sequence[LogLeaf]) -> str | None:
    for leaf in leaves:
        data = commitment(bytes.fromhex(leaf.salt), leaf.event)
        if (leaf.data, leaf.hash) != (data.hex(), merkle.leaf_hash(data).hex()):
            return f"entry {leaf.index} of the log was changed"
    return None


def _entry_not_signed(leaves: Sequence[LogLeaf], log: Verifier | None) -> str | None:
    newest = queries.newest_note()
    if newest is None:
        return None
    try:
        checkpoint = _read_checkpoint(newest, log)
        under = [leaf for leaf in leaves if leaf.index < checkpoint.size]
        paths = queries.inclusion_proofs([leaf.index for leaf in under], checkpoint.size)
    except (BadNote, KeyError):
        return "the newest checkpoint of the log does not match its entries"
    for leaf, path in zip(under, paths, strict=True):
        hashed = bytes.fromhex(leaf.hash)
        if not merkle.verify_inclusion(leaf.index, checkpoint.size, hashed, path, checkpoint.root):
            return f"entry {leaf.index} of the log differs from the one that was signed"
    return None


def _read_checkpoint(text: str, log: Verifier | None) -> Checkpoint:
    """Read a checkpoint; raise `BadNote` if a signature in the name of the log's key is not by it.

    Signatures of a former key of the log are checked by `ciss log check`, which knows those keys.
    """
    note = read_note(text)
    for line in log.of(note) if log else ():
        if log and not log.made(line, note.text):
            raise BadNote("the signature was not made with the log's key")
    return read_checkpoint(note.text)
