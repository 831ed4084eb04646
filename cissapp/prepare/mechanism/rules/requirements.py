"""What a reporting mechanism still lacks before it can be submitted (criteria B1 to B10)."""

from collections.abc import Iterator, Sequence

from cissapp.foundation.core.errors import N_
from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind
from cissapp.prepare.mechanism.rules.checks import (
    AgreementFields,
    ChannelFields,
    MechanismCheck,
    PersonFields,
)
from cissapp.prepare.mechanism.rules.parts import (
    ANSWER_DAYS,
    CHANNELS,
    CRIME_HOURS,
    PLAN_DAYS,
    TRAINED_PERSONS,
    MechanismPart,
)
from cissapp.prepare.mechanism.rules.picture_keeping import keeps_pictures


def blocking_checks(
    mechanism: AgreementFields | None,
    persons: Sequence[PersonFields],
    channels: Sequence[ChannelFields],
    steps: Sequence[object],
) -> list[MechanismCheck]:
    """List the checks that stop a submission, in the order of the parts."""
    return [
        *_persons(persons),
        *_channels(channels),
        *_steps(steps),
        *_limits(mechanism),
        *_rules(mechanism),
    ]


def _persons(persons: Sequence[PersonFields]) -> Iterator[MechanismCheck]:
    trained = [one for one in persons if one.trained]
    if len(trained) < TRAINED_PERSONS:
        yield MechanismCheck(
            "persons.trained",
            "B1",
            MechanismPart.PERSONS,
            N_("Name at least %(persons)s trained people who take reports."),
            {"persons": TRAINED_PERSONS},
        )
    if persons and all(one.is_head for one in persons):
        message = N_(
            "The only person who takes reports is the head. Name someone else too, for reports about the head."
        )
        yield MechanismCheck("persons.only-head", "B10", MechanismPart.PERSONS, message)
    elif trained and all(one.is_head for one in trained):
        message = N_(
            "The only trained person is the head. Train someone else too, for reports about the head."
        )
        yield MechanismCheck("persons.only-head-trained", "B10", MechanismPart.PERSONS, message)


def _channels(channels: Sequence[ChannelFields]) -> Iterator[MechanismCheck]:
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
            yield MechanismCheck(f"channels.{name}", "B2", MechanismPart.CHANNELS, message, values)


def _steps(steps: Sequence[object]) -> Iterator[MechanismCheck]:
    if not steps:
        message = N_("Name at least one organisation outside the school that you call.")
        yield MechanismCheck("escalation.none", "B8", MechanismPart.ESCALATION, message)


def _limits(mechanism: AgreementFields | None) -> Iterator[MechanismCheck]:
    crime = mechanism.crime_hours if mechanism else None
    answer = mechanism.answer_days if mechanism else None
    plan = mechanism.plan_days if mechanism else None
    if crime is None or answer is None or plan is None:
        yield MechanismCheck(
            "limits.none", "B7", MechanismPart.TIME_LIMITS, N_("Set the time limits.")
        )
        return
    if crime > CRIME_HOURS:
        message = N_("A suspected crime must be passed on within %(hours)s hours at most.")
        yield MechanismCheck(
            "limits.crime", "B7", MechanismPart.TIME_LIMITS, message, {"hours": CRIME_HOURS}
        )
    if answer > ANSWER_DAYS:
        message = N_("A child must get an answer by the next working day at the latest.")
        yield MechanismCheck("limits.answer", "B7", MechanismPart.TIME_LIMITS, message)
    if plan > PLAN_DAYS:
        message = N_("A plan must be made within %(plan)s working days at most.")
        yield MechanismCheck(
            "limits.plan", "B7", MechanismPart.TIME_LIMITS, message, {"plan": PLAN_DAYS}
        )


def _rules(mechanism: AgreementFields | None) -> Iterator[MechanismCheck]:
    if mechanism is None:
        message = N_("Write the rules that protect people who report.")
        yield MechanismCheck("rules.none", "B4", MechanismPart.RULES, message)
        return
    wanted = [
        (
            "confidentiality",
            "B4",
            N_("State who learns of a report, and that secrecy is not promised."),
        ),
        (
            "no_retaliation",
            "B5",
            N_("State that nobody is punished for a report or for seeking help."),
        ),
        ("about_staff", "B10", N_("State where reports about staff or about the head go.")),
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
            yield MechanismCheck(f"rules.{name}", criterion, MechanismPart.RULES, message)
    found = keeps_pictures(mechanism.evidence_rule or "")
    if found:
        message = N_(
            "The rule on evidence seems to ask someone to keep or copy pictures: “%(words)s”. Nobody is allowed to do this. Write “nobody” or “never” in this sentence, or remove it."
        )
        yield MechanismCheck(
            "rules.keeps-pictures", "B9", MechanismPart.RULES, message, {"words": found}
        )
