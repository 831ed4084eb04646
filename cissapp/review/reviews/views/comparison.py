"""The reviews of a round side by side, for the person who decides."""

from collections import Counter

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.web import languages
from cissapp.prepare.applications.submission_content.values import SubmittedScore
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.attention import Attention, attention
from cissapp.review.reviews.rules.outcomes import SOUND
from cissapp.review.reviews.rules.places import ReviewPlace, combined_level, levels_differ
from cissapp.review.reviews.rules.references import MECHANISM, VISIT, parse_reference
from cissapp.review.reviews.rules.scores import is_far_apart


class ReviewerScore(Struct, frozen=True):
    """A score and the reviewers who gave it: level, reason, evidence, and whether they only agreed."""

    who: str
    level: str
    reason: str
    seen: str
    agreed: bool


class ComparedCriterion(Struct, frozen=True):
    """A criterion as school and reviewers see it; `level` is the one that counts.

    `cells` are pairs of name and level, side by side; `said` lists identical scores once.
    """

    id: str
    part: str
    label: str
    href: str
    level: str
    cells: list[tuple[str, str]]
    said: list[ReviewerScore]
    attention: Attention
    critical: bool
    differs: bool
    low: bool
    far: bool


class SettledPart(Struct, frozen=True):
    """The criteria of a part that need no attention: a count by level, and the criteria themselves."""

    title: str
    levels: list[tuple[str, int]]
    criteria: list[ComparedCriterion]


def compared_criteria(case: Case, standard: Standard) -> list[ComparedCriterion]:
    """List every scored criterion, those that need the decider's attention first."""
    tables = {
        place: {one.criterion_id: one for one in review.scores}
        for place, review in case.reviews.items()
    }
    found = [
        _compared_criterion(case, one, tables, standard)
        for one in standard.criteria
        if any(one.id in table for table in tables.values())
    ]
    return sorted(found, key=lambda one: one.attention)


def settled_parts(criteria: list[ComparedCriterion], standard: Standard) -> list[SettledPart]:
    """Group the criteria that need no attention by part, with a count by level."""
    text = standard.rubric_text(languages.current())
    parts = []
    for part in standard.rubric.parts:
        own = [
            one for one in criteria if one.part == part.id and one.attention is Attention.SETTLED
        ]
        levels = Counter(one.level for one in own)
        if own:
            title = f"{part.id} · {text.parts[part.id].title}"
            parts.append(SettledPart(title, sorted(levels.items()), own))
    return parts


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
    differs = _differs(criterion, scores, standard)
    return ComparedCriterion(
        criterion.id,
        criterion.part,
        f"{criterion.id} · {criterion.text(languages.current()).title}",
        url_for("reviews.criterion", application_id=case.application.id, criterion_id=criterion.id),
        level_mark(level),
        _cells(case, own, scores),
        _said(case, scores),
        attention(criterion, level, differs=differs),
        criterion.critical,
        differs,
        level is not None and level < SOUND,
        own is not None and is_far_apart(level, own.level),
    )


def _cells(
    case: Case, own: SubmittedScore | None, scores: dict[ReviewPlace, Score]
) -> list[tuple[str, str]]:
    """List names and levels: the school's first, then each reviewer's."""
    said = [
        (case.reviews[place].assessor.name, level_mark(one.level)) for place, one in scores.items()
    ]
    return [(str(_("School")), level_mark(own.level if own else None)), *said]


def _said(case: Case, scores: dict[ReviewPlace, Score]) -> list[ReviewerScore]:
    """List the reviewers' scores; reviewers with identical scores are named together."""
    found: dict[tuple[str, str, str, bool], list[str]] = {}
    for place, one in scores.items():
        seen = ", ".join(referenced_places(case, one))
        key = (level_mark(one.level), one.reason, seen, one.agreed)
        found.setdefault(key, []).append(case.reviews[place].assessor.name)
    return [
        ReviewerScore(", ".join(names), level, reason, seen, agreed)
        for (level, reason, seen, agreed), names in found.items()
    ]


def level_mark(level: int | None) -> str:
    """Render a level; a dash for "not applicable"."""
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
    title = document.title if document else _("Document from an earlier round")
    return str(_("%(title)s, page %(page)s", title=title, page=found.page))
