"""The reviews of a round side by side, for the person who decides."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.web import languages
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.places import ReviewPlace, combined_level, levels_differ
from cissapp.review.reviews.rules.references import MECHANISM, VISIT, parse_reference
from cissapp.review.reviews.rules.scores import is_far_apart


@dataclass(frozen=True)
class ReviewerScore:
    """What one reviewer says of a criterion: who, which level, why, and where that was seen."""

    who: str
    level: str
    reason: str
    seen: str


@dataclass(frozen=True)
class ComparedCriterion:
    """A criterion as school and reviewers see it; `level` is the one that counts."""

    id: str
    label: str
    href: str
    own: str
    level: str
    said: list[ReviewerScore]
    far: bool
    differs: bool


def compared_criteria(case: Case, standard: Standard) -> list[ComparedCriterion]:
    """List every scored criterion, those with differences first."""
    tables = {
        place: {one.criterion_id: one for one in review.scores}
        for place, review in case.reviews.items()
    }
    lines = [
        _compared_criterion(case, one, tables, standard)
        for one in standard.criteria
        if any(one.id in table for table in tables.values())
    ]
    return sorted(lines, key=lambda one: (not one.differs, not one.far))


def _compared_criterion(
    case: Case,
    criterion: Criterion,
    tables: dict[ReviewPlace, dict[str, Score]],
    standard: Standard,
) -> ComparedCriterion:
    scores = {
        place: table[criterion.id] for place, table in tables.items() if criterion.id in table
    }
    own = case.dossier.score(criterion.id)
    level = combined_level([one.level for one in scores.values()])
    return ComparedCriterion(
        criterion.id,
        f"{criterion.id} · {criterion.text(languages.current()).title}",
        url_for("reviews.criterion", application_id=case.application.id, criterion_id=criterion.id),
        _number(own.level if own else None),
        _number(level),
        [
            ReviewerScore(
                case.reviews[place].assessor.name,
                _number(one.level),
                one.reason,
                ", ".join(referenced_places(case, one)),
            )
            for place, one in scores.items()
        ],
        own is not None and is_far_apart(level, own.level),
        _differs(criterion, scores, standard),
    )


def _number(level: int | None) -> str:
    return "–" if level is None else str(level)


def _differs(criterion: Criterion, scores: dict[ReviewPlace, Score], standard: Standard) -> bool:
    if ReviewPlace.FIRST not in scores or ReviewPlace.SECOND not in scores:
        return False
    first, second = scores[ReviewPlace.FIRST].level, scores[ReviewPlace.SECOND].level
    return levels_differ(criterion, first, second, standard.decision)


def referenced_places(case: Case, score: Score) -> list[str]:
    """List what a score points to, in words."""
    return [_seen(case, one) for one in score.references]


def _seen(case: Case, text: str) -> str:
    found = parse_reference(text)
    if found.version_id is None:
        names = {MECHANISM: _("Reporting mechanism"), VISIT: _("Visit or video interview")}
        return str(names[found.kind])
    document = case.dossier.document(found.version_id)
    title = document.title if document else _("Document of an earlier round")
    return str(_("%(title)s, page %(page)s", title=title, page=found.page))
