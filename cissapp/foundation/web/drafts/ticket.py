"""The ticket of a form on a page: whose it is, what its fields held, which draft it goes on with.

It is signed, goes out with the form in a hidden field, and comes back with every save: what is kept of a
draft, and under which name, is decided here and not by who sends it.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from msgspec import Struct
from msgspec.structs import asdict, replace

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.form_drafts.rules import Digests, Values

FIELD = "draft"


class Ticket(Struct, frozen=True):
    """What a page knows of a form.

    `hand` names this view of the page, which may overwrite what it saved itself. `draft` and `version`
    identify the draft that it continues; `seen` are others that the page has shown, as id:version.
    """

    person: str
    page: str
    form: str
    hand: str
    base: Digests
    title: str = ""
    compound: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    draft: str = ""
    version: int = 0
    seen: tuple[str, ...] = ()

    def goes_on_with(self, draft: UUID, version: int) -> "Ticket":
        """Return the ticket after a save."""
        return replace(self, draft=str(draft), version=version)

    def begins_anew(self) -> "Ticket":
        """Return the ticket of a page that goes on with no draft."""
        return replace(self, draft="", version=0)

    def known(self) -> dict[UUID, int]:
        """Return the version of each draft that the page has shown, which ends when the form was sent."""
        shown = [one.partition(":") for one in self.seen]
        found = {UUID(draft): int(version or 0) for draft, _colon, version in shown}
        return found | ({UUID(self.draft): self.version} if self.draft else {})

    def is_of(self, person: Actor) -> bool:
        """Return whether the ticket was given to this person."""
        return self.person == str(person.id)

    def kept_of(self, sent: Iterable[tuple[str, Sequence[str]]]) -> Values:
        """Return what a draft keeps of what was sent; a field that sent nothing is empty."""
        starts = tuple(f"{one}-" for one in self.compound)
        kept: Values = {name: [] for name in self.base}
        for name, values in sent:
            if name in self.base or (starts and name.startswith(starts)):
                kept[name] = [one.replace("\r\n", "\n") for one in values]
        return kept

    def watched(self, kept: Values) -> str:
        """Write all texts that are looked at for signs of a child."""
        texts = [
            one for name, several in kept.items() if name not in self.unwatched for one in several
        ]
        return "\n\n".join(texts)

    def sign(self) -> str:
        """Write the ticket as a page carries it."""
        return str(_serializer().dumps(asdict(self)))


def new_hand() -> str:
    """Return a unique name for a view of a page."""
    return secrets.token_urlsafe(9)


def read_ticket(raw: str, person: Actor) -> Ticket | None:
    """Read a ticket of this person; None if it is another's, not ours, or of an older version."""
    try:
        found: dict[str, Any] = _serializer().loads(raw)
    except BadSignature:
        return None
    lists = {"compound", "unwatched", "seen"}
    values: dict[str, Any] = {
        key: tuple(one) if key in lists else one for key, one in found.items()
    }
    try:
        ticket = Ticket(**values)
    except TypeError:
        return None
    return ticket if ticket.is_of(person) else None


def sent_ticket(person: Actor | None) -> Ticket | None:
    """Return the ticket that came with this request, if it is of this person."""
    raw = request.form.get(FIELD) if person is not None else None
    return read_ticket(raw, person) if raw and person is not None else None


def _serializer() -> URLSafeSerializer:
    return secret_keys.signer("ciss-draft")
