"""The page behind a poster's small code, for anyone in front of it: no account, no cookie, one tap."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from cissapp.foundation.access.guard import by_address, public
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Forbidden
from cissapp.foundation.web import languages
from cissapp.foundation.web.help_lines import strip_of
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.origin import from_another_site, without_cookie
from cissapp.prepare.posters import queries, services
from cissapp.prepare.posters.queries import ScannedPoster
from cissapp.prepare.posters.views.blueprint import bp


@bp.get("/p/<code>")
@public
@limit("300 per hour")
@without_cookie
def spot(code: str) -> ResponseReturnValue:
    """Ask whether the poster is still up and readable; viewing the page counts nothing."""
    return _page(queries.scanned_poster(code), counted=False)


@bp.post("/p/<code>")
@by_address
@limit("300 per hour")
@without_cookie
def count(code: str) -> ResponseReturnValue:
    """Count that the poster is up today, and confirm that; a withdrawn one is not counted."""
    if from_another_site():
        raise Forbidden
    found = queries.scanned_poster(code)
    counted = services.count_sighting(
        found.poster, seen_on=day_in(found.school.country_code, clock.now())
    )
    return _page(found, counted=counted)


def _page(found: ScannedPoster, *, counted: bool) -> str:
    """Show the page in the language that was chosen, else in that of the browser."""
    chosen = request.args.get("in", "")
    language = chosen if chosen in languages.OF_PAGES else languages.current()
    country = content().countries.get(found.school.country_code)
    own = [found.school.language, *(country.file.languages if country else ())]
    offered = dict.fromkeys(one for one in own if one in languages.OF_PAGES)
    with force_locale(language):
        return render_template(
            "posters/spot.html",
            found=found,
            counted=counted,
            page=queries.page_of(found.school),
            language=language,
            direction=languages.direction_of(language),
            help_strip=strip_of(found.school.country_code, language),
            offered={one: languages.OF_PAGES[one] for one in {**offered, **languages.OF_PAGES}},
            person_mark=None,  # a head who looks is a visitor here, too
        )
