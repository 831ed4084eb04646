"""Parts removed because they named or showed a child: a list kept beside the database, repeated here."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from cissapp.foundation.core.actor import SystemActor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards.kept_removals import REMOVALS
from cissapp.foundation.safeguards.models import Removal
from cissapp.foundation.safeguards.rules import RemovalReason
from cissapp.operate.backups.rules import BadBackup
from cissapp.operate.backups.services.published import fetch
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.reviews.services.removals import RemovableKind, RemovablePart, remove_part

OF_ONE = frozenset({RemovableKind.VERSION.value, RemovableKind.COMMENT.value})


class Removed(Struct, frozen=True):
    """A removed part of a case as the list records it, without its content."""

    application_id: UUID | None
    subject_type: str
    subject_id: UUID
    subject_key: str | None
    reason: RemovalReason
    removed_at: datetime
    removed_by_id: UUID


def read_removals(where: str | None, store: FileStore, *, since: datetime) -> list[Removed]:
    """Read the operator's list, or the one in the file store, from a time on."""
    try:
        raw = fetch(where) if where else store.get(REMOVALS.key)
    except FileNotFoundError:
        return []
    try:
        found = [_read(one) for one in REMOVALS.read(raw)]
    except (ValueError, LookupError, TypeError) as error:
        raise BadBackup(
            "The list of removals cannot be read. Give a readable copy of it: --removals FILE"
        ) from error
    return [one for one in found if one.removed_at >= since]


def _read(raw: dict[str, str | None]) -> Removed:
    application = raw["application_id"]
    return Removed(
        UUID(application) if application else None,
        str(raw["subject_type"]),
        UUID(str(raw["subject_id"])),
        raw["subject_key"],
        RemovalReason(str(raw["reason"])),
        datetime.fromisoformat(str(raw["removed_at"])),
        UUID(str(raw["removed_by_id"])),
    )


def remove_again(removed: list[Removed], store: FileStore, *, at: datetime) -> Iterator[str]:
    """Remove the same parts again, in the name of the person who did; yield a line for each."""
    for one in sorted(removed, key=lambda found: found.removed_at):
        if _is_done(one):
            continue
        name = f"{one.subject_type} {one.subject_key or one.subject_id}"
        application = session.get(Application, one.application_id) if one.application_id else None
        if application is None:
            yield f"{name}: removed after the backup, from a case that is not in it."
            continue
        key = str(one.subject_id) if one.subject_type in OF_ONE else str(one.subject_key)
        person = session.get(User, one.removed_by_id)
        try:
            with session.begin_nested():
                remove_part(
                    application,
                    RemovablePart(RemovableKind(one.subject_type), key),
                    reason=one.reason,
                    title_too=True,  # the list does not say; a title can be written anew
                    store=store,
                    by=person or SystemActor(id=one.removed_by_id),
                    at=at,
                )
        except (Missing, Refused, LookupError, ValueError):
            yield (
                f"CHECK BY HAND: {name} was removed on {one.removed_at:%Y-%m-%d} and was not found in"
                " the backup."
            )
        else:
            yield f"{name}: removed again."


def _is_done(one: Removed) -> bool:
    query = select(Removal.id).where(
        Removal.subject_type == one.subject_type,
        Removal.subject_id == one.subject_id,
        Removal.subject_key == one.subject_key,
    )
    return session.scalar(query.limit(1)) is not None
