"""What would be handed in, in words: the check before it."""

from collections import Counter
from dataclasses import dataclass

from flask import url_for

from cissapp.foundation.content.values import Content
from cissapp.foundation.web import filters
from cissapp.prepare.applications.dossier import Dossier
from cissapp.prepare.applications.overview import Position
from cissapp.prepare.applications.phrases import Row, _, open_rows
from cissapp.prepare.assessment.models import SelfScore


@dataclass(frozen=True)
class Line:
    """A line of the summary, with the page where it is changed."""

    label: str
    value: str
    href: str | None = None
    action: str | None = None


@dataclass(frozen=True)
class Summary:
    """Everything that would be handed in, and what came back and is as it was."""

    unchanged: list[Row]
    lines: list[Line]
    documents: list[list[str]]
    criteria: list[list[str]]


def summary(found: Position, content: Content, language: str) -> Summary:
    """Write down what would be handed in."""
    dossier = found.gathered.dossier
    return Summary(
        unchanged=open_rows(found.unchanged, language),
        lines=[*_school(found), *_dossier(dossier, content)],
        documents=_documents(dossier, content, language),
        criteria=_criteria(dossier, content, language),
    )


def _school(found: Position) -> list[Line]:
    newest, school = found.newest, found.school
    round_ = newest.round + 1 if newest and found.before.is_open else 1
    return [
        Line(_("School"), f"{school.name}, {school.locality} ({school.code})"),
        Line(_("Round"), str(round_)),
        Line(
            _("Training"),
            _("All five modules are passed by everybody who has to."),
            url_for("learning.modules"),
            _("See"),
        ),
    ]


def _dossier(dossier: Dossier, content: Content) -> list[Line]:
    return [
        Line(_("Documents"), str(len(dossier.documents)), url_for("documents.documents")),
        Line(_("Reporting mechanism"), _mechanism(dossier), url_for("mechanism.reporting")),
        Line(
            _("Self-assessment"), _levels(dossier, content), url_for("assessment.self_assessment")
        ),
    ]


def _mechanism(dossier: Dossier) -> str:
    return _(
        "People who take reports: %(persons)d. Ways to report: %(channels)d. Bodies outside: %(steps)d.",
        persons=len(dossier.persons),
        channels=len(dossier.channels),
        steps=len(dossier.steps),
    )


def _levels(dossier: Dossier, content: Content) -> str:
    counts = Counter(score.level for score in dossier.scores.values())
    return _(
        "Level 3: %(three)d. Level 2: %(two)d. Level 1: %(one)d. Level 0: %(zero)d. "
        "Not applicable: %(out)d. Together %(all)d of %(total)d criteria.",
        three=counts[3],
        two=counts[2],
        one=counts[1],
        zero=counts[0],
        out=counts[None],
        all=len(dossier.scores),
        total=len(content.standard.criteria),
    )


def _documents(dossier: Dossier, content: Content, language: str) -> list[list[str]]:
    kinds = content.standard.rubric_text(language).evidence
    return [
        [
            one.title,
            kinds.get(one.evidence_code, one.evidence_code),
            one.newest.file_name,
            str(one.newest.number),
            filters.file_size(one.newest.size),
            one.newest.sha256,
        ]
        for one in dossier.documents
    ]


def _criteria(dossier: Dossier, content: Content, language: str) -> list[list[str]]:
    titles = {one.id: one.title for one in dossier.documents}
    return [
        [
            f"{criterion.id} {criterion.text(language).title}",
            _level(dossier.scores.get(criterion.id)),
            ", ".join(
                titles[one]
                for one in titles
                if criterion.id in dossier.scores
                and one in dossier.scores[criterion.id].document_ids
            ),
        ]
        for criterion in content.standard.criteria
    ]


def _level(score: SelfScore | None) -> str:
    if score is None:
        return "–"
    return _("Not applicable") if score.level is None else str(score.level)
