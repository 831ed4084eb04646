"""The lists beside a brief: countries, certified schools from the public register, the areas above."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import actor
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.pages import KeyPage
from cissapp.foundation.web.languages import in_order_of
from cissapp.oversee.figures.rules import percent
from cissapp.oversee.oversight.phrases import written
from cissapp.oversee.oversight.queries import CountryTotal
from cissapp.oversee.oversight.views.addresses import area_address, region_address
from cissapp.oversee.oversight.views.reading import Reading
from cissapp.verify.directory.queries import CertifiedSchool as PublicSchool


class CertifiedSchool(Struct, frozen=True):
    """A certified school as anyone may see it."""

    name: str
    locality: str
    level: str
    valid_until_on: date
    code: str


class CountryRow(Struct, frozen=True):
    """The progress of a country, in words."""

    name: str
    href: str
    certified: str
    schools: str
    share: str
    part: int


def schools(found: KeyPage[PublicSchool], reading: Reading) -> list[CertifiedSchool]:
    """Write the certified schools of a region, with their levels in words."""
    return [
        CertifiedSchool(
            row.name,
            row.locality,
            _("Level %(level)s: %(name)s", level=row.level, name=reading.level_names[row.level]),
            row.valid_until_on,
            row.code,
        )
        for row in found.rows
    ]


def countries(totals: list[CountryTotal], content: Content, language: str) -> list[CountryRow]:
    """List the progress of each country by name; a country whose pack is gone is left out."""
    shown = [
        CountryRow(
            content.countries[total.code].name(language),
            url_for("oversight.country", country_code=total.code),
            written(total.certified),
            written(total.schools),
            f"{percent(total.certified, total.schools)} %",
            percent(total.certified, total.schools),
        )
        for total in totals
        if total.code in content.countries
    ]
    by_name = in_order_of(language)
    return sorted(shown, key=lambda row: by_name(row.name))


def above(reading: Reading) -> list[tuple[str, str | None]]:
    """Return the path down to this area from the highest that the person may see: names and addresses."""
    code = reading.area.country_code
    path = reading.pack.path(reading.area.region_code or "")
    own = actor().region_code
    steps: list[tuple[str, str | None]] = []
    if own is None:
        steps.append((reading.pack.name(reading.language), area_address(code, None)))
    reached = path if own is None else path[path.index(own) :]
    steps += [(reading.region_name(one), region_address(code, one)) for one in reached[:-1]]
    return [*steps, (reading.name, None)] if steps else []
