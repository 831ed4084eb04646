"""In which order one answers the criteria, and which documents are ticked before one begins."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.prepare.documents.rules import is_open

# How many criteria before and after the present one are in a narrow list.
NEAR = 2


def in_order(standard: Standard, *, critical_first: bool = False) -> list[Criterion]:
    """Return the criteria part by part; within a part those that are critical may come first."""
    parts = [one.id for one in standard.rubric.parts]
    return sorted(
        standard.criteria,
        key=lambda one: (parts.index(one.part), critical_first and not one.critical),
    )


def beside(
    ids: Sequence[str], here: str, open_criteria: Collection[str] | None
) -> tuple[str | None, str | None]:
    """Return the criteria before and after one; when changes are asked for, only those that are open."""
    if is_open(open_criteria, here):
        ids = [one for one in ids if is_open(open_criteria, one)]
    place = ids.index(here)
    before = ids[place - 1] if place else None
    return before, ids[place + 1] if place + 1 < len(ids) else None


def near_ones(ids: Sequence[str], here: str | None) -> frozenset[str]:
    """Return the criteria around the present one for a narrow list; the first ones if there is none."""
    place = ids.index(here) if here in ids else 0
    first = max(0, min(place - 1, len(ids) - 2 * NEAR))
    return frozenset(ids[first : first + 2 * NEAR])


def ticked_before(
    criterion: Criterion, chosen: Collection[UUID], kinds: Iterable[tuple[UUID, str]]
) -> frozenset[UUID]:
    """Return those documents of the part that are of a kind which the standard names for a criterion.

    `kinds` gives the evidence code of each document.
    """
    named = set(criterion.key.evidence)
    return frozenset(one for one, code in kinds if one in chosen and code in named)
