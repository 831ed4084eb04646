"""What would be submitted, in words: the check before it."""

from collections import Counter

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.values import Content
from cissapp.foundation.web import filters
from cissapp.prepare.applications.phrases.applications import open_rows
from cissapp.prepare.applications.phrases.stages import StatusRow
from cissapp.prepare.applications.queries.position import SchoolPosition
from cissapp.prepare.applications.submission_content.evidence import SchoolEvidence
from cissapp.prepare.assessment.queries import SavedScore


class SummaryLine(Struct, frozen=True):
    """A line of the summary, with the page where it is changed."""

    label: str
    value: str
    href: str | None = None
    action: str | None = None


class SubmissionSummary(Struct, frozen=True):
    """Everything that would be submitted, and what came back but is unchanged."""

    unchanged: list[StatusRow]
    lines: list[SummaryLine]
    documents: list[list[str]]
    criteria: list[list[str]]


def submission_summary(found: SchoolPosition, content: Content, language: str) -> SubmissionSummary:
    """Render what would be submitted."""
    evidence = found.readiness.evidence
    return SubmissionSummary(
        unchanged=open_rows(found.unchanged, language),
        lines=[*_school(found), *_prepared(evidence, content)],
        documents=_documents(evidence, content, language),
        criteria=_criteria(evidence, content, language),
    )


def _school(found: SchoolPosition) -> list[SummaryLine]:
    newest, school = found.newest, found.school
    round_ = newest.round + 1 if newest and found.last_application.is_open else 1
    return [
        SummaryLine(_("School"), f"{school.name}, {school.locality} ({school.code})"),
        SummaryLine(_("Round"), str(round_)),
        SummaryLine(
            _("Training"),
            _("Everyone who has to has passed all five modules."),
            url_for("learning.modules"),
            _("See"),
        ),
    ]


def _prepared(evidence: SchoolEvidence, content: Content) -> list[SummaryLine]:
    return [
        SummaryLine(_("Documents"), str(len(evidence.documents)), url_for("documents.documents")),
        SummaryLine(_("Reporting mechanism"), _mechanism(evidence), url_for("mechanism.reporting")),
        SummaryLine(
            _("Self-assessment"), _levels(evidence, content), url_for("assessment.self_assessment")
        ),
    ]


def _mechanism(evidence: SchoolEvidence) -> str:
    return str(
        _(
            "People who take reports: %(persons)d. Ways to report: %(channels)d. Outside organisations: %(steps)d.",
            persons=len(evidence.persons),
            channels=len(evidence.channels),
            steps=len(evidence.steps),
        )
    )


def _levels(evidence: SchoolEvidence, content: Content) -> str:
    counts = Counter(score.level for score in evidence.scores.values())
    return str(
        _(
            "Level 3: %(three)d. Level 2: %(two)d. Level 1: %(one)d. Level 0: %(zero)d. Not applicable: %(out)d. In total, %(all)d of %(total)d criteria.",
            three=counts[3],
            two=counts[2],
            one=counts[1],
            zero=counts[0],
            out=counts[None],
            all=len(evidence.scores),
            total=len(content.standard.criteria),
        )
    )


def _documents(evidence: SchoolEvidence, content: Content, language: str) -> list[list[str]]:
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
        for one in evidence.documents
    ]


def _criteria(evidence: SchoolEvidence, content: Content, language: str) -> list[list[str]]:
    titles = {one.id: one.title for one in evidence.documents}
    return [
        [
            f"{criterion.id} {criterion.text(language).title}",
            _level(evidence.scores.get(criterion.id)),
            ", ".join(
                titles[one]
                for one in titles
                if criterion.id in evidence.scores
                and one in evidence.scores[criterion.id].document_ids
            ),
        ]
        for criterion in content.standard.criteria
    ]


def _level(score: SavedScore | None) -> str:
    if score is None:
        return "–"
    return _("Not applicable") if score.level is None else str(score.level)
