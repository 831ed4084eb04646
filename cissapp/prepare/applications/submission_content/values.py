"""The frozen content of a submission, as values: what the school had prepared at that round."""

from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.rules import Duty
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium

# A later format gets a number of its own, so that earlier submissions stay readable.
FORMAT = 1


class SubmittedPerson(Struct, frozen=True):
    """An adult who takes reports, by job title."""

    office: str
    contact: str
    hours: str
    is_head: bool
    trained: bool
    alternate: bool
    independent: bool = False


class SubmittedChannel(Struct, frozen=True):
    """A way to report."""

    kind: ChannelKind
    description: str
    contact: str
    hours: str
    in_holidays: bool
    anonymous: bool
    medium: ChannelMedium | None = None
    languages: tuple[str, ...] = ()
    opens: str | None = None
    closes: str | None = None
    for_adults: bool = False
    past_head: bool = False


class SubmittedEscalation(Struct, frozen=True):
    """An outside body that the school calls."""

    body: str
    when_called: str
    contact: str


class SubmittedAgreement(Struct, frozen=True):
    """The time limits and rules of the reporting mechanism."""

    crime_hours: int | None = None
    answer_days: int | None = None
    plan_days: int | None = None
    confidentiality: str | None = None
    no_retaliation: str | None = None
    about_staff: str | None = None
    evidence_rule: str | None = None
    never_handles_images: bool = False
    pupil_languages: tuple[str, ...] = ()
    out_of_hours: str | None = None
    holiday_cover: str | None = None
    parents_contact: str | None = None


class SubmittedRecipient(Struct, frozen=True):
    """A job title that is informed of a report: its turn, and what it learns."""

    place: int
    office: str
    learns: str


class SubmittedMechanism(Struct, frozen=True):
    """The reporting mechanism; `about_head` and `about_person` name the way that was chosen."""

    agreed: SubmittedAgreement
    persons: tuple[SubmittedPerson, ...]
    channels: tuple[SubmittedChannel, ...]
    steps: tuple[SubmittedEscalation, ...]
    told: tuple[SubmittedRecipient, ...] = ()
    about_head: str | None = None
    about_person: str | None = None
    drill: DrillResult | None = None


class SubmittedSchool(Struct, frozen=True):
    """The school as it was in the register."""

    id: UUID
    country_code: str
    region_code: str
    code: str
    name: str
    locality: str
    language: str
    pupils: int | None


class SubmittedFile(Struct, frozen=True):
    """The version of a document that was submitted; what was not known then is None.

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


class SubmittedDocument(Struct, frozen=True):
    """A document with the version that was submitted."""

    id: UUID
    title: str
    evidence_code: str
    version: SubmittedFile


class SubmittedScore(Struct, frozen=True):
    """What the school answered for a criterion; `evidence` lists document ids, `anchors` their pages."""

    level: int | None
    not_applicable: bool
    text: str
    pages: str
    evidence: tuple[UUID, ...]
    anchors: dict[UUID, str] = field(default_factory=dict)


class SubmissionContent(Struct, frozen=True, dict=True):
    """The content of an application as it was submitted at a round."""

    application_id: UUID
    cycle: int
    round: int
    open_criteria: tuple[str, ...] | None
    submitted_at: datetime
    signed_as: Duty | None
    rubric_version: str
    school: SubmittedSchool
    documents: tuple[SubmittedDocument, ...]
    mechanism: SubmittedMechanism
    scores: dict[str, SubmittedScore]

    @cached_property
    def by_document_id(self) -> dict[UUID, SubmittedDocument]:
        """The documents by their own id."""
        return {one.id: one for one in self.documents}

    @cached_property
    def by_version_id(self) -> dict[UUID, SubmittedDocument]:
        """The documents by the id of the version that was submitted."""
        return {one.version.id: one for one in self.documents}

    def score(self, criterion_id: str) -> SubmittedScore | None:
        """Return what the school answered for a criterion."""
        return self.scores.get(criterion_id)

    def document(self, version_id: UUID) -> SubmittedDocument | None:
        """Find the document of a version."""
        return self.by_version_id.get(version_id)

    def documents_of(self, criterion_id: str) -> tuple[SubmittedDocument, ...]:
        """List the documents that the school named for a criterion."""
        score = self.score(criterion_id)
        named = score.evidence if score else ()
        return tuple(self.by_document_id[one] for one in named if one in self.by_document_id)

    def is_open(self, criterion_id: str) -> bool:
        """Check whether a criterion is open in the round; the first round covers all."""
        return self.open_criteria is None or criterion_id in self.open_criteria
