"""The services that help a child: on the help page, in the strip on top of every page, in warnings."""

from typing import Protocol

from flask import g, has_request_context
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.content import helplines
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import named
from cissapp.foundation.content.schema import Helpline
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.web.languages import in_order_of

PAGE_COUNTRY = "ciss_page_country"


class ShownHelpline(Struct, frozen=True):
    """A helpline in the language of the page; one `to_confirm` is for signed-in people of its country only."""

    kind: str
    name: str
    about: str
    numbers: tuple[tuple[str, str], ...]
    web: str | None
    to_confirm: bool = False


class CountryCall(Struct, frozen=True):
    """Whom to call in a country: its name, the number, and what a telephone dials."""

    country: str
    number: str
    dial: str


class HelpStrip(Struct, frozen=True):
    """The help strip of a page: whom to call, the police, where to report, else an international service.

    If no country is known, `by_country` has a checked number for each.
    """

    call: ShownHelpline | None = None
    police: ShownHelpline | None = None
    report: ShownHelpline | None = None
    anywhere: ShownHelpline | None = None
    by_country: tuple[CountryCall, ...] = ()

    @property
    def to_confirm(self) -> bool:
        """Whether a number in it is still to be confirmed."""
        return any(line is not None and line.to_confirm for line in (self.call, self.police))


def shown_helpline(line: Helpline, language: str) -> ShownHelpline:
    """Write a helpline in a language."""
    return ShownHelpline(
        line.kind,
        named(line.names, language),
        named(line.about, language),
        tuple(zip(line.numbers, line.dial, strict=True)),
        line.web,
    )


class OfCountry(Protocol):
    """Somebody who has a country, or whose national group has some."""

    @property
    def country_code(self) -> str | None:
        """The country; None for people of a group and of the secretariat."""


def country_of(person: OfCountry | None) -> str | None:
    """Return the country whose helplines and time zone a person has: their own, or that of their national group."""
    return next(iter(countries_of(person)), None)


def countries_of(person: OfCountry | None) -> list[str]:
    """List a person's own country, or those of their national group; none for the secretariat."""
    if person is None:
        return []
    if person.country_code:
        return [person.country_code]
    group = getattr(person, "group", None)
    return list(group.country_codes) if group else []


def helplines_of(country_code: str | None, language: str) -> list[ShownHelpline]:
    """List the checked helplines of a country."""
    country = content().countries.get(country_code or "")
    return [shown_helpline(line, language) for line in country.helplines] if country else []


def helplines_to_confirm(country_code: str | None, language: str) -> list[ShownHelpline]:
    """List a country's unconfirmed helplines; never for anonymous visitors, never on paper."""
    country = content().countries.get(country_code or "")
    lines = helplines.to_confirm(country) if country else []
    return [replace(shown_helpline(line, language), to_confirm=True) for line in lines]


def helplines_for(
    person: Actor | None, country_code: str | None, language: str
) -> list[ShownHelpline]:
    """List the helplines of a country for a person: those to be confirmed too, if it is the person's own."""
    lines = helplines_of(country_code, language)
    if person is None or country_code is None or country_code != country_of(person):
        return lines
    return [*lines, *helplines_to_confirm(country_code, language)]


def services_in(country_code: str | None, language: str) -> list[ShownHelpline]:
    """List the checked helplines of a country; where it has none, those that help anywhere."""
    lines = helplines.services_for(content(), country_code)
    return [shown_helpline(line, language) for line in lines]


def show_help_of(country_code: str | None) -> None:
    """Show visitors, in the strip of this page, the numbers of the country that the page is about."""
    setattr(g, PAGE_COUNTRY, country_code)


def strip_of_page(person: Actor | None, language: str) -> HelpStrip:
    """Build the strip of this page: for the person's country, or for visitors the country of the page."""
    if person is not None and (own := country_of(person)):
        return strip_of(own, language, unconfirmed=True)
    return strip_of(g.get(PAGE_COUNTRY) if has_request_context() else None, language)


def strip_of(country_code: str | None, language: str, *, unconfirmed: bool = False) -> HelpStrip:
    """Build the strip of a country; a number to be confirmed stands in only where there is no checked one."""
    country = content().countries.get(country_code or "")
    if country is None:
        return HelpStrip(by_country=_by_country(language))
    lines = helplines_of(country_code, language)
    if unconfirmed:
        lines += helplines_to_confirm(country_code, language)
    calls = [line for line in lines if line.numbers]
    talk = [line for line in calls if line.kind != helplines.POLICE]
    reports = [line for line in helplines.hotlines_for(content(), country) if line.web]
    return HelpStrip(
        call=next((line for line in talk if line.kind == helplines.HELPLINE), None)
        or next(iter(talk), None),
        police=next((line for line in calls if line.kind == helplines.POLICE), None),
        report=shown_helpline(reports[0], language) if reports else None,
        anywhere=None if calls else _anywhere(language),
    )


def _by_country(language: str) -> tuple[CountryCall, ...]:
    """List whom a visitor can call in each country: preferably a helpline, never the police."""
    found = []
    for country in content().countries.values():
        lines = [
            line for line in country.helplines if line.numbers and line.kind != helplines.POLICE
        ]
        lines.sort(key=lambda line: line.kind != helplines.HELPLINE)
        if lines:
            name = country.name(language)
            found.append(CountryCall(name, lines[0].numbers[0], lines[0].dial[0]))
    return tuple(sorted(found, key=lambda call: in_order_of(language)(call.country)))


def _anywhere(language: str) -> ShownHelpline | None:
    lines = [line for line in content().anywhere if line.kind != helplines.HOTLINE and line.web]
    return shown_helpline(lines[0], language) if lines else None
