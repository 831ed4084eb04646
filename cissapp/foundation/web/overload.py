"""What is answered when more is asked than can be done: at once, without the database, and nothing typed is lost."""

import logging
import random
from http import HTTPStatus

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from cissapp.foundation.access.guard import forget_person
from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.engines.seldom import SeldomLog
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages, problem_details
from cissapp.foundation.web.error_pages import page, wants_json
from cissapp.foundation.web.errors import busy_page

# What the server puts into the environment of a request that it has no place for.
TOO_MANY = "ciss.too_many"
PLACE_OF_TOKEN = "[the token of a visitor]"  # noqa: S105 -- where it stands
# Random, so that clients that were turned away do not all come back at the same time.
SHORTEST, LONGEST = 5, 15
MESSAGE = N_("Many people are using the service right now. Wait a few seconds and try again.")

log = SeldomLog(logging.getLogger("ciss"))


def _send_away() -> Response | None:
    if TOO_MANY not in request.environ:
        return None
    log.warning("overloaded: some requests are refused for a few seconds")
    forget_person()
    looks = request.method in SAFE_METHODS and not wants_json() and not problem_details.is_asked()
    answer = _page() if looks else busy_page(_(MESSAGE))
    answer.headers["Retry-After"] = str(random.randint(SHORTEST, LONGEST))  # noqa: S311 -- no secret
    return answer


def _page() -> Response:
    """Return the page for read requests; rendered once per language, since time is short when it is needed.

    It must hold nothing of the request it was rendered for: the next reader is somebody else.
    """
    text = _kept(languages.current()).replace(PLACE_OF_TOKEN, generate_csrf())
    return Response(text, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/html")


def _kept(language: str) -> str:
    pages: dict[str, str] = current_app.extensions[TOO_MANY]
    if language not in pages:
        pages[language] = _rendered(language)
    return pages[language]


def render_ahead(app: Flask) -> None:
    """Render the page in each language before the first request, which also loads what all pages need."""
    with app.app_context():
        for language in languages.OF_PAGES:
            _kept(language)


def _rendered(language: str) -> str:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a context needs the application itself
    with app.app_context(), app.test_request_context("/", headers={"Accept-Language": language}):
        forget_person()
        title, said = _("This is not possible now"), _(MESSAGE)
        answer = app.make_response(page(HTTPStatus.SERVICE_UNAVAILABLE, title, said))
        return answer.get_data(as_text=True).replace(generate_csrf(), PLACE_OF_TOKEN)


def init_app(app: Flask) -> None:
    """Look first of all whether the server has a place for the request."""
    app.extensions[TOO_MANY] = {}
    app.before_request_funcs.setdefault(None, []).insert(0, _send_away)
