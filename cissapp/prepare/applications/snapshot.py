"""The dossier as it was handed in: writes it as one canonical text, and reads it back."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from cissapp.foundation.core.db import canonical
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.safeguards.queries import amended_sha256
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.applications import described
from cissapp.prepare.applications.described import (
    Agreed,
    Channel,
    EscalationStep,
    Mechanism,
    Person,
    Told,
)
from cissapp.prepare.applications.dossier import Dossier
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.drills.rules.results import DrillResult

# A later format gets a number of its own, so that what was handed in before stays readable.
FORMAT = 1

# The facts of a version that are days.
DAYS = ("evidence_on", "covers_from", "covers_to", "expires_on")

__all__ = [
    "Agreed",
    "Channel",
    "Document",
    "EscalationStep",
    "Mechanism",
    "Person",
    "SchoolFacts",
    "Score",
    "Snapshot",
    "Told",
    "Version",
    "parsed",
    "read",
    "sha256_of",
    "written",
]


@dataclass(frozen=True)
class SchoolFacts:
    """The school as it stood in the register."""

    id: UUID
    country_code: str
    region_code: str
    code: str
    name: str
    locality: str
    language: str
    pupils: int | None


@dataclass(frozen=True)
class Version:
    """The version of a document that was handed in; what was not known then is None.

    `copy_sha256` is the hash of what the group is served: the file without the names in it.
    """

    id: UUID
    number: int
    sha256: str
    file_name: str
    size: int
    media_type: MediaType
    copy_sha256: str | None = None
    pages: int | None = None
    evidence_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Document:
    """A document with the version that was handed in."""

    id: UUID
    title: str
    evidence_code: str
    version: Version


@dataclass(frozen=True)
class Score:
    """What the school said of a criterion; `evidence` names documents by id, `anchors` their pages."""

    level: int | None
    not_applicable: bool
    text: str
    pages: str
    evidence: tuple[UUID, ...]
    anchors: dict[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """A dossier as it was handed in at a round."""

    application_id: UUID
    cycle: int
    round: int
    open_criteria: tuple[str, ...] | None
    submitted_at: datetime
    signed_as: Duty | None
    rubric_version: str
    school: SchoolFacts
    documents: tuple[Document, ...]
    mechanism: Mechanism
    scores: dict[str, Score]

    @cached_property
    def by_document_id(self) -> dict[UUID, Document]:
        """The documents by their own id."""
        return {one.id: one for one in self.documents}

    @cached_property
    def by_version_id(self) -> dict[UUID, Document]:
        """The documents by the id of the version that was handed in."""
        return {one.version.id: one for one in self.documents}

    def score(self, criterion_id: str) -> Score | None:
        """Give what the school said of a criterion."""
        return self.scores.get(criterion_id)

    def document(self, version_id: UUID) -> Document | None:
        """Find the document of a version."""
        return self.by_version_id.get(version_id)

    def documents_of(self, criterion_id: str) -> tuple[Document, ...]:
        """List the documents that the school named for a criterion."""
        score = self.score(criterion_id)
        named = score.evidence if score else ()
        return tuple(self.by_document_id[one] for one in named if one in self.by_document_id)

    def is_open(self, criterion_id: str) -> bool:
        """Say whether the round is about a criterion: the first one is about all."""
        return self.open_criteria is None or criterion_id in self.open_criteria


# --- writing ---------------------------------------------------------------------------------


def sha256_of(content: str) -> str:
    """Give the hash under which a text is kept."""
    return hashlib.sha256(content.encode()).hexdigest()


def written(
    application: Application,
    dossier: Dossier,
    *,
    rubric_version: str,
    signed_as: Duty | None,
    at: datetime,
    drill: DrillResult | None = None,
) -> str:
    """Write the dossier as the canonical text of the application's round; it names no person."""
    return canonical(
        {
            "format": FORMAT,
            # Goes with what is taken out: without it nobody can try guesses against the first hash.
            "salt": secrets.token_hex(16),
            "application_id": application.id,
            "cycle": application.cycle,
            "round": application.round,
            "open_criteria": application.open_criteria,
            "submitted_at": at,
            "signed_as": signed_as,
            "rubric_version": rubric_version,
            "school": described.facts_of(SchoolFacts, application.school),
            "documents": [_document(one) for one in dossier.documents],
            "mechanism": described.written(dossier, drill),
            "scores": {key: _score(one, dossier) for key, one in dossier.scores.items()},
        }
    )


def _document(entry: DocumentEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "evidence_code": entry.evidence_code,
        "version": described.facts_of(Version, entry.newest),
    }


def _score(score: SelfScore, dossier: Dossier) -> dict[str, Any]:
    named = [one.id for one in dossier.documents if one.id in score.document_ids]
    return {
        "level": score.level,
        "not_applicable": score.not_applicable,
        "text": score.text,
        "pages": score.pages,
        "evidence": named,
        "anchors": {str(one): score.anchors[one] for one in named if one in score.anchors},
    }


def again(submission: Submission, *, round_number: int) -> str:
    """Write a dossier once more as the text of another round, about all criteria; nothing else changes."""
    raw = json.loads(submission.content)
    return canonical({**raw, "round": round_number, "open_criteria": None})


# --- reading ---------------------------------------------------------------------------------


def read(submission: Submission) -> Snapshot:
    """Read a dossier that was handed in, without what was taken out since; raise ValueError if it was changed otherwise."""
    sha256 = sha256_of(submission.content)
    if sha256 != submission.sha256 and sha256 != amended_sha256(submission.id):
        raise ValueError(f"the text of submission {submission.id} is not the one that was kept")
    return parsed(submission.content)


def parsed(content: str) -> Snapshot:
    """Read the canonical text of a dossier."""
    raw = json.loads(content)
    if raw["format"] != FORMAT:
        raise ValueError(f"a dossier of format {raw['format']} is unknown")
    criteria = raw["open_criteria"]
    return Snapshot(
        application_id=UUID(raw["application_id"]),
        cycle=raw["cycle"],
        round=raw["round"],
        open_criteria=None if criteria is None else tuple(criteria),
        submitted_at=datetime.fromisoformat(raw["submitted_at"]),
        signed_as=Duty(raw["signed_as"]) if raw["signed_as"] else None,
        rubric_version=raw["rubric_version"],
        school=described.made(SchoolFacts, raw["school"], id=UUID),
        documents=tuple(_read_document(one) for one in raw["documents"]),
        mechanism=described.read(raw["mechanism"]),
        scores={key: _read_score(one) for key, one in raw["scores"].items()},
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _read_document(raw: dict[str, Any]) -> Document:
    return Document(
        id=UUID(raw["id"]),
        title=raw["title"],
        evidence_code=raw["evidence_code"],
        version=described.made(
            Version, raw["version"], id=UUID, media_type=MediaType, **dict.fromkeys(DAYS, _day)
        ),
    )


def _read_score(raw: dict[str, Any]) -> Score:
    evidence = tuple(UUID(one) for one in raw["evidence"])
    anchors = {UUID(one): pages for one, pages in raw.get("anchors", {}).items()}
    return Score(**{**raw, "evidence": evidence, "anchors": anchors})
