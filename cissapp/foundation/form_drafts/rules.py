"""Form drafts: their contents, which of their fields still fit, and the interface to their storage."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.core.actor import Actor

Values = dict[str, list[str]]
Digests = dict[str, str]
STORE = "ciss-drafts"


class KeptDraft(Struct, frozen=True):
    """A stored draft: what was typed, and digests of the earlier contents of the fields."""

    id: UUID
    form: str
    version: int
    fields: Values
    base: Digests
    saved_at: datetime


class DraftStore(Protocol):
    """The room that stores drafts, as seen by pages."""

    def of_page(self, person: Actor, page: str) -> list[KeptDraft]:
        """List the person's drafts of a page, the newest first."""
        ...

    def close(self, person: Actor, known: Mapping[UUID, int], page: str, hand: str) -> None:
        """Delete the person's drafts: those that are still of the named version, and any saved by this view of the page."""
        ...


class Fit(Struct, frozen=True):
    """Which values of a draft go into fields, which conflict with another's change, which have no field."""

    poured: Values = field(default_factory=dict)
    clashing: Values = field(default_factory=dict)
    homeless: Values = field(default_factory=dict)


def digest(values: Sequence[str]) -> str:
    """Return a short digest of what a field holds; the empty text for nothing."""
    told = [one.replace("\r\n", "\n") for one in values if one]
    if not told:
        return ""
    return hashlib.blake2b("\0".join(told).encode(errors="replace"), digest_size=6).hexdigest()


def fit(kept: Values, base: Mapping[str, str], now: Mapping[str, str]) -> Fit:
    """Sort the values of a draft by what has happened to their fields since.

    `base` are digests of the fields when the draft was begun, `now` as the page has them. What the person
    never touched follows the page; what both sides have changed is shown beside the field, never in it.
    """
    poured: Values = {}
    clashing: Values = {}
    homeless: Values = {}
    for name, values in kept.items():
        said, before = digest(values), base.get(name, "")
        if name not in now:
            if said and said != before:
                homeless[name] = values
        elif said in {before, now[name]}:
            continue
        elif now[name] == before:
            poured[name] = values
        else:
            clashing[name] = values
    return Fit(poured, clashing, homeless)


def differing(one: Values, other: Values) -> list[str]:
    """List the names of the fields in which two drafts differ, in the order of the first."""
    names = [*one, *(name for name in other if name not in one)]
    return [name for name in names if digest(one.get(name, [])) != digest(other.get(name, []))]
