"""The dossier as it was handed in: writes it as one canonical text, and reads it back."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from cissapp.accounts.rules import Duty
from cissapp.applications.models import Application, Submission
from cissapp.core.db import canonical
from cissapp.evidence.dossier import DocumentEntry, Dossier
from cissapp.evidence.models import SelfScore
from cissapp.evidence.rules import ChannelKind, MediaType

# A later format gets a number of its own, so that what was handed in before stays readable.
FORMAT = 1

T = TypeVar("T")


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
    """The version of a document that was handed in."""

    id: UUID
    number: int
    sha256: str
    file_name: str
    size: int
    media_type: MediaType


@dataclass(frozen=True)
class Document:
    """A document with the version that was handed in."""

    id: UUID
    title: str
    evidence_code: str
    version: Version


@dataclass(frozen=True)
class Person:
    """An adult who takes reports, by office."""

    office: str
    contact: str
    hours: str
    is_head: bool
    trained: bool
    alternate: bool


@dataclass(frozen=True)
class Channel:
    """A way to report."""

    kind: ChannelKind
    description: str
    contact: str
    hours: str
    in_holidays: bool
    anonymous: bool


@dataclass(frozen=True)
class EscalationStep:
    """An outside body that the school calls."""

    body: str
    when_called: str
    contact: str


@dataclass(frozen=True)
class Agreed:
    """The time limits and rules of the reporting mechanism."""

    crime_hours: int | None = None
    answer_days: int | None = None
    plan_days: int | None = None
    confidentiality: str | None = None
    no_retaliation: str | None = None
    about_staff: str | None = None
    evidence_rule: str | None = None
    never_handles_images: bool = False


@dataclass(frozen=True)
class Mechanism:
    """The reporting mechanism."""

    agreed: Agreed
    persons: tuple[Person, ...]
    channels: tuple[Channel, ...]
    steps: tuple[EscalationStep, ...]


@dataclass(frozen=True)
class Score:
    """What the school said of a criterion; `evidence` names documents by id."""

    level: int | None
    not_applicable: bool
    text: str
    pages: str
    evidence: tuple[UUID, ...]


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
) -> str:
    """Write the dossier as the canonical text of the application's round; it names no person."""
    return canonical(
        {
            "format": FORMAT,
            "application_id": application.id,
            "cycle": application.cycle,
            "round": application.round,
            "open_criteria": application.open_criteria,
            "submitted_at": at,
            "signed_as": signed_as,
            "rubric_version": rubric_version,
            "school": _facts(SchoolFacts, application.school),
            "documents": [_document(one) for one in dossier.documents],
            "mechanism": _mechanism(dossier),
            "scores": {key: _score(one, dossier) for key, one in dossier.scores.items()},
        }
    )


def _facts(kind: type[Any], row: Any) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in fields(kind)}


def _all(kind: type[Any], rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [_facts(kind, row) for row in rows]


def _document(entry: DocumentEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "evidence_code": entry.evidence_code,
        "version": _facts(Version, entry.newest),
    }


def _mechanism(dossier: Dossier) -> dict[str, Any]:
    return {
        "agreed": _facts(Agreed, dossier.mechanism or Agreed()),
        "persons": _all(Person, dossier.persons),
        "channels": _all(Channel, dossier.channels),
        "steps": _all(EscalationStep, dossier.steps),
    }


def _score(score: SelfScore, dossier: Dossier) -> dict[str, Any]:
    named = [one.id for one in dossier.documents if one.id in score.document_ids]
    return {
        "level": score.level,
        "not_applicable": score.not_applicable,
        "text": score.text,
        "pages": score.pages,
        "evidence": named,
    }


# --- reading ---------------------------------------------------------------------------------


def read(submission: Submission) -> Snapshot:
    """Read a dossier that was handed in; raise ValueError if it is not what was kept then."""
    if sha256_of(submission.content) != submission.sha256:
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
        school=_made(SchoolFacts, raw["school"], id=UUID),
        documents=tuple(_read_document(one) for one in raw["documents"]),
        mechanism=_read_mechanism(raw["mechanism"]),
        scores={key: _read_score(one) for key, one in raw["scores"].items()},
    )


def _made(kind: type[T], raw: dict[str, Any], /, **read_as: Any) -> T:
    """Make a value of its facts; those in `read_as` are more than plain JSON."""
    return kind(**{name: read_as.get(name, _plain)(value) for name, value in raw.items()})


def _plain(value: Any) -> Any:
    return value


def _read_document(raw: dict[str, Any]) -> Document:
    return Document(
        id=UUID(raw["id"]),
        title=raw["title"],
        evidence_code=raw["evidence_code"],
        version=_made(Version, raw["version"], id=UUID, media_type=MediaType),
    )


def _read_mechanism(raw: dict[str, Any]) -> Mechanism:
    return Mechanism(
        agreed=_made(Agreed, raw["agreed"]),
        persons=tuple(_made(Person, one) for one in raw["persons"]),
        channels=tuple(_made(Channel, one, kind=ChannelKind) for one in raw["channels"]),
        steps=tuple(_made(EscalationStep, one) for one in raw["steps"]),
    )


def _read_score(raw: dict[str, Any]) -> Score:
    return Score(**{**raw, "evidence": tuple(UUID(one) for one in raw["evidence"])})
