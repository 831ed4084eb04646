"""Reads for posters: a school's ways to report, ready for printing."""

from datetime import date

from msgspec import Struct

from cissapp.foundation.content import helplines
from cissapp.foundation.content.schema import Helpline
from cissapp.people.schools.models import School
from cissapp.prepare.facts.queries import GatheredFacts, gather, page_asked
from cissapp.prepare.facts.rules import is_printed
from cissapp.prepare.mechanism.models import ReportingChannel
from cissapp.prepare.mechanism.rules import ChannelKind
from cissapp.prepare.mechanism.rules.channels import medium_of
from cissapp.prepare.posters.rules.contents import Way, WayKind
from cissapp.prepare.posters.rules.signs import SIGN_OF_MEDIUM, Sign


class PosterMaterial(Struct, frozen=True):
    """The material for a school's posters: ways, the address of its page, its pupils' languages."""

    school: School
    ways: list[Way]
    page: str | None
    pupil_languages: tuple[str, ...]


def poster_material(school: School, today: date) -> PosterMaterial:
    """Read the material for a school's posters."""
    gathered = gather(school)
    spoken = gathered.agreed.pupil_languages if gathered.agreed else []
    return PosterMaterial(
        school=school,
        ways=_ways(gathered, today),
        page=gathered.page,
        pupil_languages=(*spoken, school.language),
    )


def page_of(school: School) -> str | None:
    """Return the address of the school's public page; None while it is off."""
    return next((address for _, address in page_asked.send(school) if address), None)


def _ways(gathered: GatheredFacts, today: date) -> list[Way]:
    """List people, channels, outside bodies and helplines, each with whether its contact is confirmed."""
    return [
        *_persons(gathered, today),
        *(_channel(gathered, channel, today) for channel in gathered.channels),
        *_steps(gathered, today),
        *(_helpline(gathered, line, today) for line in gathered.helplines),
    ]


def _persons(gathered: GatheredFacts, today: date) -> list[Way]:
    return [
        Way(
            key=(key := f"person.{person.id}"),
            kind=WayKind.PERSON,
            sign=Sign.TALK,
            name=person.office,
            contact=person.contact,
            hours=person.hours,
            facts=_facts(gathered, key),
            confirmed=_is_confirmed(gathered, f"{key}.contact", today),
        )
        for person in gathered.persons
    ]


def _channel(gathered: GatheredFacts, channel: ReportingChannel, today: date) -> Way:
    outside = channel.kind is ChannelKind.OUTSIDE
    medium, key = medium_of(channel), f"channel.{channel.id}"
    return Way(
        key=key,
        kind=WayKind.OUTSIDE if outside else WayKind.CHANNEL,
        sign=Sign.OUTSIDE if outside else SIGN_OF_MEDIUM[medium],
        name=channel.description,
        contact=channel.contact,
        hours=channel.hours,
        medium=medium,
        facts=_facts(gathered, key),
        for_adults=channel.for_adults,
        confirmed=_is_confirmed(gathered, f"{key}.contact", today),
    )


def _steps(gathered: GatheredFacts, today: date) -> list[Way]:
    return [
        Way(
            key=(key := f"step.{step.id}"),
            kind=WayKind.STEP,
            sign=Sign.OUTSIDE,
            name=step.body,
            contact=step.contact,
            hours=step.when_called,
            facts=_facts(gathered, key),
            confirmed=_is_confirmed(gathered, f"{key}.contact", today),
        )
        for step in gathered.steps
    ]


def _helpline(gathered: GatheredFacts, line: Helpline, today: date) -> Way:
    key = f"helpline.{gathered.helpline_code}.{line.id}"
    fact = gathered.facts[key]
    return Way(
        key=key,
        kind=WayKind.HELPLINE,
        sign=Sign.PHONE if line.numbers else Sign.FORM,
        name=line.names.get("en", line.id),
        names=line.names,
        contact=fact.value,
        facts={key: fact.value},
        confirmed=is_printed(fact, today),
        help_for_children=line.kind == helplines.HELPLINE,
    )


def _facts(gathered: GatheredFacts, start: str) -> dict[str, str]:
    return {key: fact.value for key, fact in gathered.facts.items() if key.startswith(f"{start}.")}


def _is_confirmed(gathered: GatheredFacts, key: str, today: date) -> bool:
    fact = gathered.facts.get(key)
    return fact is not None and is_printed(fact, today)
