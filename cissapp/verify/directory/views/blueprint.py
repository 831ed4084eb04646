"""The blueprint of the room, and what its lists have in common."""

from typing import Any

from flask import Blueprint, current_app, request

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.verify.directory.queries import ListDay
from config import Config

bp = Blueprint("directory", "cissapp.verify.directory", template_folder="templates")


def config() -> Config:
    """Return the settings."""
    found: Config = current_app.config["CISS"]
    return found


def list_day() -> ListDay:
    """Return the day of this request."""
    return ListDay(clock.today(), content().standard.decision.validity.expiring_days)


def choices(language: str) -> dict[str, dict[str, str]]:
    """Name the countries, and the regions of the one that is chosen."""
    packs = content().countries
    chosen = packs.get(request.args.get("country", ""))
    return {
        "countries": {code: pack.name(language) for code, pack in packs.items()},
        "regions": {code: chosen.region_name(code, language) for code in chosen.regions}
        if chosen
        else {},
    }


def arguments_given(*names: str) -> dict[str, Any]:
    """Return those arguments of the request that another page is asked with."""
    return {name: request.args[name] for name in names if request.args.get(name)}
