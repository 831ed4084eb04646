"""Which criteria of parts A and B the wording of a policy covers, and what the others still need."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.content.values import Criterion
from cissapp.prepare.policy.rules.clauses import ClauseStanding, PlacedClause
from cissapp.prepare.policy.rules.signs import holds_sign, sentence_with

PARTS = ("A", "B")


class CoverageState(StrEnum):
    """How much of a criterion the wording covers."""

    COVERED = "covered"
    PARTLY = "partly"
    NOT = "not"


class CoveredElement(Struct, frozen=True):
    """A part of level 2 of a criterion, with the clauses that cover it or one that would.

    `is_short`: the clause is printed, but one of its answers falls short of level 2.
    """

    id: str
    by: tuple[PlacedClause, ...]
    remedy: PlacedClause | None = None
    sentence: str = ""
    is_short: bool = False

    @property
    def is_covered(self) -> bool:
        """Whether the policy covers the element."""
        return bool(self.by)


class CriterionCoverage(Struct, frozen=True):
    """A criterion with its elements; `applies` is false where the school has said that it does not apply."""

    id: str
    critical: bool
    elements: tuple[CoveredElement, ...]
    applies: bool = True

    @property
    def state(self) -> CoverageState:
        """How much of it the wording covers."""
        covered = sum(one.is_covered for one in self.elements)
        if covered == 0:
            return CoverageState.NOT
        full = covered == len(self.elements)
        return CoverageState.COVERED if full else CoverageState.PARTLY


class PolicyCoverage(Struct, frozen=True):
    """The criteria of parts A and B in their order."""

    criteria: tuple[CriterionCoverage, ...]

    @property
    def covered(self) -> tuple[str, ...]:
        """The criteria that are fully covered."""
        return tuple(one.id for one in self.criteria if one.state is CoverageState.COVERED)

    @property
    def left(self) -> tuple[CriterionCoverage, ...]:
        """The criteria still open: critical ones not fully covered, and others without a covered element."""
        return tuple(one for one in self.criteria if _is_left(one))

    @property
    def covers(self) -> bool:
        """Whether the wording is sufficient: critical criteria fully covered, others at least partly."""
        return bool(self.criteria) and not self.left


def _is_left(criterion: CriterionCoverage) -> bool:
    if not criterion.applies:
        return False
    if criterion.critical:
        return criterion.state is not CoverageState.COVERED
    return criterion.state is CoverageState.NOT


def cover(
    library: Toolkit,
    criteria: Iterable[Criterion],
    placed: Sequence[PlacedClause],
    *,
    not_applicable: Collection[str] = (),
    short: Collection[str] = (),
) -> PolicyCoverage:
    """Return what the printed clauses cover; `short` are elements not covered because of an answer."""
    naming: dict[str, list[PlacedClause]] = {}
    for one in placed:
        for element in one.clause.key.elements:
            naming.setdefault(element, []).append(one)
    return PolicyCoverage(
        tuple(
            CriterionCoverage(
                one.id,
                one.critical,
                tuple(
                    _element(library, element, naming.get(element, ()), is_short=element in short)
                    for element in library.elements_of(one.id)
                ),
                applies=one.critical or one.id not in not_applicable,
            )
            for one in criteria
            if one.part in PARTS and library.elements_of(one.id)
        )
    )


def covers_element(library: Toolkit, element_id: str, placed: PlacedClause) -> bool:
    """Check whether a clause covers an element: printed, and unchanged or still containing a sign of it."""
    if element_id not in placed.clause.key.elements or not placed.is_printed:
        return False
    if placed.standing is ClauseStanding.AS_IT_IS:
        return True
    return holds_sign(placed.text, library.element(element_id, placed.language).signs)


# Ordered by the effort for the school; an element names its first clause with the lowest.
_NEAREST = (
    ClauseStanding.INCOMPLETE,
    ClauseStanding.CHANGED,
    ClauseStanding.NEW,
    ClauseStanding.LEFT_OUT,
    ClauseStanding.NOT_OFFERED,
    ClauseStanding.UNCONFIRMED,
)


def _element(
    library: Toolkit, element_id: str, naming: Sequence[PlacedClause], *, is_short: bool
) -> CoveredElement:
    by = tuple(one for one in naming if covers_element(library, element_id, one))
    if by and not is_short:
        signs = library.element(element_id, by[0].language).signs
        return CoveredElement(element_id, by, sentence=sentence_with(by[0].text, signs))
    if by:
        return CoveredElement(element_id, (), by[0], is_short=True)
    left = [one for one in naming if one.standing in _NEAREST]
    return CoveredElement(
        element_id, (), min(left, key=lambda one: _NEAREST.index(one.standing), default=None)
    )


class MissingPiece(Struct, frozen=True):
    """A question or value that clauses are waiting for, and the criteria that depend on it."""

    name: str
    criteria: tuple[str, ...]
    critical: bool


def missing_pieces(coverage: PolicyCoverage) -> list[MissingPiece]:
    """List what uncovered elements are waiting for, starting with critical criteria."""
    waiting: dict[str, dict[str, bool]] = {}
    for criterion in coverage.criteria:
        for element in criterion.elements:
            if not element.is_covered and element.remedy:
                for name in element.remedy.missing:
                    waiting.setdefault(name, {})[criterion.id] = criterion.critical
    found = [
        MissingPiece(name, tuple(criteria), any(criteria.values()))
        for name, criteria in waiting.items()
    ]
    return sorted(found, key=lambda one: not one.critical)


def remedies(coverage: PolicyCoverage) -> Mapping[str, PlacedClause]:
    """Return the clauses that would cover open elements if the school chose them, except incomplete ones."""
    return {
        element.remedy.id: element.remedy
        for criterion in coverage.criteria
        for element in criterion.elements
        if not element.is_covered
        and not element.is_short
        and element.remedy
        and element.remedy.standing is not ClauseStanding.INCOMPLETE
    }
