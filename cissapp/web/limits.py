"""Rate limits: who asks too often waits."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, request
from flask_limiter import Limiter

V = TypeVar("V", bound=Callable[..., Any])


def _address() -> str:
    """Group requests by address; an IPv6 neighbourhood (/64) counts as one."""
    remote = request.remote_addr or ""
    return ":".join(remote.split(":")[:4]) if ":" in remote else remote


limiter = Limiter(key_func=_address, headers_enabled=True, swallow_errors=False)


def limit(rate: str, methods: list[str] | None = None) -> Callable[[V], V]:
    """Limit a route, for instance to `10 per hour` from one address."""

    def decorate(view: V) -> V:
        return cast("V", limiter.limit(rate, methods=methods)(view))

    return decorate


def init_app(app: Flask, url: str) -> None:
    """Open the store of the counters."""
    app.config["RATELIMIT_STORAGE_URI"] = url
    app.config["RATELIMIT_ENABLED"] = not app.testing
    limiter.init_app(app)
