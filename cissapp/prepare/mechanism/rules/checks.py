"""The shape of a check of the reporting mechanism, and what it asks of the rows it looks at."""

from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind
from cissapp.prepare.mechanism.rules.parts import MechanismPart, page_of


class Severity(StrEnum):
    """Whether what is wrong stops a submission, or is advice."""

    STOPS = "stops"
    ADVICE = "advice"


class MechanismCheck(Struct, frozen=True):
    """Something that is wrong: its id, its criterion, one sentence, and the part where it is mended."""

    id: str
    criterion: str
    part: MechanismPart
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.STOPS

    @property
    def problem(self) -> Problem:
        """The same as a problem, under the name of its part, with the way there."""
        return Problem(self.part.value, self.message, self.values, page_of(self.part))


class PersonFields(Protocol):
    """What the checks ask of a person."""

    is_head: bool
    trained: bool


class ChannelFields(Protocol):
    """What the checks ask of a channel."""

    kind: ChannelKind
    in_holidays: bool


class AgreementFields(Protocol):
    """What the checks ask of time limits and rules."""

    crime_hours: int | None
    answer_days: int | None
    plan_days: int | None
    confidentiality: str | None
    no_retaliation: str | None
    about_staff: str | None
    evidence_rule: str | None
    never_handles_images: bool


class DetailedPersonFields(PersonFields, Protocol):
    """What advice asks of a person besides."""

    id: UUID
    office: str
    contact: str
    alternate: bool


class DetailedChannelFields(ChannelFields, Protocol):
    """What advice asks of a channel besides."""

    id: UUID
    description: str
    contact: str
    anonymous: bool
    languages: list[str]
    for_adults: bool
    past_head: bool


class DetailedAgreementFields(AgreementFields, Protocol):
    """What advice asks of a mechanism besides."""

    pupil_languages: list[str]
    out_of_hours: str | None
    holiday_cover: str | None
    parents_contact: str | None
    about_head_id: UUID | None
    about_person_id: UUID | None
