"""The ways to report, as a text on a criterion that a school can take over."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.web import languages
from cissapp.foundation.web.text_checks import TEXT_MOST
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingPerson,
    ToldOffice,
)
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES, MechanismPart, MechanismRecord

# The page of the mechanism on which the text of a criterion is changed.
SOURCES = {
    "B1": MechanismPart.PERSONS,
    "B2": MechanismPart.CHANNELS,
    "B3": MechanismPart.COVER,
    "B4": MechanismPart.RULES,
    "B5": MechanismPart.RULES,
    "B7": MechanismPart.TIME_LIMITS,
    "B8": MechanismPart.ESCALATION,
    "B9": MechanismPart.RULES,
    "B10": MechanismPart.RULES,
}


def text_from_mechanism(criterion_id: str, record: MechanismRecord) -> str:
    """Render the ways to report as a text on a criterion, in the page's language; empty if nothing fits."""
    if criterion_id not in WRITERS:
        return ""
    sentences = [one.strip() for one in WRITERS[criterion_id](record) if one and one.strip()]
    return "\n".join(sentences)[:TEXT_MOST]


def is_from_mechanism(text: str, criterion_id: str, record: MechanismRecord) -> bool:
    """Check whether a text is what the ways to report say, in whichever language it was taken over."""
    for language in languages.OF_PAGES:
        with force_locale(language):
            if text == text_from_mechanism(criterion_id, record):
                return True
    return False


def _people(record: MechanismRecord) -> Iterable[str]:
    persons = [
        ", ".join(
            note
            for note in (
                one.office,
                _("trained") if one.trained else "",
                _("covers for others") if one.alternate else "",
                _("does not answer to the head") if one.independent else "",
            )
            if note
        )
        for one in cast("list[ReportingPerson]", record.persons)
    ]
    if persons:
        yield _("These people take reports: %(people)s.", people="; ".join(persons))
    yield from _about_adults(record)


def _about_adults(record: MechanismRecord) -> Iterable[str]:
    ways: dict[Any, str] = {one.id: one.office for one in record.persons}
    ways |= {one.id: one.description for one in record.channels}
    head = ways.get(record.agreed.about_head_id) if record.agreed else None
    person = ways.get(record.agreed.about_person_id) if record.agreed else None
    if head:
        yield _("A report about the head goes to: %(way)s.", way=head)
    if person:
        yield _("A report about one of these people goes to: %(way)s.", way=person)


def _channels(record: MechanismRecord) -> Iterable[str]:
    channels = cast("list[ReportingChannel]", record.channels)
    if channels:
        ways = [f"{_(CHANNEL_NAMES[one.kind])}: {one.description}" for one in channels]
        yield _("Reports can be made in these ways. %(ways)s.", ways="; ".join(ways))
    holidays = [one.description for one in channels if one.in_holidays]
    if holidays:
        yield _("These also work in the holidays: %(ways)s.", ways="; ".join(holidays))
    if record.agreed:
        yield record.agreed.holiday_cover or ""


def _languages(record: MechanismRecord) -> Iterable[str]:
    spoken = [one for channel in record.channels for one in channel.languages]
    if spoken:
        read = [languages.NAMES.get(one, one) for one in record.pupil_languages]
        yield _("Pupils read: %(languages)s.", languages=", ".join(read))
        offered = [languages.NAMES.get(one, one) for one in dict.fromkeys(spoken)]
        yield _("Reports can be made in: %(languages)s.", languages=", ".join(offered))


def _told(record: MechanismRecord) -> Iterable[str]:
    if record.agreed:
        yield record.agreed.confidentiality or ""
    told = cast("list[ToldOffice]", record.told)
    if told:
        offices = [f"{one.place}. {one.office}: {one.learns}" for one in told]
        yield _("These people are told about a report. %(offices)s.", offices="; ".join(offices))


def _limits(record: MechanismRecord) -> Iterable[str]:
    if record.agreed and record.agreed.crime_hours:
        yield _(
            "Immediate danger: at once. Hours until a suspected crime is passed on: %(hours)s. Working days until the child gets an answer: %(answer)s. Working days until there is a plan: %(plan)s.",
            hours=record.agreed.crime_hours,
            answer=record.agreed.answer_days,
            plan=record.agreed.plan_days,
        )


def _steps(record: MechanismRecord) -> Iterable[str]:
    steps = cast("list[EscalationStep]", record.steps)
    if steps:
        bodies = [f"{one.body} ({one.contact}): {one.when_called}" for one in steps]
        yield _("The school calls these organisations. %(bodies)s.", bodies="; ".join(bodies))


def _rule(name: str) -> Callable[[MechanismRecord], Iterable[str]]:
    return lambda record: [getattr(record.agreed, name) or ""] if record.agreed else []


def _about_staff(record: MechanismRecord) -> Iterable[str]:
    yield from _rule("about_staff")(record)
    yield from _about_adults(record)


WRITERS: dict[str, Callable[[MechanismRecord], Iterable[str]]] = {
    "B1": _people,
    "B2": _channels,
    "B3": _languages,
    "B4": _told,
    "B5": _rule("no_retaliation"),
    "B7": _limits,
    "B8": _steps,
    "B9": _rule("evidence_rule"),
    "B10": _about_staff,
}
