"""The current evidence of a school: its documents, reporting mechanism and self-assessment."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.assessment.queries import SavedScore
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    ToldOffice,
)
from cissapp.prepare.mechanism.rules import MechanismPart, MechanismRecord
from cissapp.prepare.toolkit import queries as toolkit

# The kind of evidence that the safety policy is.
POLICY = "POL"


class SchoolEvidence(Struct, frozen=True):
    """Documents, reporting mechanism and self-assessment of a school, as they are now."""

    documents: tuple[DocumentEntry, ...]
    mechanism: ReportingMechanism | None
    persons: tuple[ReportingPerson, ...]
    channels: tuple[ReportingChannel, ...]
    steps: tuple[EscalationStep, ...]
    scores: dict[str, SavedScore]
    told: tuple[ToldOffice, ...] = ()
    products: frozenset[UUID] = frozenset()

    @property
    def has_policy(self) -> bool:
        """Whether there is a safety policy; a toolkit product that covers a part of it does not count."""
        policies = {one.id for one in self.documents if one.evidence_code == POLICY}
        return bool(policies - self.products)

    def record(self, language: str) -> MechanismRecord:
        """Return the reporting mechanism for its checks; `language` is that of instruction."""
        return MechanismRecord(
            self.mechanism, self.persons, self.channels, self.steps, self.told, language
        )

    def expired(self, today: date) -> list[DocumentEntry]:
        """List the documents whose newest version is no longer valid."""
        return [
            one
            for one in self.documents
            if one.newest.expires_on is not None and one.newest.expires_on < today
        ]

    @property
    def document_ids(self) -> frozenset[UUID]:
        """The ids of the documents."""
        return frozenset(one.id for one in self.documents)


def gather_evidence(school_id: UUID) -> SchoolEvidence:
    """Gather everything that a school shows, in a constant number of queries."""
    return SchoolEvidence(
        documents=tuple(documents.documents(school_id)),
        mechanism=mechanism.mechanism(school_id),
        persons=tuple(mechanism.entries(school_id, MechanismPart.PERSONS)),
        channels=tuple(mechanism.entries(school_id, MechanismPart.CHANNELS)),
        steps=tuple(mechanism.entries(school_id, MechanismPart.ESCALATION)),
        scores=assessment.saved_scores(school_id),
        told=tuple(mechanism.entries(school_id, MechanismPart.TOLD)),
        products=toolkit.documents_of_products(school_id),
    )
