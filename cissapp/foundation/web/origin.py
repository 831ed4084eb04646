"""Where a request comes from: a form of ours, or a page of another site."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, session
from flask_wtf import CSRFProtect

from cissapp.foundation.core.db import SAFE_METHODS

OWN = {"same-origin", "none"}
V = TypeVar("V", bound=Callable[..., Any])


def without_cookie(view: V) -> V:
    """Declare that a view sets no cookie in a visitor's browser, not even on an error page."""
    view.sets_no_cookie = True  # type: ignore[attr-defined] # read after each request
    return view


class FormTokens(CSRFProtect):
    """The tokens of our forms, which count only in a request of our own pages."""

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 -- as Flask-WTF calls it
        """Refuse a change of another site, even with a token that it was given or has read; then check the token."""
        if request.method not in SAFE_METHODS and from_another_site():
            self._error_response("The request is from another site.")
        super().protect(apply_exemptions)


def from_another_site() -> bool:
    """Return whether a page of another site sent this request, as far as the browser tells.

    Every browser marks a form sent to another site: with `Sec-Fetch-Site`, or older ones with `Origin`,
    which is "null" if the page hides its origin. A client that sends neither is not a browser.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in OWN
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return said is not None and _origin(said) not in _own_origins()


def _own_origins() -> set[tuple[str, str]]:
    return {_origin(request.host_url), _origin(str(current_app.config["BASE_URL"]))}


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.lower()


def _leave_session(response: Response) -> Response:
    """Stop a request of another site, or to a page without a cookie, from changing anything in the visitor's browser.

    The browser withholds the visitor's cookie from it, so that a new one would take the place of theirs.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    crossing = request.method not in SAFE_METHODS and from_another_site()
    if crossing or getattr(view, "sets_no_cookie", False):
        session.modified = False
    return response


def init_app(app: Flask) -> None:
    """Keep other sites away from the sessions of visitors."""
    app.after_request(_leave_session)
