"""The public list of certified schools: for people, as CSV, and for machines."""

import hashlib
from functools import partial
from itertools import chain

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from cissapp.foundation.access.guard import public
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.replica import from_replica, read_at
from cissapp.foundation.web import languages
from cissapp.foundation.web.help_lines import show_help_of
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.sheet_streams import sent_later, sheet_response
from cissapp.verify.directory import queries
from cissapp.verify.directory.forms import RegisterSearchForm
from cissapp.verify.directory.queries import ListDay
from cissapp.verify.directory.rules import Search
from cissapp.verify.directory.views import listings
from cissapp.verify.directory.views.blueprint import (
    arguments_given,
    bp,
    choices,
    list_day,
    search_given,
)
from cissapp.verify.directory.views.kept_files import keep, kept

SECONDS = 300
SEARCH_ARGUMENTS = ("words", "country", "region", "level", "status")


@bp.get("/register")
@public
@limit("60 per minute")
@from_replica
def register() -> ResponseReturnValue:
    """List the schools whose certificate is in force."""
    form = RegisterSearchForm(formdata=search_given(), **choices(languages.current()))
    show_help_of(search_given().get("country"))
    on = list_day()
    place = place_asked()
    found = queries.register_page(form.given(), on, place)
    kept = arguments_given(*SEARCH_ARGUMENTS)
    return render_template(
        "directory/register.html",
        form=form,
        number=listings.number_of(found),
        rows=listings.register_lines(found, content(), languages.current(), on),
        found=found,
        href=lambda **place: url_for("directory.register", **kept, **place),
        csv=url_for("directory.register_csv", **kept),
        json=url_for("directory.register_json", **kept),
        as_of=read_at(),
    )


@bp.get("/register.csv")
@public
@limit("30 per minute")
@from_replica
def register_csv() -> ResponseReturnValue:
    """Serve all matching schools as CSV; its words are in the language of the page."""
    on, at = list_day(), read_at()
    language = languages.current()
    search = RegisterSearchForm(formdata=search_given(), **choices(language)).given()
    batches, mark = _listed(search, on)
    sheet = listings.csv_sheet(batches, content(), language, at)
    key = (language, search, on)
    keeping = None if mark else partial(keep, key=key)
    name = f"ciss-certified-schools-{at:%Y-%m-%d}"
    response = sheet_response(sheet, "csv", name, keeping=keeping)
    # The language may come from a cookie, so only the visitor's own browser may cache it.
    response.headers["Cache-Control"] = f"private, max-age={SECONDS}"
    response.vary.update(("Accept-Language", "Cookie"))
    if mark:
        return _with_etag(response, f"{language} {on} {mark}")
    return kept(response, key, seconds=SECONDS)


@bp.get("/register.json")
@public
@limit("30 per minute")
@from_replica
def register_json() -> ResponseReturnValue:
    """Serve all matching schools as JSON, which programs may read from any site."""
    on, at = list_day(), read_at()
    # The language does not matter, and determining the visitor's would touch the visitor's cookie.
    with force_locale(ENGLISH):
        search = RegisterSearchForm(formdata=search_given(), **choices(ENGLISH)).given()
        batches, mark = _listed(search, on)
        pieces = listings.json_pieces(batches, search, current_config().base_url, at)
        key = ("json", search, on)
        pieces = pieces if mark else keep(pieces, key)
        response = Response(sent_later(pieces, ENGLISH), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    if mark:
        return _with_etag(response, f"{search} {on} {mark}")
    return kept(response, key, seconds=SECONDS)


def _listed(search: Search, on: ListDay) -> tuple[listings.Batches, str]:
    """Return the schools of a file; a short list is read at once, and comes with a text that changes as it does.

    A long one is queried after its head is sent: the first bytes leave at once, no cursor waits for the client
    to read them, and whether the list has changed is not known before its last row. It is kept for a while.
    """
    batches = queries.listed_schools(search, on)
    if queries.is_long(search):
        return batches, ""
    schools = list(chain.from_iterable(batches))
    return [schools], repr(schools)


def _with_etag(response: Response, says: str) -> Response:
    """Set a weak ETag; answer that nothing has changed if only the time of the list differs."""
    response.set_etag(hashlib.sha256(says.encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response
