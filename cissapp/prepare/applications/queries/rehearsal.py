"""The rehearsal "Would this pass?": the checks of a submission, and a question for each thin answer."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from cissapp.foundation.content.values import Content, Criterion
from cissapp.people.schools.models import School
from cissapp.prepare.applications.queries import content_to_answer, newest_application
from cissapp.prepare.applications.queries.readiness import gather_readiness
from cissapp.prepare.applications.rules import ApplicationFacts
from cissapp.prepare.applications.rules.clarity import Clarity, check_clarity
from cissapp.prepare.applications.rules.next_actions import (
    NextAction,
    PartMean,
    next_actions,
    part_means,
)
from cissapp.prepare.applications.submission_content.evidence import SchoolEvidence
from cissapp.prepare.assessment.rules import needs_text
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.mechanism.rules import check_mechanism
from cissapp.prepare.mechanism.rules.checks import MechanismCheck, Severity


class CheckedAnswer(Struct, frozen=True):
    """A criterion with what its answer lacks; `clarity` is None without an answer or if no text is needed."""

    criterion: Criterion
    level: int | None
    clarity: Clarity | None


class Rehearsal(Struct, frozen=True):
    """Everything that the page shows."""

    facts: ApplicationFacts
    advice: list[MechanismCheck]
    answers: list[CheckedAnswer]
    actions: list[NextAction]
    part_means: list[PartMean]
    expired: list[DocumentEntry]

    @property
    def complete(self) -> bool:
        """Whether it could be submitted: the same checks find nothing missing."""
        return not self.facts.missing

    @property
    def unclear(self) -> list[CheckedAnswer]:
        """The answers about which there is a question."""
        return [one for one in self.answers if one.clarity and not one.clarity.is_clear]


def rehearse(school: School, content: Content, *, language: str, today: date) -> Rehearsal:
    """Run the checks of a submission on what the school has now, and check the clarity of each answer."""
    newest = newest_application(school.id)
    content = content_to_answer(newest, content)
    found = gather_readiness(newest, school, content, language=language, today=today)
    answers = [_check(one, found.evidence, school.language) for one in content.standard.criteria]
    levels: Mapping[str, int | None] = {
        key: score.level for key, score in found.evidence.scores.items()
    }
    unclear = {
        one.criterion.id: len(one.clarity.missing) + one.clarity.short
        for one in answers
        if one.clarity
    }
    criteria = content.standard.criteria
    return Rehearsal(
        facts=found.facts,
        advice=[
            one
            for one in check_mechanism(found.evidence.record(school.language))
            if one.severity is Severity.ADVICE
        ],
        answers=answers,
        actions=next_actions(criteria, levels, unclear),
        part_means=part_means(criteria, levels),
        expired=found.evidence.expired(today),
    )


def _check(criterion: Criterion, evidence: SchoolEvidence, language: str) -> CheckedAnswer:
    score = evidence.scores.get(criterion.id)
    if score is None:
        return CheckedAnswer(criterion, None, None)
    if not score.text.strip() and not needs_text(criterion, not_applicable=score.not_applicable):
        return CheckedAnswer(criterion, score.level, None)
    shown = [*score.anchors.values(), *([score.pages] if score.pages else [])]
    return CheckedAnswer(criterion, score.level, check_clarity(score.text, language, shown=shown))
