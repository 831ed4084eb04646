"""Errors for API clients: every error below `/api/v1` is sent as problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request

from cissapp.foundation.web.problem_kinds import KINDS, OF_STATUS, ProblemKind

PREFIX = "/api/v1"
MEDIA_TYPE = "application/problem+json"


def is_asked() -> bool:
    """Return whether an API client asks: errors at these addresses are not pages."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def problem(
    kind: ProblemKind, detail: str = "", *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Write the details of a problem; its type is an address that explains it."""
    said = {
        "type": f"{current_app.config['BASE_URL']}/api#{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "code": kind.code,
        "detail": detail or kind.meaning,
        **more,
    }
    text = json.dumps(said, ensure_ascii=False) + "\n"
    return Response(text, kind.status, headers=dict(headers or {}), content_type=MEDIA_TYPE)


def of_status(status: int, *, detail: str = "", reference: str | None = None) -> Response:
    """Write the details of an error of which the status is known."""
    kind = OF_STATUS.get(status, KINDS["not_understood"])
    return problem(kind, detail, reference=reference or "")
