"""The dossier of a school, as others read it: everything that it shows, at this moment."""

from dataclasses import dataclass
from uuid import UUID

from cissapp.prepare.evidence.models import (
    DocumentVersion,
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    SelfScore,
    ToldOffice,
)
from cissapp.prepare.evidence.rules import Record


@dataclass(frozen=True)
class DocumentEntry:
    """A document with its newest version; the text of the version is read when it is asked for."""

    id: UUID
    title: str
    evidence_code: str
    newest: DocumentVersion


@dataclass(frozen=True)
class Dossier:
    """Documents, reporting mechanism and self-assessment of a school."""

    documents: tuple[DocumentEntry, ...]
    mechanism: ReportingMechanism | None
    persons: tuple[ReportingPerson, ...]
    channels: tuple[ReportingChannel, ...]
    steps: tuple[EscalationStep, ...]
    scores: dict[str, SelfScore]
    told: tuple[ToldOffice, ...] = ()

    def record(self, language: str) -> Record:
        """Give the reporting mechanism to the checks; `language` is that of instruction."""
        return Record(self.mechanism, self.persons, self.channels, self.steps, self.told, language)

    @property
    def document_ids(self) -> frozenset[UUID]:
        """The documents by id."""
        return frozenset(one.id for one in self.documents)
