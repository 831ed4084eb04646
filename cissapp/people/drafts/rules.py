"""How much is kept of drafts, for how long, and which draft a save goes on with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.form_drafts.rules import Digests, Values, digest

LASTS = timedelta(days=60)
# As much text as all fields of one form may have together.
LETTERS_MOST = 60_000
NAMES_MOST = 300
OF_PERSON_MOST = 100
OF_FORM_MOST = 6
TITLE_MOST = 200


class DraftEntry(Struct, frozen=True):
    """What a page wants to be kept: where it was typed, what, and which draft and version it knows.

    `hand` names the view of the page that saves; `base` are digests of the fields before anything was typed.
    """

    page: str
    form: str
    hand: str
    fields: Values
    base: Digests
    draft_id: UUID | None = None
    version: int = 0
    title: str = ""


class SavedDraft(Protocol):
    """A draft that is there, as far as a save looks at it."""

    id: UUID
    version: int
    hand: str
    fields: Values


D = TypeVar("D", bound=SavedDraft)


def is_too_large(fields: Values) -> bool:
    """Return whether a draft holds more than a form may."""
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    return letters > LETTERS_MOST or len(fields) > NAMES_MOST


def is_untouched(fields: Values, base: Digests) -> bool:
    """Return whether every field holds what it held before."""
    return all(digest(values) == base.get(name, "") for name, values in fields.items())


def same_text(one: Values, other: Values) -> bool:
    """Return whether two drafts say the same; an empty field and none are one."""
    names = {*one, *other}
    return all(digest(one.get(name, [])) == digest(other.get(name, [])) for name in names)


def continued(entry: DraftEntry, drafts: Sequence[D]) -> D | None:
    """Return the draft that a save may write over; None, if it must stand beside those that are there.

    It may write over the version that its page has shown, over what the same view of the page saved (an
    answer may have been lost on its way), and over the same text. Never over what another tab or another
    device has typed since.
    """
    for one in drafts:
        known = one.id == entry.draft_id and one.version == entry.version
        if known or one.hand == entry.hand or same_text(one.fields, entry.fields):
            return one
    return None
