"""Which values of a paper or a document are not those of today, and what is looked for in texts."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from cissapp.prepare.facts.rules.facts import HELPLINE
from cissapp.prepare.facts.rules.searching import says_the_same

# What of a person, a way or a body a document can carry in so many words.
SOUGHT_FIELDS = frozenset({"office", "contact", "description", "body"})
SOUGHT_PARTS = frozenset({"staff", "cover", "helpline"})


class Difference(Struct, frozen=True):
    """A value that a place still says, and what stands in its place today; None, if nothing does."""

    key: str
    old: str
    new: str | None


class DocumentPlace(Struct, frozen=True):
    """A document whose newest version says old values: which ones, and on which pages.

    `pages` is empty where the kind of file has no pages. `changes` are the ids of what changed.
    """

    document_id: UUID
    version_id: UUID
    title: str
    number: int
    differences: tuple[tuple[Difference, tuple[int, ...]], ...]
    changes: tuple[UUID, ...]


def differences_of(
    made_of: Mapping[str, str], still_out: Mapping[str, str], now: Mapping[str, str]
) -> list[Difference]:
    """List the values of a paper that are not those of today, those of an earlier copy first."""
    found = {
        (key, value): Difference(key, value, now.get(key))
        for said in (still_out, made_of)
        for key, value in said.items()
        if not _is_still_said(key, value, now)
    }
    return list(found.values())


def _is_still_said(key: str, value: str, now: Mapping[str, str]) -> bool:
    """Check whether the school says a value today: under its key, or in an entry that took the place of one that is gone."""
    if key in now:
        return says_the_same(value, now[key])
    kind = _kind(key)
    return any(_kind(one) == kind and says_the_same(value, said) for one, said in now.items())


def _kind(key: str) -> tuple[str, str]:
    """Return what a fact is, whosever it is."""
    part, _, rest = key.partition(".")
    return part, "" if part == HELPLINE else rest.rpartition(".")[2]


def is_sought(key: str) -> bool:
    """Check whether documents are searched for a value of this kind: a contact, an office, a name."""
    return key.partition(".")[0] in SOUGHT_PARTS or key.rpartition(".")[2] in SOUGHT_FIELDS


def changed_values(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterable[tuple[str, str, str | None]]:
    """Yield key, old and new value of everything that is said otherwise than before."""
    for key, old in before.items():
        if old and after.get(key) != old:
            yield key, old, after.get(key) or None
