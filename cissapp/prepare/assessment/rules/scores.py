"""What the self-assessment of a criterion needs, and how far a part is."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.errors import N_, Problem

TEXT_LEAST = 40


class ScoreFacts(Struct, frozen=True):
    """A school's answer for a criterion: a level or "not applicable", a text, and the evidence.

    `anchors` are the pages of each document, such as "3-4, 7"; `pages` describes in words where to look,
    for documents that have no page numbers.
    """

    level: int | None
    text: str = ""
    pages: str = ""
    document_ids: frozenset[UUID] = frozenset()
    anchors: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def not_applicable(self) -> bool:
        """Whether the criterion is left out, with a reason."""
        return self.level is None


class ScoreFields(Protocol):
    """What the checks ask of a saved score."""

    @property
    def level(self) -> int | None:
        """The level, None if the criterion does not apply."""
        ...

    @property
    def not_applicable(self) -> bool:
        """Whether the criterion is left out, with a reason."""
        ...

    @property
    def text(self) -> str:
        """How the school meets it, or why it does not apply."""
        ...

    @property
    def document_ids(self) -> Collection[UUID]:
        """The documents that show it."""
        ...


class PartCount(Struct, frozen=True):
    """How many criteria of a part are complete."""

    part: str
    done: int
    total: int


def score_problems(
    standard: Standard, scores: Mapping[str, ScoreFields], document_ids: Collection[UUID]
) -> dict[str, list[Problem]]:
    """List what each criterion lacks, by criterion; one that is complete is left out."""
    left_out = _left_out(standard, scores)
    found = {
        criterion.id: _problems_of(criterion, scores.get(criterion.id), document_ids)
        + _too_many(standard, criterion, scores.get(criterion.id), left_out)
        for criterion in standard.criteria
    }
    return {criterion_id: problems for criterion_id, problems in found.items() if problems}


def count_complete(
    standard: Standard, problems: Mapping[str, Sequence[Problem]]
) -> list[PartCount]:
    """Count the complete criteria of each part."""
    counts = []
    for part in standard.rubric.parts:
        ids = [criterion.id for criterion in standard.criteria if criterion.part == part.id]
        counts.append(PartCount(part.id, sum(one not in problems for one in ids), len(ids)))
    return counts


def may_be_left_out(standard: Standard, criterion: Criterion) -> bool:
    """Check whether "not applicable" may be chosen at all."""
    return standard.decision.not_applicable.allows(criterion.key)


def needs_text(criterion: Criterion, *, not_applicable: bool) -> bool:
    """Return whether the school must write a text: for a critical criterion, or as a reason to leave it out.

    Elsewhere the sentence of the chosen level says how the school meets it.
    """
    return criterion.critical or not_applicable


def not_applicable_problem(
    standard: Standard, criterion: Criterion, left_out: int
) -> Problem | None:
    """Return why a criterion may not be left out; `left_out` counts the others of its part that are."""
    link = ("assessment.criterion", {"criterion_id": criterion.id})
    if not may_be_left_out(standard, criterion):
        message = (
            N_("A critical criterion always applies. Choose a level.")
            if criterion.critical
            else N_("This criterion applies to every school. Choose a level.")
        )
        return Problem("level", message, {}, link)
    most = standard.decision.not_applicable.at_most_per_part
    if left_out >= most:
        message = N_("At most %(most)s criteria in a part can be not applicable. Choose a level.")
        return Problem("level", message, {"most": most}, link)
    return None


def others_left_out(
    standard: Standard, scores: Mapping[str, ScoreFields], criterion: Criterion
) -> int:
    """Count the other criteria of the part that are not applicable."""
    return len(
        [one for one in _left_out(standard, scores).get(criterion.part, []) if one != criterion.id]
    )


def _left_out(standard: Standard, scores: Mapping[str, ScoreFields]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for criterion in standard.criteria:
        score = scores.get(criterion.id)
        if score and score.not_applicable:
            found.setdefault(criterion.part, []).append(criterion.id)
    return found


def _too_many(
    standard: Standard,
    criterion: Criterion,
    score: ScoreFields | None,
    left_out: dict[str, list[str]],
) -> list[Problem]:
    """Return the problem of a criterion left out beyond the allowed number, in the order of the rubric."""
    if score is None or not score.not_applicable:
        return []
    before = left_out[criterion.part].index(criterion.id)
    problem = not_applicable_problem(standard, criterion, before)
    return [problem] if problem else []


def _problems_of(
    criterion: Criterion, score: ScoreFields | None, document_ids: Collection[UUID]
) -> list[Problem]:
    link = ("assessment.criterion", {"criterion_id": criterion.id})
    if score is None:
        return [Problem("level", N_("Choose a level."), {}, link)]
    found = []
    wanted = needs_text(criterion, not_applicable=score.not_applicable)
    if wanted and len(score.text.strip()) < TEXT_LEAST:
        message = (
            N_("Explain why it does not apply, in at least %(least)s characters.")
            if score.not_applicable
            else N_("Explain how the school meets this, in at least %(least)s characters.")
        )
        found.append(Problem("text", message, {"least": TEXT_LEAST}, link))
    if (score.level or 0) >= 1 and not set(score.document_ids) & set(document_ids):
        found.append(
            Problem("documents", N_("Name at least one document that shows it."), {}, link)
        )
    return found
