"""What a reporting mechanism is made of, and what it still lacks (criteria B1 to B10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from cissapp.core.errors import N_, Problem
from cissapp.evidence.rules.words import ChannelKind

TRAINED_PERSONS = 2
CHANNELS = 3
CRIME_HOURS, ANSWER_DAYS, PLAN_DAYS = 24, 1, 3
ENTRIES = 30


class Part(StrEnum):
    """A part of the reporting mechanism, as its page is called."""

    PERSONS = "persons"
    CHANNELS = "channels"
    ESCALATION = "escalation"
    TIME_LIMITS = "time-limits"
    RULES = "rules"


PART_NAMES = {
    Part.PERSONS: N_("People who take reports"),
    Part.CHANNELS: N_("Ways to report"),
    Part.ESCALATION: N_("Whom the school calls"),
    Part.TIME_LIMITS: N_("Time limits"),
    Part.RULES: N_("Rules that protect"),
}


@dataclass(frozen=True)
class PersonFacts:
    """What is said of an adult who takes reports: an office, no private data."""

    office: str
    contact: str
    hours: str
    is_head: bool = False
    trained: bool = False
    alternate: bool = False


@dataclass(frozen=True)
class ChannelFacts:
    """What is said of a way to report."""

    kind: ChannelKind
    description: str
    contact: str
    hours: str
    in_holidays: bool = False
    anonymous: bool = False


@dataclass(frozen=True)
class StepFacts:
    """What is said of an outside body that the school calls."""

    body: str
    when_called: str
    contact: str


@dataclass(frozen=True)
class TimeLimits:
    """Hours until a suspected crime is passed on; working days until an answer and a plan."""

    crime_hours: int | None
    answer_days: int | None
    plan_days: int | None


# What the standard asks for; offered to a school that has set nothing yet.
USUAL_LIMITS = TimeLimits(CRIME_HOURS, ANSWER_DAYS, PLAN_DAYS)


@dataclass(frozen=True)
class Rules:
    """The school's rules in its own words, and the one promise on images."""

    confidentiality: str | None
    no_retaliation: str | None
    about_staff: str | None
    evidence_rule: str | None
    never_handles_images: bool = False


class Person(Protocol):
    """What the checks ask of a person."""

    is_head: bool
    trained: bool


class Channel(Protocol):
    """What the checks ask of a channel."""

    kind: ChannelKind
    in_holidays: bool


class Mechanism(Protocol):
    """What the checks ask of time limits and rules."""

    crime_hours: int | None
    answer_days: int | None
    plan_days: int | None
    confidentiality: str | None
    no_retaliation: str | None
    about_staff: str | None
    evidence_rule: str | None
    never_handles_images: bool


def mechanism_problems(
    mechanism: Mechanism | None,
    persons: Sequence[Person],
    channels: Sequence[Channel],
    steps: Sequence[object],
) -> list[Problem]:
    """List what the reporting mechanism lacks; the code of a problem is its part."""
    found = [(Part.PERSONS, message) for message in _persons_lack(persons)]
    found += [(Part.CHANNELS, message) for message in _channels_lack(channels)]
    if not steps:
        found.append(
            (Part.ESCALATION, N_("Say whom outside the school you call: at least one body."))
        )
    found += [(Part.TIME_LIMITS, message) for message in _limits_lack(mechanism)]
    found += [(Part.RULES, message) for message in _rules_lack(mechanism)]
    return [_problem(part, message) for part, message in found]


def page_of(part: Part) -> tuple[str, dict[str, Any]]:
    """Name the page of a part: an endpoint and its values."""
    if part is Part.TIME_LIMITS:
        return "evidence.time_limits", {}
    if part is Part.RULES:
        return "evidence.rules", {}
    return "evidence.entries", {"part": part.value}


def _problem(part: Part, message: str) -> Problem:
    values = {"persons": TRAINED_PERSONS, "channels": CHANNELS}
    values |= {"hours": CRIME_HOURS, "answer": ANSWER_DAYS, "plan": PLAN_DAYS}
    used = {name: value for name, value in values.items() if f"%({name})s" in message}
    return Problem(part.value, message, used, page_of(part))


def _persons_lack(persons: Sequence[Person]) -> list[str]:
    trained = [one for one in persons if one.trained]
    found = []
    if len(trained) < TRAINED_PERSONS:
        found.append(N_("Name at least %(persons)s trained people who take reports."))
    if persons and all(one.is_head for one in persons):
        found.append(
            N_(
                "The only person who takes reports is the head. Name somebody past the head, for reports about the head."
            )
        )
    elif trained and all(one.is_head for one in trained):
        found.append(
            N_(
                "The only trained person is the head. Train somebody past the head, for reports about the head."
            )
        )
    return found


def _channels_lack(channels: Sequence[Channel]) -> list[str]:
    kinds = {one.kind for one in channels}
    found = []
    if len(channels) < CHANNELS:
        found.append(N_("Offer at least %(channels)s ways to report."))
    if ChannelKind.IN_PERSON not in kinds:
        found.append(N_("Add a way to report in person."))
    if not kinds & {ChannelKind.WRITTEN, ChannelKind.DIGITAL}:
        found.append(N_("Add a way to report without speaking: in writing or digital."))
    if ChannelKind.OUTSIDE not in kinds:
        found.append(N_("Add a way to report outside the school, such as a helpline."))
    if not any(one.in_holidays for one in channels):
        found.append(N_("Add a way to report that works in the holidays."))
    return found


def _limits_lack(mechanism: Mechanism | None) -> list[str]:
    crime = mechanism.crime_hours if mechanism else None
    answer = mechanism.answer_days if mechanism else None
    plan = mechanism.plan_days if mechanism else None
    if crime is None or answer is None or plan is None:
        return [N_("Set the time limits.")]
    found = []
    if crime > CRIME_HOURS:
        found.append(N_("A suspected crime is passed on within %(hours)s hours at most."))
    if answer > ANSWER_DAYS:
        found.append(N_("A child gets an answer on the next working day at the latest."))
    if plan > PLAN_DAYS:
        found.append(N_("A plan is made within %(plan)s working days at most."))
    return found


def _rules_lack(mechanism: Mechanism | None) -> list[str]:
    if mechanism is None:
        return [N_("Write down the rules that protect those who report.")]
    wanted = [
        (
            mechanism.confidentiality,
            N_("Say who learns of a report, and that secrecy is not promised."),
        ),
        (
            mechanism.no_retaliation,
            N_("Say that nobody is punished for a report or for seeking help."),
        ),
        (mechanism.about_staff, N_("Say where reports about staff or about the head go.")),
        (
            mechanism.evidence_rule,
            N_("Write the rule on evidence and on sexual images of children."),
        ),
        (
            mechanism.never_handles_images,
            N_("Confirm that nobody at the school handles sexual images of children."),
        ),
    ]
    return [message for given, message in wanted if not given]
