"""How schools use the toolkit, in counts: clauses changed, clauses that fail review, products made."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

FEW = 5


class ClauseUse(Struct, frozen=True):
    """How many schools took a clause as it is, changed its words, or left it out."""

    clause_id: str
    taken: int
    changed: int
    left_out: int


class CriterionResult(Struct, frozen=True):
    """The decided reviews of schools with a clause for a criterion, and how many found it below level 2."""

    criterion_id: str
    reviews: int
    below: int


class ProductUse(Struct, frozen=True):
    """How many schools made a product."""

    product_id: str
    schools: int


class ToolkitUse(Struct, frozen=True):
    """The figures of the toolkit for the schools that a person may count."""

    policies: int
    clauses: list[ClauseUse]
    criteria: list[CriterionResult]
    products: list[ProductUse]


def shown_count(number: int) -> int | None:
    """Return a number if it may be shown; None if it is too small, and also for zero."""
    return number if number >= FEW else None


def most_changed(found: Iterable[ClauseUse], order: Sequence[str]) -> list[ClauseUse]:
    """List clauses, those that most schools change or leave out first.

    Hidden numbers count as zero, so that the order does not reveal them. Ties are listed in the order of
    the library, and clauses that it no longer has are left out.
    """
    place = {clause_id: number for number, clause_id in enumerate(order)}
    known = [one for one in found if one.clause_id in place]

    def rank(one: ClauseUse) -> tuple[int, int]:
        told = (shown_count(one.changed) or 0) + (shown_count(one.left_out) or 0)
        return -told, place[one.clause_id]

    return sorted(known, key=rank)


def most_failed(found: Iterable[CriterionResult], order: Sequence[str]) -> list[CriterionResult]:
    """List criteria, those that most reviews found below level 2 first; hidden numbers count as zero."""
    place = {criterion_id: number for number, criterion_id in enumerate(order)}
    known = [one for one in found if one.criterion_id in place]
    return sorted(known, key=lambda one: (-(shown_count(one.below) or 0), place[one.criterion_id]))


def most_made(found: Mapping[str, int], order: Sequence[str]) -> list[ProductUse]:
    """List products, those that most schools made first; hidden numbers count as zero."""
    place = {product_id: number for number, product_id in enumerate(order)}
    known = [ProductUse(one, count) for one, count in found.items() if one in place]
    return sorted(known, key=lambda one: (-(shown_count(one.schools) or 0), place[one.product_id]))
