"""What a reporting mechanism still lacks before it can be handed in (criteria B1 to B10)."""

from collections.abc import Iterator, Sequence

from cissapp.foundation.core.errors import N_
from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind
from cissapp.prepare.mechanism.rules.checks import Agreed, Channel, Check, Person
from cissapp.prepare.mechanism.rules.parts import (
    ANSWER_DAYS,
    CHANNELS,
    CRIME_HOURS,
    PLAN_DAYS,
    TRAINED_PERSONS,
    Part,
)
from cissapp.prepare.mechanism.rules.picture_keeping import keeps_pictures


def stops(
    mechanism: Agreed | None,
    persons: Sequence[Person],
    channels: Sequence[Channel],
    steps: Sequence[object],
) -> list[Check]:
    """List the checks that stop the hand-in, in the order of the parts."""
    return [
        *_persons(persons),
        *_channels(channels),
        *_steps(steps),
        *_limits(mechanism),
        *_rules(mechanism),
    ]


def _persons(persons: Sequence[Person]) -> Iterator[Check]:
    trained = [one for one in persons if one.trained]
    if len(trained) < TRAINED_PERSONS:
        yield Check(
            "persons.trained",
            "B1",
            Part.PERSONS,
            N_("Name at least %(persons)s trained people who take reports."),
            {"persons": TRAINED_PERSONS},
        )
    if persons and all(one.is_head for one in persons):
        message = N_(
            "The only person who takes reports is the head. Name somebody past the head, for reports about the head."
        )
        yield Check("persons.only-head", "B10", Part.PERSONS, message)
    elif trained and all(one.is_head for one in trained):
        message = N_(
            "The only trained person is the head. Train somebody past the head, for reports about the head."
        )
        yield Check("persons.only-head-trained", "B10", Part.PERSONS, message)


def _channels(channels: Sequence[Channel]) -> Iterator[Check]:
    kinds = {one.kind for one in channels}
    wanted = [
        (len(channels) >= CHANNELS, "number", N_("Offer at least %(channels)s ways to report.")),
        (ChannelKind.IN_PERSON in kinds, "in-person", N_("Add a way to report in person.")),
        (
            bool(kinds & {ChannelKind.WRITTEN, ChannelKind.DIGITAL}),
            "without-speaking",
            N_("Add a way to report without speaking: in writing or digital."),
        ),
        (
            ChannelKind.OUTSIDE in kinds,
            "outside",
            N_("Add a way to report outside the school, such as a helpline."),
        ),
        (
            any(one.in_holidays for one in channels),
            "holidays",
            N_("Add a way to report that works in the holidays."),
        ),
    ]
    for met, name, message in wanted:
        if not met:
            values = {"channels": CHANNELS} if name == "number" else {}
            yield Check(f"channels.{name}", "B2", Part.CHANNELS, message, values)


def _steps(steps: Sequence[object]) -> Iterator[Check]:
    if not steps:
        message = N_("Say whom outside the school you call: at least one body.")
        yield Check("escalation.none", "B8", Part.ESCALATION, message)


def _limits(mechanism: Agreed | None) -> Iterator[Check]:
    crime = mechanism.crime_hours if mechanism else None
    answer = mechanism.answer_days if mechanism else None
    plan = mechanism.plan_days if mechanism else None
    if crime is None or answer is None or plan is None:
        yield Check("limits.none", "B7", Part.TIME_LIMITS, N_("Set the time limits."))
        return
    if crime > CRIME_HOURS:
        message = N_("A suspected crime is passed on within %(hours)s hours at most.")
        yield Check("limits.crime", "B7", Part.TIME_LIMITS, message, {"hours": CRIME_HOURS})
    if answer > ANSWER_DAYS:
        message = N_("A child gets an answer on the next working day at the latest.")
        yield Check("limits.answer", "B7", Part.TIME_LIMITS, message)
    if plan > PLAN_DAYS:
        message = N_("A plan is made within %(plan)s working days at most.")
        yield Check("limits.plan", "B7", Part.TIME_LIMITS, message, {"plan": PLAN_DAYS})


def _rules(mechanism: Agreed | None) -> Iterator[Check]:
    if mechanism is None:
        message = N_("Write down the rules that protect those who report.")
        yield Check("rules.none", "B4", Part.RULES, message)
        return
    wanted = [
        (
            "confidentiality",
            "B4",
            N_("Say who learns of a report, and that secrecy is not promised."),
        ),
        (
            "no_retaliation",
            "B5",
            N_("Say that nobody is punished for a report or for seeking help."),
        ),
        ("about_staff", "B10", N_("Say where reports about staff or about the head go.")),
        (
            "evidence_rule",
            "B9",
            N_("Write the rule on evidence and on sexual images of children."),
        ),
        (
            "never_handles_images",
            "B9",
            N_("Confirm that nobody at the school handles sexual images of children."),
        ),
    ]
    for name, criterion, message in wanted:
        if not getattr(mechanism, name):
            yield Check(f"rules.{name}", criterion, Part.RULES, message)
    found = keeps_pictures(mechanism.evidence_rule or "")
    if found:
        message = N_(
            "The rule on evidence seems to ask somebody to keep or copy pictures: “%(words)s”. Nobody may. Write “nobody” or “never” into this sentence, or take it out."
        )
        yield Check("rules.keeps-pictures", "B9", Part.RULES, message, {"words": found})
