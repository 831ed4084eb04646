"""A number for every request, and a log line once it is answered, without personal data.

The number is always our own: one sent with the request is ignored. A fault page shows it as its reference.
"""

import logging
import secrets
import time

from flask import Flask, Response, g, request

from cissapp.foundation.web import measures

log = logging.getLogger("ciss.request")
NO_ROUTE = "(none)"
# Style sheets and scripts: many, and all alike.
NOT_LOGGED = {"static"}


def request_number() -> str:
    """Return the number of this request."""
    number: str = g.get("ciss_request_number", "")
    if not number:
        number = g.ciss_request_number = secrets.token_hex(4).upper()
    return number


def route() -> str:
    """Return the pattern of this address, such as `/school/<school_id>`: its values may grant access."""
    return request.url_rule.rule if request.url_rule else NO_ROUTE


def mark_refused(reason: str) -> None:
    """Note in this request's log line why it was refused, to help detect attempts to bypass a check."""
    g.ciss_refused = reason


def _begin() -> None:
    g.ciss_begun = time.perf_counter()


def _end(response: Response) -> Response:
    rule, method = request.url_rule, request.method
    pattern, status = rule.rule if rule else NO_ROUTE, response.status_code
    begun = g.get("ciss_begun")
    seconds = time.perf_counter() - begun if begun is not None else 0.0
    known = method if rule or method in {"GET", "HEAD"} else "other"
    measures.count_request(known, pattern, status, seconds)
    if rule is None or rule.endpoint not in NOT_LOGGED:
        line = {
            "request": request_number(),
            "method": known,
            "route": pattern,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        if "ciss_refused" in g:
            line["refused"] = g.ciss_refused
        log.info("%s %s %d", known, pattern, status, extra={"ciss": line})
    return response


def init_app(app: Flask) -> None:
    """Start before everything else in a request and end after it; so this must be registered first."""
    app.before_request(_begin)
    app.after_request(_end)
