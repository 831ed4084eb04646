"""Writes of signed checkpoints, of what is saved beside the database, and of cosignatures."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.checking import log_keys, saved_extent
from cissapp.certify.transparency.models import Checkpoint, Cosignature
from cissapp.certify.transparency.rules import notes
from cissapp.certify.transparency.rules.notes import BadNote, KeyKind, Signature, Verifier
from cissapp.foundation.audit import queries as audit
from cissapp.foundation.core import db
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import FileStore, files
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import BrokenKeys, Keyring, NoKeys

log = logging.getLogger("ciss")


@dataclass(frozen=True)
class SigningJob:
    """Signs a checkpoint once the entries are committed; the daily run does so if this fails.

    All jobs of a transaction are equal: one checkpoint covers all of its entries.
    """

    app: Flask
    at: datetime = field(compare=False)

    def __call__(self) -> None:
        """Sign in a context and a unit of work of its own."""
        with self.app.app_context():
            try:
                with unit_of_work():
                    sign_now(at=self.at)
                save_extent(files(), at=self.at)
            except Exception:
                log.exception("the checkpoint of the public log could not be signed")


def signing_job(at: datetime) -> SigningJob:
    """Return the job that signs a checkpoint once the entries are committed."""
    return SigningJob(current_app._get_current_object(), at)  # type: ignore[attr-defined]  # noqa: SLF001 -- the job runs in a context of its own


def sign_now(*, at: datetime) -> int:
    """Sign the log as it is now, with the key of this installation; return 1, or 0 as `sign_checkpoint`."""
    try:
        ring = keys.load(current_config().keys_dir)
    except BrokenKeys as broken:
        log.warning("the public log is not signed: %s", broken)
        return 0
    return sign_checkpoint(ring, at=at)


def sign_checkpoint(ring: Keyring, *, at: datetime) -> int:
    """Sign the log as it is now; return 1, or 0 if it is signed already or there is no key for it."""
    if ring.log is None:
        return 0
    db.lock("log")
    size = queries.size()
    if size == 0 or queries.checkpoint(size):
        return 0
    verifier = log_keys.key_of_log(ring)
    text = notes.Checkpoint(ring.log.name, size, queries.root(size)).text
    try:
        signature = ring.sign_log(text.encode())
    except NoKeys as missing:
        log.warning("the public log is not signed: %s", missing)
        return 0
    return _save_checkpoint(text, verifier, signature, at=at)


def _save_checkpoint(
    text: str, verifier: Verifier | None, signature: bytes, *, at: datetime
) -> int:
    """Store a checkpoint whose signature verifies; any other is a bug or a wrong key."""
    checkpoint = notes.read_checkpoint(text)
    if verifier is None:
        return 0
    note = notes.SignedNote(text, (Signature(verifier.name, verifier.key_id, signature),))
    if not verifier.signed(note):
        raise BadNote("the signature does not match the log's public key")
    session.add(Checkpoint(size=checkpoint.size, root=checkpoint.root.hex(), note=str(note), at=at))
    session.flush()
    return 1


def save_extent(store: FileStore, *, at: datetime) -> int:
    """Store the newest checkpoint and the audit trail's extent in the file store; return 1, or 0 if not.

    What was saved stays if it reaches further than the database does now: then the database is an older one,
    or something was removed, and `ciss log check` or `ciss audit check` reports it.
    """
    found, there = saved_extent.extent_of_database(at=at), saved_extent.read_saved_extent(store)
    if there and (there.ahead_of(found) or audit.describe_loss(there.trail)):
        log.error(
            "the public log or the audit trail lacks entries that were there before; run `ciss"
            " log check` and `ciss audit check`"
        )
        return 0
    store.replace(saved_extent.KEY, found.text.encode())
    return 1


def add_cosignatures(raw: str, witnesses: Iterable[Verifier], *, at: datetime) -> list[Cosignature]:
    """Store the cosignatures of known witnesses, under a checkpoint of ours; return the new ones."""
    note = notes.read_note(raw)
    row = queries.checkpoint(notes.read_checkpoint(note.text).size)
    if row is None or notes.read_note(row.note).text != note.text:
        raise Refused(Problem("checkpoint", N_("This is not a checkpoint of this log.")))
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
        for witness, line in _checked_lines(note, witnesses)
        if witness.vkey not in known
    ]
    session.add_all(added)
    session.flush()
    return added


def _checked_lines(
    note: notes.SignedNote, witnesses: Iterable[Verifier]
) -> Iterable[tuple[Verifier, Signature]]:
    for witness in witnesses:
        for line in witness.of(note)[:1]:
            if witness.kind is not KeyKind.COSIGNATURE or not witness.made(line, note.text):
                problem = N_("The signature of %(witness)s does not match its public key.")
                raise Refused(Problem("cosignature", problem, {"witness": witness.name}))
            yield witness, line
