"""The structure of a check of the reporting mechanism, and the fields it needs."""

from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind
from cissapp.prepare.mechanism.rules.parts import MechanismPart, page_of


class Severity(StrEnum):
    """Whether a finding blocks a submission or is advice."""

    STOPS = "stops"
    ADVICE = "advice"


class MechanismCheck(Struct, frozen=True):
    """A finding: its id, its criterion, a message, and the part where it is fixed."""

    id: str
    criterion: str
    part: MechanismPart
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.STOPS

    @property
    def problem(self) -> Problem:
        """The finding as a problem, with the code of its part and a link to it."""
        return Problem(self.part.value, self.message, self.values, page_of(self.part))


class PersonFields(Protocol):
    """The fields of a person that the checks need."""

    is_head: bool
    trained: bool


class ChannelFields(Protocol):
    """The fields of a channel that the checks need."""

    kind: ChannelKind
    in_holidays: bool


class AgreementFields(Protocol):
    """The time limits and rules that the checks need."""

    crime_hours: int | None
    answer_days: int | None
    plan_days: int | None
    confidentiality: str | None
    no_retaliation: str | None
    about_staff: str | None
    evidence_rule: str | None
    never_handles_images: bool


class DetailedPersonFields(PersonFields, Protocol):
    """The fields of a person that advice needs in addition."""

    id: UUID
    office: str
    contact: str
    alternate: bool


class DetailedChannelFields(ChannelFields, Protocol):
    """The fields of a channel that advice needs in addition."""

    id: UUID
    description: str
    contact: str
    anonymous: bool
    languages: list[str]
    for_adults: bool
    past_head: bool


class DetailedAgreementFields(AgreementFields, Protocol):
    """The fields of a mechanism that advice needs in addition."""

    pupil_languages: list[str]
    out_of_hours: str | None
    holiday_cover: str | None
    parents_contact: str | None
    about_head_id: UUID | None
    about_person_id: UUID | None
