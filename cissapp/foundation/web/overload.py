"""What is answered when more is asked than can be done: at once, without the database, and nothing typed is lost."""

import logging
import random
from http import HTTPStatus

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from cissapp.foundation.access.guard import forget_person
from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.engines.seldom import SeldomLog
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages, problem_details
from cissapp.foundation.web.error_pages import page, wants_json
from cissapp.foundation.web.errors import busy_page

# What the server puts into the environment of a request that it has no place for.
TOO_MANY = "ciss.too_many"
# Whoever is sent away comes back at different moments.
SHORTEST, LONGEST = 5, 15
MESSAGE = N_("Many people are using the service at this moment. Wait a few seconds and try again.")

log = SeldomLog(logging.getLogger("ciss"))


def _send_away() -> Response | None:
    if TOO_MANY not in request.environ:
        return None
    log.warning("more is asked than can be done: some are sent away for some seconds")
    forget_person()
    said = _(MESSAGE)
    looks = request.method in SAFE_METHODS and not wants_json() and not problem_details.is_asked()
    answer = _page(said) if looks else busy_page(said)
    answer.headers["Retry-After"] = str(random.randint(SHORTEST, LONGEST))  # noqa: S311 -- no secret
    return answer


def _page(said: str) -> Response:
    """Return the page for who only looks; rendered once a language, since it is asked for when time is short."""
    pages: dict[str, str] = current_app.extensions[TOO_MANY]
    language = languages.current()
    if language not in pages:
        answer = current_app.make_response(
            page(HTTPStatus.SERVICE_UNAVAILABLE, _("This is not possible now"), said)
        )
        pages[language] = answer.get_data(as_text=True)
    return Response(pages[language], 503, mimetype="text/html")


def init_app(app: Flask) -> None:
    """Look first of all whether the server has a place for the request."""
    app.extensions[TOO_MANY] = {}
    app.before_request_funcs.setdefault(None, []).insert(0, _send_away)
