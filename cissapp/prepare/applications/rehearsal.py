"""The rehearsal "Would this pass?": the checks of the hand-in, and a question for each thin answer. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cissapp.foundation.content.values import Content, Criterion
from cissapp.people.schools.models import School
from cissapp.prepare.applications.dossier import Dossier
from cissapp.prepare.applications.facts import gathered
from cissapp.prepare.applications.queries import newest_application
from cissapp.prepare.applications.rules import Facts
from cissapp.prepare.applications.rules.actions import Action, Bar, bars, next_actions
from cissapp.prepare.applications.rules.clarity import Clarity, clarity
from cissapp.prepare.mechanism.rules import checks
from cissapp.prepare.mechanism.rules.checks import Check, Severity


@dataclass(frozen=True)
class Looked:
    """A criterion with what its answer lacks; `clear` is None where there is no answer yet."""

    criterion: Criterion
    level: int | None
    clear: Clarity | None


@dataclass(frozen=True)
class Rehearsal:
    """Everything that the page shows."""

    facts: Facts
    advice: list[Check]
    looked: list[Looked]
    actions: list[Action]
    bars: list[Bar]

    @property
    def complete(self) -> bool:
        """Whether the hand-in would let it through: the same list, and it is empty."""
        return not self.facts.missing

    @property
    def asked(self) -> list[Looked]:
        """The answers that something is asked of."""
        return [one for one in self.looked if one.clear and not one.clear.is_clear]


def rehearsed(
    school: School, content: Content, *, language: str, today: date | None = None
) -> Rehearsal:
    """Run the hand-in's own checks on the dossier as it is now, and look at each answer."""
    newest = newest_application(school.id)
    found = gathered(newest, school, content, language=language, today=today)
    looked = [_looked(one, found.dossier, school.language) for one in content.standard.criteria]
    levels: Mapping[str, int | None] = {
        key: score.level for key, score in found.dossier.scores.items()
    }
    unclear = {
        one.criterion.id: len(one.clear.missing) + one.clear.short for one in looked if one.clear
    }
    criteria = content.standard.criteria
    return Rehearsal(
        facts=found.facts,
        advice=[
            one
            for one in checks(found.dossier.record(school.language))
            if one.severity is Severity.ADVICE
        ],
        looked=looked,
        actions=next_actions(criteria, levels, unclear),
        bars=bars(criteria, levels),
    )


def _looked(criterion: Criterion, dossier: Dossier, language: str) -> Looked:
    score = dossier.scores.get(criterion.id)
    if score is None:
        return Looked(criterion, None, None)
    shown = [*score.anchors.values(), *([score.pages] if score.pages else [])]
    return Looked(criterion, score.level, clarity(score.text, language, shown=shown))
