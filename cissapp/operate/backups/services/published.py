"""What was published after a backup was made: how far the log went, and what was suspended or withdrawn."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.certificates.services import suspensions
from cissapp.certify.transparency.checking import saved_extent
from cissapp.certify.transparency.checking.database import fault_in_database
from cissapp.certify.transparency.queries import size as log_size
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import BadNote, read_signed_checkpoint
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.errors import counted
from cissapp.foundation.signing.keys import Keyring
from cissapp.operate.backups.rules import BadBackup, Manifest
from cissapp.verify.verification.checking.snapshots import (
    FORMAT,
    BadSnapshot,
    RegisterSnapshot,
    read_snapshot,
)

KEPT = saved_extent.KEY
ALIVE = frozenset({RegisterEvent.ISSUED, RegisterEvent.REINSTATED})
LARGEST = 100_000_000
SECONDS = 30


class Published(Struct, frozen=True):
    """What was published of the log: a signed checkpoint, and perhaps the list of all certificates."""

    checkpoint: str | None
    size: int
    snapshot: RegisterSnapshot | None


def fetch(where: str) -> bytes:
    """Read a file, or an address that begins with `https://`; raise `BadBackup`."""
    try:
        if where.startswith("https://"):
            with urllib.request.urlopen(where, timeout=SECONDS) as answer:  # noqa: S310 -- https alone
                return bytes(answer.read(LARGEST))
        return Path(where).read_bytes()
    except (OSError, ValueError) as error:
        raise BadBackup(f"{where} cannot be read: {error}") from error


def read_published(raw: bytes, ring: Keyring, trusted: TrustedKeys) -> Published:
    """Read `snapshot.json`, a checkpoint of the log, or what the file store kept; raise `BadBackup`.

    Only what was signed with the keys in the backup is accepted.
    """
    try:
        text = raw.decode()
        told = json.loads(text) if text.lstrip().startswith("{") else {"checkpoint": text}
        snapshot = read_snapshot(text, ring) if told.get("format") == FORMAT else None
        note = told["checkpoint"]
        size = read_signed_checkpoint(note, trusted.logs)[1].size if note else 0
    except (BadSnapshot, BadNote, ValueError, LookupError, TypeError) as error:
        raise BadBackup(
            f"What was published after the backup cannot be trusted: {error}. Give the newest snapshot.json of a mirror: --published FILE_OR_URL"
        ) from error
    return Published(note, size, snapshot)


def what_is_unknown(published: Published | None, manifest: Manifest) -> str | None:
    """Return why the fate of certificates after the backup is unknown; None if it is known."""
    if published is None:
        return (
            "Nothing shows what was published after this backup, so a certificate that was"
            " withdrawn since would become valid again. Give the newest snapshot.json of a"
            " mirror: --published FILE_OR_URL"
        )
    known = published.snapshot is not None and published.snapshot.taken_at >= manifest.made_at
    if known or (published.snapshot is None and published.size == manifest.log_entries):
        return None
    if published.size > manifest.log_entries:
        lost = published.size - manifest.log_entries
        return (
            f"The public log has {counted(lost, 'entry', 'entries')} from after this backup, and"
            " nothing shows which certificates they concern. Give the newest snapshot.json of a"
            " mirror: --published FILE_OR_URL"
        )
    return (
        "The published state is older than this backup. Give a newer one: --published FILE_OR_URL"
    )


def fault_of_log(published: Published | None, trusted: TrustedKeys) -> str | None:
    """Return what is wrong with the restored log compared with what was published; None if nothing is."""
    covered = published is not None and published.checkpoint and published.size <= log_size()
    return fault_in_database(
        trusted, previous=published.checkpoint if covered and published else None
    )


# --- what was lost ---------------------------------------------------------------------------------


def apply_again(published: Published, *, at: datetime) -> Iterator[str]:
    """Repeat suspensions and withdrawals made since; yield a line for each, and for what cannot be done."""
    if published.snapshot is None:
        return
    there = 0
    for certificate in list(queries.all_certificates()):
        row = published.snapshot.of(certificate.code)
        if row is None or certificate.publication is None:
            continue
        there += 1
        yield from _apply(certificate, row.word, f"{row.at:%Y-%m-%d}", at)
    lost = len(published.snapshot.rows) - there
    if lost > 0:
        yield (
            f"{counted(lost, 'certificate')} issued after this backup will be shown as “not"
            " known”. Decide those applications again."
        )


def _apply(certificate: Certificate, word: str, day: str, at: datetime) -> Iterator[str]:
    last = certificate.entries[-1].event
    reason = f"Published on {day}; entered again after a backup was restored."
    if word == "withdrawn" and last is not RegisterEvent.WITHDRAWN:
        if last is RegisterEvent.REPLACED:
            yield f"{certificate.number}: was withdrawn on {day}, but is already replaced in the backup."
            return
        suspensions.withdraw(certificate, reason=reason, by=SYSTEM, at=at)
        yield f"{certificate.number}: withdrawn again, as it was on {day}."
    elif word == "suspended" and last in ALIVE:
        _suspend(certificate, reason, at)
        yield (
            f"{certificate.number}: suspended again, as it was on {day}. Set how many days the"
            " school has to correct this."
        )
    elif word == "replaced" and last in ALIVE:
        _suspend(certificate, reason, at)
        yield (
            f"{certificate.number}: was replaced on {day} by a certificate that is not in the"
            " backup. It is suspended until that one is issued again."
        )
    elif word == "valid" and last is RegisterEvent.SUSPENDED:
        yield (
            f"{certificate.number}: its suspension ended after the backup. Reinstate it if that is"
            " right."
        )


def _suspend(certificate: Certificate, reason: str, at: datetime) -> None:
    """Suspend with the default period for mending it, as the original one is not published."""
    days = content().standard.decision.suspension.cure_days
    suspensions.suspend(certificate, reason=reason, cure_days=days, by=SYSTEM, at=at)
