"""Which values of a paper or document are out of date, and which values to search for in texts."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from cissapp.prepare.facts.rules.facts import HELPLINE
from cissapp.prepare.facts.rules.searching import says_the_same

# Fields of a person, channel or body whose value a document may contain word for word.
SOUGHT_FIELDS = frozenset({"office", "contact", "description", "body"})
SOUGHT_PARTS = frozenset({"staff", "cover", "helpline"})


class Difference(Struct, frozen=True):
    """An old value that a place still states, and the current one; None if there is none."""

    key: str
    old: str
    new: str | None


class DocumentPlace(Struct, frozen=True):
    """A document whose newest version states old values: which ones, and on which pages.

    `pages` is empty for kinds of file without pages. `changes` are the ids of the changed facts.
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
    """List the values of a paper that are out of date, those of earlier copies first."""
    found = {
        (key, value): Difference(key, value, now.get(key))
        for said in (still_out, made_of)
        for key, value in said.items()
        if not _is_still_said(key, value, now)
    }
    return list(found.values())


def _is_still_said(key: str, value: str, now: Mapping[str, str]) -> bool:
    """Check whether a value is still current: under its key, or in another entry if its own was removed."""
    if key in now:
        return says_the_same(value, now[key])
    kind = _kind(key)
    return any(_kind(one) == kind and says_the_same(value, said) for one, said in now.items())


def _kind(key: str) -> tuple[str, str]:
    """Return the kind of a fact, whichever entry it belongs to."""
    part, _, rest = key.partition(".")
    return part, "" if part == HELPLINE else rest.rpartition(".")[2]


def is_sought(key: str) -> bool:
    """Check whether documents are searched for this kind of value: a contact, a job title, a name."""
    return key.partition(".")[0] in SOUGHT_PARTS or key.rpartition(".")[2] in SOUGHT_FIELDS


def changed_values(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterable[tuple[str, str, str | None]]:
    """Yield key, old and new value of everything that has changed."""
    for key, old in before.items():
        if old and after.get(key) != old:
            yield key, old, after.get(key) or None
