"""The numbers shown where a page does not exist: only those checked within the last six months."""

from collections.abc import Iterator
from datetime import date

from cissapp.foundation.content.helplines import HELPLINE, HOTLINE, POLICE, services_for
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import named
from cissapp.foundation.content.schema import Helpline
from cissapp.foundation.core.clock import months_after
from cissapp.foundation.web.help_lines import HelpStrip, shown_helpline
from cissapp.prepare.facts.rules import NUMBER_MONTHS
from cissapp.prepare.reporting_page.phrases.pieces import Way
from cissapp.prepare.reporting_page.phrases.school import dialled


def numbers_of(country_code: str | None, language: str, today: date) -> tuple[Way, ...]:
    """List the services of a country, or one of every country if none is known."""
    if country_code:
        lines = [one for one in services_for(content(), country_code) if _is_fresh(one, today)]
        return tuple(_way(one, named(one.names, language), language) for one in lines)
    return tuple(_of_countries(language, today))


def strip_of(country_code: str | None, language: str, today: date) -> HelpStrip:
    """Build the help strip at the top of the page, from services checked within the last six months."""
    if not country_code:
        return HelpStrip()
    fresh = [one for one in services_for(content(), country_code) if _is_fresh(one, today)]
    shown = [shown_helpline(one, language) for one in fresh]
    calls = [one for one in shown if one.numbers]
    talk = [one for one in calls if one.kind != POLICE]
    return HelpStrip(
        call=next((one for one in talk if one.kind == HELPLINE), None) or next(iter(talk), None),
        police=next((one for one in calls if one.kind == POLICE), None),
        report=next((one for one in shown if one.kind == HOTLINE and one.web), None),
    )


def _of_countries(language: str, today: date) -> Iterator[Way]:
    for pack in content().countries.values():
        lines = [
            one
            for one in pack.helplines
            if one.kind != POLICE and one.numbers and _is_fresh(one, today)
        ]
        if lines:
            title = f"{pack.name(language)}: {named(lines[0].names, language)}"
            yield _way(lines[0], title, language)


def _way(line: Helpline, title: str, language: str) -> Way:
    about = (named(line.about, language),)
    return Way("outside", title, tuple(dialled(line)), notes=about, typed=False)


def _is_fresh(line: Helpline, today: date) -> bool:
    return line.checked_on is not None and today <= months_after(line.checked_on, NUMBER_MONTHS)
