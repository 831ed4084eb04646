"""Writes of the entries of the public log, in the order of the register."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from cissapp.certify.certificates.models import RegisterEntry
from cissapp.certify.transparency import queries
from cissapp.certify.transparency.models import LogLeaf, LogNode
from cissapp.certify.transparency.rules.entries import LOGGED, SALT_LENGTH, commitment
from cissapp.certify.transparency.rules.merkle import GrowingTree, leaf_hash
from cissapp.certify.transparency.services.checkpoints import signing_job
from cissapp.foundation.core.db import after_commit, lock, session

# How many rows of an older register are read at once.
AT_ONCE = 1000


def enter_register_rows(entries: Sequence[RegisterEntry], **_rest: Any) -> None:
    """Enter new rows of the register within their transaction, after any rows that were left out."""
    if any(entry.event in LOGGED for entry in entries):
        catch_up(at=entries[-1].at)


def catch_up(*, at: datetime) -> int:
    """Enter rows of the register that are not in the log yet, in their order; return their number.

    It takes the lock of the register, so that both have the same order.
    """
    lock("register")
    entered = 0
    while rows := queries.not_logged(AT_ONCE):
        _append(rows)
        entered += len(rows)
        if len(rows) < AT_ONCE:
            break
    if entered:
        after_commit(signing_job(at))
    return entered


def _append(rows: Sequence[RegisterEntry]) -> None:
    begin = queries.size()
    tree = GrowingTree(begin, queries.edge(begin))
    leaves, nodes = [], []
    for index, row in enumerate(rows, begin):
        leaves.append(_leaf(index, row))
        made = tree.add(bytes.fromhex(leaves[-1]["hash"]))
        nodes += [
            {"level": level, "position": position, "hash": value.hex()}
            for level, position, value in made
        ]
    session.execute(insert(LogLeaf), leaves)
    if nodes:
        session.execute(insert(LogNode), nodes)


def _leaf(index: int, row: RegisterEntry) -> dict[str, Any]:
    salt, event = secrets.token_bytes(SALT_LENGTH), queries.event_text(row)
    data = commitment(salt, event)
    return {
        "number": json.loads(event)["number"],
        "index": index,
        "register_entry_id": row.id,
        "salt": salt.hex(),
        "event": event,
        "data": data.hex(),
        "hash": leaf_hash(data).hex(),
    }
