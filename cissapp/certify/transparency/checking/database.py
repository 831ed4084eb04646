"""Checks whether the log in the database is intact and agrees with the register."""

import json
from collections.abc import Sequence

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.checking.saved_extent import SavedExtent
from cissapp.certify.transparency.rules.entries import PublicEntry
from cissapp.certify.transparency.rules.integrity import (
    EntrySecret,
    LogContent,
    TrustedKeys,
    first_fault,
)
from cissapp.certify.transparency.rules.merkle import GrowingTree
from cissapp.certify.transparency.rules.notes import BadNote, read_signed_checkpoint
from cissapp.foundation.core.errors import counted


def fault_in_database(trusted: TrustedKeys, *, previous: str | None = None) -> str | None:
    """Describe the first entry that was changed, or return None if the log is intact.

    The latest entries may not be signed yet; that is no fault.
    """
    log = read_stored_log()
    if log.checkpoints and not trusted.logs:
        return "checkpoint 1: the log's public key is missing"
    return (
        first_fault(log, trusted, previous=previous, covered=False)
        or _bad_node(log.leaves)
        or _bad_number()
    )


def _bad_number() -> str | None:
    """Find an entry that is stored under another certificate number than its event names."""
    for row in queries.leaves():
        if json.loads(row.event)["number"] != row.number:
            return f"entry {row.index}: its event has a different number"
    return None


def fault_of_saved(found: SavedExtent | None, trusted: TrustedKeys) -> str | None:
    """Describe what the database lacks of the checkpoint saved beside it, or return None."""
    if found is None or found.checkpoint is None:
        return None
    try:
        _note, checkpoint = read_signed_checkpoint(found.checkpoint, trusted.logs)
    except BadNote as bad:
        return f"the checkpoint in the file store: {bad}"
    there = queries.checkpoint(checkpoint.size)
    if there is None or there.root != checkpoint.root.hex():
        return (
            f"the checkpoint at {counted(checkpoint.size, 'entry', 'entries')}, which is in the"
            " file store, is missing: it was removed, or this is an older database"
        )
    return None


def read_stored_log() -> LogContent:
    """Read the log from the database, including what is hidden in its entries."""
    leaves, secrets = [], []
    for row in queries.leaves():
        leaves.append(PublicEntry(row.index, bytes.fromhex(row.data), bytes.fromhex(row.hash)))
        secrets.append(EntrySecret(bytes.fromhex(row.salt), row.event))
    checkpoints = [queries.published_note(row) for row in queries.checkpoints()]
    return LogContent(leaves, checkpoints, secrets, queries.rows())


def _bad_node(leaves: Sequence[PublicEntry]) -> str | None:
    """Find a subtree hash that does not match the entries: a proof made from it would show nothing."""
    tree, wanted = GrowingTree(), {}
    for leaf in leaves:
        for level, position, value in tree.add(leaf.hash):
            wanted[level, position] = value.hex()
    found = {(level, position): value for level, position, value in queries.nodes()}
    wrong = [key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)]
    if not wrong:
        return None
    level, position = min(wrong, key=lambda key: (key[1] << key[0], key[0]))
    first = position << level
    return (
        f"entry {first}: the stored hash of it and the next {(1 << level) - 1} does not match them"
    )
