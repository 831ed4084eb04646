"""Rate limits: those who ask too often wait."""

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, TypeVar, cast

from flask import Flask, Response, request
from flask_limiter import Limiter

from cissapp.foundation.web.limit_counters import counters_at

V = TypeVar("V", bound=Callable[..., Any])

# Answers that ask to come back later; the limiter adds `Retry-After` to every other one as well, and a program may
# take it for an order, such as to send again what was too large.
TO_COME_BACK = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.INSUFFICIENT_STORAGE,
}

# Only these bring files; everything else that is sent is as small as a form.
WITH_FILES = {"multipart/form-data", "application/offset+octet-stream"}


def network_address() -> str:
    """Return the client's address; an IPv6 network (/64) counts as one address."""
    remote = request.remote_addr or ""
    try:
        found = ip_address(remote)
    except ValueError:
        return remote
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def wide_network() -> str | None:
    """Return the network (/48) of an IPv6 address, as one customer has it; None for IPv4, where addresses are dear."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return None
    if isinstance(found, IPv4Address) or found.ipv4_mapped:
        return None
    return str(IPv6Network((found, 48), strict=False))


limiter = Limiter(key_func=network_address, headers_enabled=True, swallow_errors=False)


def limit(
    rate: str, methods: list[str] | None = None, *, failures: bool = False
) -> Callable[[V], V]:
    """Limit a route, for instance to `10 per hour` from one address.

    With `failures` only requests without a redirect count: many people of a school behind one address
    may all sign in, while somebody who guesses is stopped.
    """
    counted = _led_nowhere if failures else None

    def decorate(view: V) -> V:
        return cast("V", limiter.limit(rate, methods=methods, deduct_when=counted)(view))

    return decorate


def _led_nowhere(response: Response) -> bool:
    return not 300 <= response.status_code < 400


def _read_little() -> None:
    """Limit the body of a request without files to the size of the longest form."""
    if request.mimetype not in WITH_FILES:
        request.max_content_length = request.max_form_memory_size


def _without_needless_wait(response: Response) -> Response:
    """Remove `Retry-After` from an answer that does not ask to come back later."""
    if response.status_code not in TO_COME_BACK:
        response.headers.pop("Retry-After", None)
    return response


def init_app(app: Flask, url: str) -> None:
    """Open the store of the counters, and bound what is read."""
    app.before_request(_read_little)
    app.config["RATELIMIT_STORAGE_URI"] = counters_at(url)
    app.config["RATELIMIT_ENABLED"] = not app.testing
    app.after_request(
        _without_needless_wait
    )  # runs after that of the limiter, as the last one runs first
    limiter.init_app(app)
    # Each view with a limit checks it itself. This hook would look for a limit on all views, and there is none.
    asked = limiter._check_request_limit  # noqa: SLF001 -- put there by it
    hooks = app.before_request_funcs[None]
    app.before_request_funcs[None] = [hook for hook in hooks if hook != asked]
