"""A number for every request, and a line in the log once it is answered; the line holds nothing of a person.

The number is ours alone: what a request brings as one is not read. The page of a fault shows it as its reference.
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
    """Return the pattern of this address, such as `/school/<school_id>`: what stands in it may open something."""
    return request.url_rule.rule if request.url_rule else NO_ROUTE


def mark_refused(reason: str) -> None:
    """Record in the line of this request why it was refused: for whoever watches for attempts to get around something."""
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
    """Begin before everything else that a request meets, and end after it; so it must be the first to be connected."""
    app.before_request(_begin)
    app.after_request(_end)
