"""The blueprint, and what the pages share."""

from collections.abc import Iterable

from flask import Blueprint, current_app, url_for

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.web import languages
from cissapp.prepare.awareness.models import AwarenessRound

bp = Blueprint("awareness", "cissapp.prepare.awareness", template_folder="templates")


def link_of(asked: AwarenessRound) -> str:
    """Return the full URL at which pupils answer."""
    base: str = current_app.config["BASE_URL"]
    return base + url_for("awareness.answer_round", code=asked.code)


def with_pages(wanted: Iterable[str]) -> dict[str, str]:
    """Return those of the languages that have pages, each with its own name; English if none has."""
    found = {one: languages.OF_PAGES[one] for one in wanted if one in languages.OF_PAGES}
    return found or {ENGLISH: languages.OF_PAGES[ENGLISH]}
