"""The blueprint of the directory, and what its lists share."""

from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web.languages import in_order_of
from cissapp.foundation.web.regions import filter_choices
from cissapp.verify.directory.queries import ListDay

bp = Blueprint("directory", "cissapp.verify.directory", template_folder="templates")


def list_day() -> ListDay:
    """Return the date that the lists of this request are for."""
    return ListDay(clock.today(), content().standard.decision.validity.expiring_days)


def choices(language: str) -> dict[str, Any]:
    """Return the choices of country, and of region within the chosen country."""
    packs = content().countries
    given = search_given()
    chosen = packs.get(given.get("country", ""))
    regions = filter_choices([chosen] if chosen else [], language, given.get("region"))
    countries = {code: pack.name(language) for code, pack in packs.items()}
    return {"countries": _by_name(countries, language), "regions": regions}


def _by_name(named: dict[str, str], language: str) -> dict[str, str]:
    by_name = in_order_of(language)
    return dict(sorted(named.items(), key=lambda one: by_name(one[1])))


def search_given() -> MultiDict[str, str]:
    """Return the search of the request; the short `q` of a search box is an alias of `words`.

    Country and region codes may be in lower case. A region alone names its country, too; the form sends both.
    """
    given: MultiDict[str, str] = MultiDict(request.args)
    if not given.get("words") and given.get("q"):
        given["words"] = given["q"]
    for name in ("country", "region"):
        if name in given:
            given[name] = given[name].upper()
    if "country" not in given and "region" in given:
        given["country"] = given["region"].partition("-")[0]
    return given


def arguments_given(*names: str) -> dict[str, Any]:
    """Return the named arguments of the request, for links to other pages."""
    given = search_given()
    return {name: given[name] for name in names if given.get(name)}
