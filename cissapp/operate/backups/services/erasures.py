"""Erasures carried out or stopped since a backup was made: a list kept beside the database, repeated here."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.operate.backups.rules import BadBackup
from cissapp.operate.backups.services.published import fetch
from cissapp.oversee.personal_data.services.repeating import (
    ERASURES,
    KeptErasure,
    Repeated,
    read_list,
    repeat,
)

SAID = {
    Repeated.ERASED: "was erased after the backup and has been erased again.",
    Repeated.WAITS: (
        "was erased after the backup but has an open duty in it. `ciss daily` will erase them"
        " when it ends."
    ),
    Repeated.STOPPED: "stopped the erasure after the backup, and it has been stopped again.",
    Repeated.ASKED: "asked to be erased after the backup, and the request has been entered again.",
}
UNKNOWN = (
    "There is no list of people erased after this backup. If you have one elsewhere,"
    " restore again with --erasures FILE. Otherwise look in the emails and notes since"
    " then for people who asked to be erased."
)


def read_erasures(
    where: str | None, store: FileStore, *, since: datetime
) -> list[KeptErasure] | None:
    """Read the operator's list, or the one in the file store, from a time on; None if there is none."""
    try:
        raw = fetch(where) if where else store.get(ERASURES.key)
    except FileNotFoundError:
        return None
    try:
        found = read_list(raw)
    except ValueError as error:
        raise BadBackup(
            "The list of erasures cannot be read. Give a readable copy of it: --erasures FILE"
        ) from error
    return [one for one in found if one.changed_at >= since]


def repeat_erasures(
    erasures: Sequence[KeptErasure] | None, store: FileStore, *, at: datetime
) -> Iterator[str]:
    """Stop, request or carry out again the erasures that the backup lacks; yield a line for each."""
    if erasures is None:
        yield UNKNOWN
        return
    for one in sorted(erasures, key=lambda kept: kept.changed_at):
        try:
            with session.begin_nested():
                done = repeat(one, store=store, at=at)
        except Refused:
            yield (
                f"CHECK BY HAND: person {one.user_id} was erased after the backup and could not be"
                " erased again."
            )
            continue
        if done in SAID:
            yield f"Person {one.user_id} {SAID[done]}"
