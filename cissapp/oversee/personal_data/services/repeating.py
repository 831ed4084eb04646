"""Erasures kept outside the database, to be stopped or done again after an older backup is restored.

`ciss backup erasures` writes the list to a place other than the file store.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.safeguards.kept_lists import KeptList
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.oversee.personal_data.queries.duties import open_duties
from cissapp.oversee.personal_data.queries.requests import open_request
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User

ERASURES = KeptList("kept/erasures.json", "ciss-erasures-1", "erasures", ErasureRequest, "asked_at")


class Repeated(StrEnum):
    """What happened to an erasure that was unknown to a restored backup."""

    ERASED = "erased"
    WAITS = "waits"
    STOPPED = "stopped"
    ASKED = "asked"
    NOTHING = "nothing"


class KeptErasure(Struct, frozen=True):
    """An erasure as recorded in the list."""

    id: UUID
    user_id: UUID
    asked_at: datetime
    asked_by_id: UUID
    due_at: datetime
    stopped_at: datetime | None
    stopped_by_id: UUID | None
    done_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        """The time of its last change."""
        return self.done_at or self.stopped_at or self.asked_at


def read_list(raw: bytes) -> list[KeptErasure]:
    """Read a list; raise `ValueError` if it is not readable."""
    try:
        return [_read(one) for one in ERASURES.read(raw)]
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("not readable") from error


def _read(raw: dict[str, str | None]) -> KeptErasure:
    return KeptErasure(
        id=_id(raw["id"]),
        user_id=_id(raw["user_id"]),
        asked_at=_moment(raw["asked_at"]),
        asked_by_id=_id(raw["asked_by_id"]),
        due_at=_moment(raw["due_at"]),
        stopped_at=_moment(raw["stopped_at"]) if raw["stopped_at"] else None,
        stopped_by_id=_id(raw["stopped_by_id"]) if raw["stopped_by_id"] else None,
        done_at=_moment(raw["done_at"]) if raw["done_at"] else None,
    )


def _id(text: str | None) -> UUID:
    return UUID(str(text))


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(str(text))


def repeat(kept: KeptErasure, *, store: FileStore, at: datetime) -> Repeated:
    """Return an erasure to its state: asked, stopped or done; a person missing from the backup needs none.

    A second run finds nothing to do. If a person has an open duty again, the erasure is due at once, and
    `ciss daily` carries it out when the duty has ended.
    """
    person = session.get(User, kept.user_id)
    known = session.get(ErasureRequest, kept.id)
    if person is None or (known is not None and (known.stopped_at or known.done_at)):
        return Repeated.NOTHING
    if kept.stopped_at is not None:
        return _stop(known, kept, person, at=at)
    return _go_on(known, kept, person, store=store, at=at)


def _go_on(
    known: ErasureRequest | None,
    kept: KeptErasure,
    person: User,
    *,
    store: FileStore,
    at: datetime,
) -> Repeated:
    """Ask for the erasure again, and carry it out if it was done."""
    asked = known or open_request(person.id) or _ask(kept, person, at=at)
    if kept.done_at is None:
        return Repeated.NOTHING if known else Repeated.ASKED
    asked.due_at = min(asked.due_at, at)
    session.flush()
    if open_duties(person):
        return Repeated.WAITS
    accounts.lock_erasure(person.id)
    accounts.lock_closing()
    session.refresh(person)
    if person.deactivated_at is None:
        accounts.close_asked_for(person, at=at)
    asked.done_at = kept.done_at
    session.flush()
    erase(person, store=store, at=at)
    return Repeated.ERASED


def _stop(
    known: ErasureRequest | None, kept: KeptErasure, person: User, *, at: datetime
) -> Repeated:
    """Stop an erasure open in the backup, in the person's own name if the one who stopped it is gone."""
    if known is None:
        return Repeated.NOTHING
    stopper = session.get(User, kept.stopped_by_id) if kept.stopped_by_id else None
    known.stopped_at, known.stopped_by_id = kept.stopped_at, (stopper or person).id
    session.flush()
    record(Event.ERASURE_STOPPED, person, by=SYSTEM, at=at, school_id=person.school_id)
    session.flush()
    return Repeated.STOPPED


def _ask(kept: KeptErasure, person: User, *, at: datetime) -> ErasureRequest:
    asker = session.get(User, kept.asked_by_id)
    made = ErasureRequest(
        id=kept.id,
        user_id=person.id,
        asked_at=kept.asked_at,
        asked_by_id=(asker or person).id,
        due_at=kept.due_at,
    )
    session.add(made)
    session.flush()
    record(Event.ERASURE_ASKED, person, by=SYSTEM, at=at, school_id=person.school_id)
    session.flush()
    return made
