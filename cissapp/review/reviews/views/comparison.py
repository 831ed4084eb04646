"""The reviews of a round side by side, for the person who decides."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.web import languages
from cissapp.review.reviews.models import Score
from cissapp.review.reviews.queries import Case
from cissapp.review.reviews.rules.places import Place, combined_level, differs
from cissapp.review.reviews.rules.references import MECHANISM, VISIT, read_reference
from cissapp.review.reviews.rules.scores import far_apart


@dataclass(frozen=True)
class Said:
    """What one reviewer says of a criterion: who, which level, why, and where that was seen."""

    who: str
    level: str
    reason: str
    seen: str


@dataclass(frozen=True)
class Compared:
    """A criterion as school and reviewers see it; `level` is the one that counts."""

    id: str
    label: str
    href: str
    own: str
    level: str
    said: list[Said]
    far: bool
    differs: bool


def compared(case: Case, standard: Standard) -> list[Compared]:
    """List every scored criterion, those with differences first."""
    tables = {
        place: {one.criterion_id: one for one in review.scores}
        for place, review in case.reviews.items()
    }
    lines = [
        _compared(case, one, tables, standard)
        for one in standard.criteria
        if any(one.id in table for table in tables.values())
    ]
    return sorted(lines, key=lambda one: (not one.differs, not one.far))


def _compared(
    case: Case, criterion: Criterion, tables: dict[Place, dict[str, Score]], standard: Standard
) -> Compared:
    scores = {
        place: table[criterion.id] for place, table in tables.items() if criterion.id in table
    }
    own = case.dossier.score(criterion.id)
    level = combined_level([one.level for one in scores.values()])
    return Compared(
        criterion.id,
        f"{criterion.id} · {criterion.text(languages.current()).title}",
        url_for("reviews.criterion", application_id=case.application.id, criterion_id=criterion.id),
        _number(own.level if own else None),
        _number(level),
        [
            Said(
                case.reviews[place].assessor.name,
                _number(one.level),
                one.reason,
                ", ".join(seen_in(case, one)),
            )
            for place, one in scores.items()
        ],
        own is not None and far_apart(level, own.level),
        _differs(criterion, scores, standard),
    )


def _number(level: int | None) -> str:
    return "–" if level is None else str(level)


def _differs(criterion: Criterion, scores: dict[Place, Score], standard: Standard) -> bool:
    if Place.FIRST not in scores or Place.SECOND not in scores:
        return False
    first, second = scores[Place.FIRST].level, scores[Place.SECOND].level
    return differs(criterion, first, second, standard.decision)


def seen_in(case: Case, score: Score) -> list[str]:
    """Write down what a score points to."""
    return [_seen(case, one) for one in score.references]


def _seen(case: Case, text: str) -> str:
    found = read_reference(text)
    if found.version_id is None:
        names = {MECHANISM: _("Reporting mechanism"), VISIT: _("Visit or video interview")}
        return str(names[found.kind])
    document = case.dossier.document(found.version_id)
    title = document.title if document else _("Document of an earlier round")
    return str(_("%(title)s, page %(page)s", title=title, page=found.page))
