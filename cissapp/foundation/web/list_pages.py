"""The lists of a page: where each continues, and how its other pages are addressed."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import request, url_for

from cissapp.foundation.core.pages import PagePlace, place_given


def place_asked(own: str = "") -> PagePlace | None:
    """Return the place that the address names in a list; `own` begins the names of the list's parameters."""
    return place_given(request.args.get(f"{own}after"), request.args.get(f"{own}before"))


def other_pages(own: str = "") -> Callable[..., str]:
    """Return how to address the other pages of a list; a search and the page's other lists stay as they are."""
    mine = {f"{own}after", f"{own}before"}
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in mine]
    here = url_for(request.endpoint or "", **(request.view_args or {}))

    def address(**place: str) -> str:
        asked = [*kept, *((f"{own}{end}", row) for end, row in place.items())]
        return f"{here}?{urlencode(asked)}" if asked else here

    return address
