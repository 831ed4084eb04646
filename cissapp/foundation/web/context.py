"""What every page knows: who is there, the navigation, the helplines, the languages."""

from typing import Any, cast

from flask import Flask, g, request
from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.access.guard import can, signed_in
from cissapp.foundation.access.permissions import Permission as P
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.translations import TextState
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import languages, rendering
from cissapp.foundation.web.forms import in_page_order
from cissapp.foundation.web.fragments import fragment, help_strip_of, words_alone
from cissapp.foundation.web.help_lines import ShownHelpline, country_of, helplines_of, strip_of_page
from cissapp.foundation.web.page_frame import footer, header

# Label and endpoint of the navigation, by role.
_GROUP = (
    (N_("Cases"), "reviews.queue"),
    (N_("Schools"), "enrolment.register"),
    (N_("Drills"), "drills.of_group"),
    (N_("Complaints"), "complaints.cases"),
    (N_("Appeals"), "appeals.hearings"),
)
_MODULES = (N_("Modules"), "learning.modules")
_FIGURES = (N_("Figures"), "oversight.start")
ENTRIES: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.SCHOOL_MANAGER: (
        (N_("Learn"), "learning.modules"),
        (N_("Our school"), "applications.school"),
        (N_("Toolkit"), "toolkit.toolkit"),
        (N_("Certificate"), "certificates.of_school"),
        (N_("People"), "enrolment.people"),
    ),
    Role.REVIEWER: (
        *_GROUP,
        (N_("Mentoring"), "mentoring.of_mentor"),
        (N_("Calibration"), "calibration.own"),
        _MODULES,
    ),
    Role.COORDINATOR: (
        *_GROUP[:2],
        (N_("Who is stuck"), "followup.schools"),
        *_GROUP[2:],
        (N_("Mentoring"), "mentoring.of_mentor"),
        (N_("Statistics of the group"), "followup.statistics"),
        (N_("Calibration"), "calibration.overview"),
        _MODULES,
    ),
    Role.GUEST: ((N_("Your visit"), "independence.visit"),),
    Role.MINISTRY: (_FIGURES,),
    Role.REGION_OFFICER: (_FIGURES,),
    Role.SECRETARIAT: (
        (N_("Programme"), "enrolment.admin"),
        (N_("Appeals"), "appeals.cases"),
        (N_("Complaints"), "complaints.cases"),
        _FIGURES,
        (N_("Calibration"), "calibration.overview"),
        _MODULES,
    ),
}


def entries(role: Role | None) -> list[tuple[str, str]]:
    """List label and endpoint of the navigation of a role."""
    return [(_(label), endpoint) for label, endpoint in ENTRIES[role]] if role else []


def navigation(person: Actor | None) -> Markup:
    """Render the navigation: that of a role, with the entry that is nearest to this address."""
    if person is None or person.role is None:
        return Markup()
    address = rendering.url_for_names()
    found = [address(endpoint) for _label, endpoint in ENTRIES[person.role]]
    above = [href for href in found if f"{request.path}/".startswith(f"{href}/")]
    nearest = max(above, key=len, default=None)
    return fragment("layouts/_navigation.html", _links, person.role, nearest)


def _links(role: Role, nearest: str | None) -> dict[str, object]:
    address = rendering.url_for_names()
    return {
        "links": [(label, address(endpoint)) for label, endpoint in entries(role)],
        "nearest": nearest,
    }


def place_of(person: Actor | None) -> str:
    """Return the name of the place that a person works for."""
    if person is None:
        return ""
    # A person loaded as plain facts has no school object.
    name = getattr(person, "school_name", None)
    if name:
        return str(name)
    for kind in ("school", "group"):
        found = getattr(person, kind, None)
        if found:
            return str(found.name)
    if person.region_code:
        return content().region_place(person.region_code, languages.current())
    country = content().countries.get(person.country_code or "")
    return country.name(languages.current()) if country else _("Secretariat")


def time_zone() -> str:
    """Return the time zone for the times a person reads: that of their country."""
    return zone_of(country_of(signed_in()))


def zone_of(country_code: str | None) -> str:
    """Return the time zone in which the people of a country read times; UTC where there is no country."""
    return content().time_zone(country_code or "")


def person_mark(person: Actor | None) -> str | None:
    """Return the mark that tells a browser whose data it has kept; it identifies nobody to others."""
    if person is None:
        return None
    mark = secret_keys.keyed_digest("mark of a browser", str(person.id))[:24]
    g.ciss_person_mark = (person, mark)
    return mark


def mark_on_page() -> str | None:
    """Return the mark of the signed-in person, as it appears on the page just rendered.

    The transaction was released since, so the person's row would have to be read again.
    """
    marked, mark = g.get("ciss_person_mark", (None, None))
    if marked is not None and marked is g.get("_login_user"):
        return cast("str", mark)
    return person_mark(signed_in())


def _own_helplines() -> list[ShownHelpline]:
    """List, for components, the helplines of the signed-in person's country."""
    return helplines_of(country_of(signed_in()), languages.current())


def here() -> str:
    """Return the address of this page, or the start page's if it has unprintable characters."""
    path = request.full_path.rstrip("?")
    return path if path.isprintable() else "/"


def _state_of_text(entry: str, language: str) -> TextState:
    """Return, for components, the state of a content text's translation."""
    return content().translations.state(entry, language)


def _reader_of_text(entry: str, language: str) -> str | None:
    """Return who has read the translation of a text, for components."""
    return content().translations.reader(entry, language)


def init_app(app: Flask, *, demo: bool) -> None:
    """Offer every template what it needs."""
    app.jinja_env.globals |= {
        "state_of_text": _state_of_text,
        "reader_of_text": _reader_of_text,
        "words_alone": words_alone,
        "help_strip_of": help_strip_of,
        "own_helplines": _own_helplines,
        "in_page_order": in_page_order,
        "header": header,
        "footer": footer,
    }

    @app.context_processor
    def context() -> dict[str, Any]:
        person = signed_in()
        language = languages.current()
        return {
            "signed_in": person,
            "can": can,
            "P": P,
            "nav": navigation(person),
            "here": here(),
            "place": place_of(person),
            "help_strip": strip_of_page(person, language),
            "language": language,
            "languages": languages.OF_PAGES,
            "direction": languages.direction_of(language),
            "direction_of": languages.direction_of,
            "demo": demo,
            "person_mark": person_mark(person),
        }
