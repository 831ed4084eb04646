"""Writes the content of a submission as one canonical text."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cissapp.foundation.core.db import canonical
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.submission_content.evidence import SchoolEvidence
from cissapp.prepare.applications.submission_content.values import (
    FORMAT,
    SubmittedAgreement,
    SubmittedChannel,
    SubmittedEscalation,
    SubmittedFile,
    SubmittedPerson,
    SubmittedRecipient,
    SubmittedSchool,
)
from cissapp.prepare.assessment.queries import SavedScore
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.drills.rules.results import DrillResult


def sha256_of(content: str) -> str:
    """Return the hash under which a text is stored."""
    return hashlib.sha256(content.encode()).hexdigest()


def write_submission(
    application: Application,
    evidence: SchoolEvidence,
    *,
    rubric_version: str,
    signed_as: Duty | None,
    at: datetime,
    drill: DrillResult | None = None,
) -> str:
    """Write what a school has prepared as the canonical text of a round; it names no person."""
    return canonical(
        {
            "format": FORMAT,
            # Removed with any redaction, so that nobody can test guesses against the first hash.
            "salt": secrets.token_hex(16),
            "application_id": application.id,
            "cycle": application.cycle,
            "round": application.round,
            "open_criteria": application.open_criteria,
            "submitted_at": at,
            "signed_as": signed_as,
            "rubric_version": rubric_version,
            "school": facts_of(SubmittedSchool, application.school),
            "documents": [_document(one) for one in evidence.documents],
            "mechanism": write_mechanism(evidence, drill),
            "scores": {key: _score(one, evidence) for key, one in evidence.scores.items()},
        }
    )


def _document(entry: DocumentEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "evidence_code": entry.evidence_code,
        "version": facts_of(SubmittedFile, entry.newest),
    }


def _score(score: SavedScore, evidence: SchoolEvidence) -> dict[str, Any]:
    named = [one.id for one in evidence.documents if one.id in score.document_ids]
    return {
        "level": score.level,
        "not_applicable": score.not_applicable,
        "text": score.text,
        "pages": score.pages,
        "evidence": named,
        "anchors": {str(one): score.anchors[one] for one in named if one in score.anchors},
    }


def write_submission_again(submission: Submission, *, round_number: int) -> str:
    """Write a submission once more as the text of another round, about all criteria; nothing else changes."""
    raw = json.loads(submission.content)
    return canonical({**raw, "round": round_number, "open_criteria": None})


def facts_of(kind: type[Any], row: Any) -> dict[str, Any]:
    """Return the values of a row for the fields of a struct."""
    return {name: getattr(row, name) for name in kind.__struct_fields__}


def all_of(kind: type[Any], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return `facts_of` each row."""
    return [facts_of(kind, row) for row in rows]


def write_mechanism(evidence: SchoolEvidence, drill: DrillResult | None) -> dict[str, Any]:
    """Return the reporting mechanism, and the result of its newest drill."""
    return {
        "agreed": facts_of(SubmittedAgreement, evidence.mechanism or SubmittedAgreement()),
        "persons": all_of(SubmittedPerson, evidence.persons),
        "channels": all_of(SubmittedChannel, evidence.channels),
        "steps": all_of(SubmittedEscalation, evidence.steps),
        "told": all_of(SubmittedRecipient, evidence.told),
        **_about_adults(evidence),
        "drill": facts_of(DrillResult, drill) if drill else None,
    }


def _about_adults(evidence: SchoolEvidence) -> dict[str, Any]:
    """Return the names of the ways for reports about adults, as the lists are submitted without ids."""
    names = {one.id: one.office for one in evidence.persons}
    names |= {one.id: one.description for one in evidence.channels}
    head = evidence.mechanism.about_head_id if evidence.mechanism else None
    person = evidence.mechanism.about_person_id if evidence.mechanism else None
    return {
        "about_head": names.get(head) if head else None,
        "about_person": names.get(person) if person else None,
    }
