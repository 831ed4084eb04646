"""How large drafts may be, how long they are kept, and which draft a save continues."""

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
    """What a page wants to save: where it was typed, what, and which draft and version the page knows.

    `hand` names the page view that saves; `base` holds digests of the fields before anything was typed.
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
    """A stored draft, as far as a save needs to know it."""

    id: UUID
    version: int
    hand: str
    fields: Values


def is_as_shown(draft: SavedDraft, version: int | None, hand: str) -> bool:
    """Check whether a draft is as a page showed it, or what the same page view has saved since."""
    return draft.version == version or draft.hand == hand


D = TypeVar("D", bound=SavedDraft)


def is_too_large(fields: Values) -> bool:
    """Return whether a draft holds more than a form may."""
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    return letters > LETTERS_MOST or len(fields) > NAMES_MOST


def is_untouched(fields: Values, base: Digests) -> bool:
    """Return whether every field holds what it held before."""
    return all(digest(values) == base.get(name, "") for name, values in fields.items())


def same_text(one: Values, other: Values) -> bool:
    """Check whether two drafts say the same; an empty field and a missing one are equal."""
    names = {*one, *other}
    return all(digest(one.get(name, [])) == digest(other.get(name, [])) for name in names)


def continued(entry: DraftEntry, drafts: Sequence[D]) -> D | None:
    """Return the draft that a save may overwrite; None if it must be stored beside the existing ones.

    It may overwrite the version that its page has shown, one saved by the same page view (the response
    may have been lost), or one with the same text; never what another tab or device has typed since.
    """
    for one in drafts:
        known = one.id == entry.draft_id and one.version == entry.version
        if known or one.hand == entry.hand or same_text(one.fields, entry.fields):
            return one
    return None
