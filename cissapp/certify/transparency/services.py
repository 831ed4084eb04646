"""Writes of the public log: entries in the order of the register, checkpoints, cosignatures."""

import json
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import insert

from cissapp.certify.certificates.models import RegisterEntry
from cissapp.certify.transparency import kept, log_keys, queries
from cissapp.certify.transparency.models import Checkpoint, Cosignature, LogLeaf, LogNode
from cissapp.certify.transparency.rules import notes
from cissapp.certify.transparency.rules.entries import (
    FORMAT,
    LOGGED,
    REPEATED,
    SALT_LENGTH,
    commitment,
)
from cissapp.certify.transparency.rules.merkle import Growing, leaf_hash
from cissapp.certify.transparency.rules.notes import BadNote, Kind, Signature, Verifier
from cissapp.foundation.audit import queries as audit
from cissapp.foundation.core import db
from cissapp.foundation.core.db import after_commit, canonical, session, unit_of_work
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import FileStore, files
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import BrokenKeys, Keyring, NoKeys

log = logging.getLogger("ciss")

# How many rows of an older register are read at once.
AT_ONCE = 1000


# --- entries -------------------------------------------------------------------------------------


def enter(entry: RegisterEntry, **_rest: Any) -> None:
    """Enter a new row of the register, in its own transaction; rows that were left out come first."""
    if entry.event in LOGGED:
        catch_up(at=entry.at)


def catch_up(*, at: datetime) -> int:
    """Enter rows of the register that do not stand in the log yet, in their order; give their number.

    The lock is that of the register: what is entered first there is entered first here.
    """
    db.lock("register")
    entered = 0
    while rows := queries.not_logged(AT_ONCE):
        _append(rows)
        entered += len(rows)
    if entered:
        after_commit(_signing(at))
    return entered


def _append(rows: Sequence[RegisterEntry]) -> None:
    begin = queries.size()
    tree = Growing(begin, queries.edge(begin))
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
    salt, event = secrets.token_bytes(SALT_LENGTH), event_text(row)
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


def event_text(row: RegisterEntry) -> str:
    """Write what an entry says of a row of the register. No reason, nobody's name, no school."""
    said = json.loads(row.payload)
    return canonical({"format": FORMAT, "row": row.hash, **{name: said[name] for name in REPEATED}})


# --- checkpoints -----------------------------------------------------------------------------


def _signing(at: datetime) -> Callable[[], None]:
    """Make what signs a checkpoint once the entries are safe; the day's work does it if this fails."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- the job runs in a context of its own

    def signing() -> None:
        with app.app_context():
            try:
                with unit_of_work():
                    sign_now(at=at)
                keep(files(), at=at)
            except Exception:
                log.exception("the checkpoint of the public log could not be signed")

    return signing


def sign_now(*, at: datetime) -> int:
    """Sign the log as it is now, with the key of this installation; give 1, or 0 as `sign_checkpoint`."""
    try:
        ring = keys.load(current_app.config["CISS"].keys_dir)
    except BrokenKeys as broken:
        log.warning("the public log is not signed: %s", broken)
        return 0
    return sign_checkpoint(ring, at=at)


def sign_checkpoint(ring: Keyring, *, at: datetime) -> int:
    """Sign the log as it is now; give 1, or 0 if it is signed already or there is no key for it."""
    if ring.log is None:
        return 0
    db.lock("log")
    size = queries.size()
    if size == 0 or queries.checkpoint(size):
        return 0
    verifier = log_keys.of_log(ring)
    text = notes.Checkpoint(ring.log.name, size, queries.root(size)).text
    try:
        signature = ring.sign_log(text.encode())
    except NoKeys as missing:
        log.warning("the public log is not signed: %s", missing)
        return 0
    return _keep_checkpoint(text, verifier, signature, at=at)


def _keep_checkpoint(
    text: str, verifier: Verifier | None, signature: bytes, *, at: datetime
) -> int:
    """Keep a checkpoint that anybody will find good; one that they would not is a bug or a wrong key."""
    checkpoint = notes.read_checkpoint(text)
    if verifier is None:
        return 0
    note = notes.Note(text, (Signature(verifier.name, verifier.key_id, signature),))
    if not verifier.signed(note):
        raise BadNote("the signature does not fit the public key of the log")
    session.add(Checkpoint(size=checkpoint.size, root=checkpoint.root.hex(), note=str(note), at=at))
    session.flush()
    return 1


def keep(store: FileStore, *, at: datetime) -> int:
    """Keep the newest checkpoint and the extent of the trail in the file store as well; return 1, or 0 if not.

    What was kept stays where it goes further than the database does now: then the database is an older one,
    or somebody took something off, and `ciss log check` or `ciss audit check` says so.
    """
    found, there = kept.of_database(at=at), kept.read(store)
    if there and (there.ahead_of(found) or audit.describe_loss(there.trail)):
        log.error("log or trail lack what was kept: run `ciss log check` and `ciss audit check`")
        return 0
    store.replace(kept.KEY, found.text.encode())
    return 1


def add_cosignatures(raw: str, witnesses: Iterable[Verifier], *, at: datetime) -> list[Cosignature]:
    """Keep the cosignatures of witnesses that we know, under a checkpoint of ours; give the new ones."""
    note = notes.read_note(raw)
    row = queries.checkpoint(notes.read_checkpoint(note.text).size)
    if row is None or notes.read_note(row.note).text != note.text:
        raise Refused(Problem("checkpoint", N_("This is no checkpoint of this log.")))
    known = {one.vkey for one in row.cosignatures}
    added = [
        Cosignature(
            checkpoint=row,
            witness=witness.name,
            vkey=witness.vkey,
            line=line.line,
            signed_at=notes.cosigned_at(line),
            added_at=at,
        )
        for witness, line in _lines(note, witnesses)
        if witness.vkey not in known
    ]
    session.add_all(added)
    session.flush()
    return added


def _lines(note: notes.Note, witnesses: Iterable[Verifier]) -> Iterable[tuple[Verifier, Signature]]:
    for witness in witnesses:
        for line in witness.of(note)[:1]:
            if witness.kind is not Kind.COSIGNATURE or not witness.made(line, note.text):
                problem = N_("The signature of %(witness)s does not fit its public key.")
                raise Refused(Problem("cosignature", problem, {"witness": witness.name}))
            yield witness, line
