"""The document of `/api/v1` (OpenAPI 3.1), generated from the table of operations and their shapes."""

from typing import Any

from pydantic.json_schema import models_json_schema

from cissapp.foundation.web.problem_kinds import KINDS, ProblemKind
from cissapp.oversee.api.rules.links import links_of
from cissapp.oversee.api.rules.operations import CSV, JSON, OPERATIONS, Operation
from cissapp.oversee.api.rules.shapes.changes import WebhookBody
from cissapp.oversee.api.rules.shapes.common_parts import REGION, ProblemDetails
from cissapp.oversee.api.rules.webhooks import CHOSEN_KINDS, KIND_NAMES

VERSION = "1.0.0"
BASE_PATH = "/api/v1"
PROBLEM = "application/problem+json"
REFERENCE = "#/components/schemas/{model}"
ABOUT = """\
Figures of the programme, the public register of certified schools, import of schools, and webhooks.

Every request needs a token: make one on the page `/account/tokens`. Answers are JSON; errors are problem
details (RFC 9457). Small figures are hidden here by the same rule as on the pages. A list is walked by
`next_cursor` until it is null. Nothing here names a person, a document, a score or a school that is not public.
"""
KEY_HEADER = "Idempotency-Key"
CSV_EXAMPLE = "region,code,name,locality,language\r\nMD-CU,000-1,School 1,Chișinău,ro\r\n"

# Schemas of the values in a path; all others are ids.
PATH_VALUES = {
    "country_code": {"type": "string", "pattern": "^[A-Z]{2}$", "example": "MD"},
    "region_code": {"type": "string", "pattern": REGION, "example": "MD-CU"},
    "register_number": {"type": "string", "minLength": 1, "maxLength": 40},
    "code": {"type": "string", "minLength": 1, "maxLength": 60},
}
ALWAYS = (
    "invalid_parameters",
    "token_missing",
    "token_unknown",
    "token_ended",
    "scope_missing",
    "role_without_right",
    "not_acceptable",
    "too_many_requests",
    "fault",
    "busy",
)
OF_BODY = ("too_large", "unsupported_media_type", "invalid_body", "storage_full")
RATE_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def document(base_url: str) -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "CISS", "version": VERSION, "description": ABOUT},
        "servers": [{"url": f"{base_url}{BASE_PATH}"}],
        "security": [{"token": []}],
        "paths": paths,
        "webhooks": {kind.value: _webhook(KIND_NAMES[kind]) for kind in CHOSEN_KINDS},
        "components": {
            "schemas": _schemas(),
            "headers": {name: _rate_header(name) for name in RATE_HEADERS},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "ciss_..."}
            },
        },
    }


def _schemas() -> dict[str, Any]:
    kinds: list[tuple[Any, Any]] = [(ProblemDetails, "serialization"), (WebhookBody, "validation")]
    for operation in OPERATIONS:
        if operation.answer:
            kinds.append((operation.answer, "serialization"))
        if operation.body:
            kinds.append((operation.body, "validation"))
    unique = list(dict.fromkeys(kinds))
    _names, schemas = models_json_schema(unique, ref_template=REFERENCE)
    found: dict[str, Any] = schemas["$defs"]
    return dict(sorted(found.items()))


def _operation(operation: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Scope of the token: {' or '.join(operation.scopes)}.",
        "parameters": [*_of_path(operation), *_of_query(operation), *_of_headers(operation)],
        "responses": _responses(operation),
    }
    if operation.body:
        said["requestBody"] = _request_body(operation)
    return said


def _of_path(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": PATH_VALUES.get(name, {"type": "string", "format": "uuid"}),
        }
        for name in operation.path_names
    ]


def _of_query(operation: Operation) -> list[dict[str, Any]]:
    schema = operation.values.model_json_schema(ref_template=REFERENCE)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "schema": {
                key: value for key, value in one.items() if key != "default" or value is not None
            },
        }
        for name, one in schema.get("properties", {}).items()
    ]


def _of_headers(operation: Operation) -> list[dict[str, Any]]:
    if operation.key:
        text = "The same list with the same key gives the same answer again, for a week."
        schema = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"}
        return [{"name": KEY_HEADER, "in": "header", "description": text, "schema": schema}]
    if operation.method == "GET":
        text = "The `ETag` of an earlier answer: 304, if it is still the same."
        tag = {"type": "string"}
        return [{"name": "If-None-Match", "in": "header", "description": text, "schema": tag}]
    return []


def _request_body(operation: Operation) -> dict[str, Any]:
    assert operation.body  # noqa: S101 -- asked only of those that have one
    content: dict[str, Any] = {JSON: {"schema": _ref(operation.body.__name__)}}
    if CSV in operation.media_types:
        content[CSV] = {"schema": {"type": "string"}, "example": CSV_EXAMPLE}
    return {"required": True, "content": content}


def _responses(operation: Operation) -> dict[str, Any]:
    headers: dict[str, Any] = {
        name: {"$ref": f"#/components/headers/{name}"} for name in RATE_HEADERS
    }
    if operation.method == "GET":
        headers["ETag"] = {"schema": {"type": "string"}, "required": True}
    good: dict[str, Any] = {"description": operation.summary, "headers": headers}
    if operation.answer:
        good["content"] = {JSON: {"schema": _ref(operation.answer.__name__)}}
    if links := links_of(operation):
        good["links"] = links
    said: dict[str, Any] = {str(operation.status): good}
    if operation.method == "GET":
        said["304"] = {"description": "It is still the same."}
    by_status: dict[int, list[ProblemKind]] = {}
    for kind in problems_of(operation):
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        said[str(status)] = _problem(kinds)
    return said


def problems_of(operation: Operation) -> list[ProblemKind]:
    """List the kinds of problems that an operation can answer with."""
    codes = [*ALWAYS, *operation.problems]
    if operation.path_names or "cursor" in operation.values.model_fields:
        codes.append("not_found")
    if operation.method != "GET":
        codes += OF_BODY if operation.body else ("storage_full",)
        codes += [] if "refused" in codes else ["refused"]
    return [KINDS[code] for code in codes]


def _problem(kinds: list[ProblemKind]) -> dict[str, Any]:
    said = " ".join(f"`{kind.code}`: {kind.title}. {kind.meaning}" for kind in kinds)
    answer: dict[str, Any] = {
        "description": said,
        "content": {PROBLEM: {"schema": _ref(ProblemDetails.__name__)}},
    }
    status = kinds[0].status
    if status in {429, 503}:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    return answer


def _webhook(summary: str) -> dict[str, Any]:
    return {
        "post": {
            "summary": summary,
            "description": "Signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp`, `webhook-signature`.",
            "requestBody": {"content": {JSON: {"schema": _ref(WebhookBody.__name__)}}},
            "responses": {
                "2XX": {"description": "Taken. Anything else is sent again, for three days."},
                "410": {"description": "Nothing more is sent."},
            },
        }
    }


def _rate_header(name: str) -> dict[str, Any]:
    said = {
        "RateLimit-Limit": "How many requests a token has a minute.",
        "RateLimit-Remaining": "How many of them are left.",
        "RateLimit-Reset": "In how many seconds all are there again.",
    }
    return {"description": said[name], "schema": {"type": "integer"}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}
