"""What a reporting mechanism is made of, as plain values."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from cissapp.foundation.core.errors import N_
from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind, ChannelMedium

# The part of the rubric that the reporting mechanism belongs to.
RUBRIC_PART = "B"

TRAINED_PERSONS = 2
CHANNELS = 3
CRIME_HOURS, ANSWER_DAYS, PLAN_DAYS = 24, 1, 3
MOST_ENTRIES = 30


class MechanismPart(StrEnum):
    """A part of the reporting mechanism; the value is the name of its page."""

    PERSONS = "persons"
    CHANNELS = "channels"
    ESCALATION = "escalation"
    TOLD = "told"
    COVER = "cover"
    ABOUT_ADULTS = "about-adults"
    TIME_LIMITS = "time-limits"
    RULES = "rules"


PART_NAMES = {
    MechanismPart.PERSONS: N_("People who take reports"),
    MechanismPart.CHANNELS: N_("Ways to report"),
    MechanismPart.ESCALATION: N_("Who the school calls"),
    MechanismPart.TOLD: N_("Who is told"),
    MechanismPart.COVER: N_("Languages, holidays, parents"),
    MechanismPart.ABOUT_ADULTS: N_("Reports about an adult at the school"),
    MechanismPart.TIME_LIMITS: N_("Time limits"),
    MechanismPart.RULES: N_("Rules that protect people"),
}


class PersonFacts(Struct, frozen=True):
    """The details of an adult who takes reports: a job title, no private data."""

    office: str
    contact: str
    hours: str
    is_head: bool = False
    trained: bool = False
    alternate: bool = False
    independent: bool = False


class ChannelFacts(Struct, frozen=True):
    """The details of a channel; `opens` and `closes` are "HH:MM" on working days, both or neither."""

    kind: ChannelKind
    description: str
    contact: str
    hours: str
    in_holidays: bool = False
    anonymous: bool = False
    medium: ChannelMedium | None = None
    languages: list[str] = field(default_factory=list)
    opens: str | None = None
    closes: str | None = None
    for_adults: bool = False
    past_head: bool = False


class EscalationFacts(Struct, frozen=True):
    """What is said of an outside body that the school calls."""

    body: str
    when_called: str
    contact: str


class RecipientFacts(Struct, frozen=True):
    """The details of a job title that is told of a report: its place from 1, and what it is told."""

    place: int
    office: str
    learns: str


class Coverage(Struct, frozen=True):
    """Which languages pupils read, who answers when the school is closed, whom parents reach."""

    pupil_languages: list[str]
    out_of_hours: str | None = None
    holiday_cover: str | None = None
    parents_contact: str | None = None


class AboutAdults(Struct, frozen=True):
    """The ids of the person or channel for reports about the head, and about people who take reports."""

    about_head_id: UUID | None = None
    about_person_id: UUID | None = None


class TimeLimits(Struct, frozen=True):
    """Hours until a suspected crime is passed on; working days until an answer and a plan."""

    crime_hours: int | None
    answer_days: int | None
    plan_days: int | None


# The limits of the standard, offered to a school that has not set any.
USUAL_LIMITS = TimeLimits(CRIME_HOURS, ANSWER_DAYS, PLAN_DAYS)


class ProtectionRules(Struct, frozen=True):
    """The school's rules in its own words, and the one promise on images."""

    confidentiality: str | None
    no_retaliation: str | None
    about_staff: str | None
    evidence_rule: str | None
    never_handles_images: bool = False


def page_of(part: MechanismPart) -> tuple[str, dict[str, Any]]:
    """Return the page of a part: an endpoint and its values."""
    own = {
        MechanismPart.TIME_LIMITS: "mechanism.time_limits",
        MechanismPart.RULES: "mechanism.rules",
        MechanismPart.COVER: "mechanism.cover",
        MechanismPart.ABOUT_ADULTS: "mechanism.about_adults",
    }
    if part in own:
        return own[part], {}
    return "mechanism.entries", {"part": part.value}
