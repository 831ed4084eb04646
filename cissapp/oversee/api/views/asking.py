"""Authenticates and authorises programs by token: `answers` is for programs what `permit` is for pages."""

import hashlib
import inspect
import re
import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit, RouteLimit
from msgspec import Struct
from pydantic import BaseModel, ValidationError

from cissapp.foundation.access.guard import has, reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.limits import limiter
from cissapp.foundation.web.origin import without_cookie
from cissapp.foundation.web.problem_details import PREFIX
from cissapp.oversee.api.models import ApiToken
from cissapp.oversee.api.rules.operations import JSON, Operation
from cissapp.oversee.api.rules.shapes import common_parts
from cissapp.oversee.api.services import tokens
from cissapp.oversee.api.views.blueprint import ApiProblem, bp
from cissapp.people.accounts.models import User

REALM = 'Bearer realm="ciss"'
RATE = "600 per minute"
RATE_OF_STRANGERS = "120 per minute"
MOST_BYTES = 4_000_000
IDENTITY = "identity"
COMPRESSED = "Send the body as it is, without `Content-Encoding`."
# Fields that differ in each answer even if nothing has changed. In a text, quotes stand behind a backslash.
MOMENTS = re.compile(r'"(?:as_of|counted_at)":"[^"]*"')
# Type names that pydantic appends to the location of a value.
KINDS = {"none", "int", "str", "constrained-str"}


class Call(Struct, frozen=True):
    """A request from a program: its token, and the values of its query string."""

    token: ApiToken
    values: Any

    @property
    def person(self) -> User:
        """The person on whose behalf the program works."""
        return self.token.user


View = Callable[..., BaseModel | None]


def answers(*operations: Operation, of: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Declare which operations a view answers, and how to find the object that they are about.

    The view gets the call, the object if there is one (access is already checked) and the other path values.
    A request without a token is answered with 401, whatever session the browser has.
    """

    def declare(view: View) -> View:
        for operation in operations:
            _add_route(operation, view, of)
        return view

    return declare


def _add_route(operation: Operation, view: View, of: Callable[..., Any] | None) -> None:
    wanted = set(inspect.signature(of).parameters) if of else set()

    @_limit_of_strangers()
    @limiter.shared_limit(RATE, scope="api", key_func=_key)
    @wraps(view)
    def answered(**path: Any) -> ResponseReturnValue:
        call = _call(operation)
        known = {name: path.pop(name) for name in list(path) if name in wanted}
        things = [_allowed(of(**known), call, operation)] if of else []
        return _response(operation, view(call, *things, **path))

    answered.access = operation.permission  # type: ignore[attr-defined] # read by check_all
    answered.by_token = operation  # type: ignore[attr-defined] # a test lists these routes
    bp.add_url_rule(
        f"{PREFIX}{operation.rule}",
        operation.name,
        without_cookie(answered),
        methods=[operation.method],
        provide_automatic_options=False,
        merge_slashes=False,  # a redirect of a page is no answer for a program
    )


def _allowed(thing: Any, call: Call, operation: Operation) -> Any:
    """Return the thing if the token's person has access to it; raise `Missing` otherwise."""
    if thing is None or not reaches(call.person, operation.permission, thing):
        raise Missing
    return thing


def _key() -> str:
    """Return the rate-limit key, one per token: programs of one office share a network address."""
    _kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    return hashlib.sha256(text.strip().encode()).hexdigest()[:32]


def _limit_of_strangers() -> RouteLimit:
    """Return the limit of requests with tokens that do not work, from one address."""
    return limiter.shared_limit(
        RATE_OF_STRANGERS,
        scope="api-failures",
        deduct_when=_is_stranger,
        exempt_when=_has_token,
    )


def _is_stranger(response: Response) -> bool:
    return response.status_code == 401


def _has_token() -> bool:
    """Check whether the token of a request works; keep it, or what is wrong with it, for the answer.

    Programs of one office share a network address: one whose token has ended must not stop the others. So each
    token is looked up, once, also beyond the limit of its address; its use is noted only if it is answered.
    """
    try:
        g.api_token = _token(at=clock.now())
    except ApiProblem as problem:
        g.api_token = problem
    return isinstance(g.api_token, ApiToken)


def _call(operation: Operation) -> Call:
    """Check token, scope, role, answer format and query string, in this order."""
    at = clock.now()
    token = g.pop("api_token", None) or _token(at=at)
    if isinstance(token, ApiProblem):
        raise token
    tokens.note_use(token, at=at)
    current_app.login_manager._update_request_context_with_user(token.user)  # type: ignore[attr-defined]  # noqa: SLF001 -- who asks is the token's person, never that of a cookie
    g.api_token_id = token.id
    if not set(token.scopes) & set(operation.scopes):
        raise ApiProblem("scope_missing", scopes=[scope.value for scope in operation.scopes])
    permission = operation.permission
    if not has(token.user, permission) or not has(token.user, Permission.API_TOKEN_USE):
        raise ApiProblem("role_without_right")
    if request.headers.get("Accept") and not request.accept_mimetypes.best_match([JSON]):
        raise ApiProblem("not_acceptable")
    return Call(token, _values(operation))


def _token(*, at: datetime) -> ApiToken:
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise ApiProblem("token_missing", headers={"WWW-Authenticate": REALM})
    invalid = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
    token = tokens.known_token(text.strip())
    if token is None:
        raise ApiProblem("token_unknown", headers=invalid)
    end = tokens.end_of_token(token, at=at)
    if end:
        since = end.at.isoformat(timespec="seconds")
        detail = f"This token has ended on {since}: make a new one on the page /account/tokens."
        raise ApiProblem("token_ended", detail, invalid, ended_at=since, reason=end.because.value)
    return token


def _values(operation: Operation) -> common_parts.Shape:
    given: dict[str, Any] = {}
    twice = [name for name, found in request.args.lists() if len(found) > 1]
    if twice:
        errors = [{"where": name, "message": "stands there twice"} for name in twice]
        raise ApiProblem("invalid_parameters", errors=errors)
    given = request.args.to_dict()
    try:
        return operation.values.model_validate(given)
    except ValidationError as error:
        raise ApiProblem("invalid_parameters", errors=errors_of(error)) from error


def body_of(operation: Operation) -> Any:
    """Parse the body of a request in the shape of the operation; None if its format is not JSON."""
    request.max_content_length = MOST_BYTES
    if request.mimetype not in operation.media_types:
        raise ApiProblem("unsupported_media_type", accepted=list(operation.media_types))
    if request.headers.get("Content-Encoding", IDENTITY).lower() != IDENTITY:
        raise ApiProblem(
            "unsupported_media_type", COMPRESSED, headers={"Accept-Encoding": IDENTITY}
        )
    if request.mimetype != JSON or operation.body is None:
        return None
    try:
        return operation.body.model_validate_json(request.get_data())
    except ValidationError as error:
        raise ApiProblem("invalid_body", errors=errors_of(error)) from error


def errors_of(error: ValidationError) -> list[dict[str, str]]:
    """List what is wrong with values: where and what, but never the value itself.

    An optional value is checked against both of its types; only the first error is reported.
    """
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        parts = [str(part) for part in one["loc"]]
        named = [part for part in parts if part.replace("_", "").isalnum() and part not in KINDS]
        found.setdefault(".".join(named), one["msg"].removeprefix("Value error, "))
    return [{"where": where, "message": message} for where, message in found.items()]


def _response(operation: Operation, answer: BaseModel | None) -> Response:
    if answer is None:
        return Response(status=operation.status)
    text = answer.model_dump_json() + "\n"
    response = Response(text, operation.status, content_type=JSON)
    if operation.method == "GET":
        same = MOMENTS.sub("", text)
        response.set_etag(hashlib.sha256(same.encode()).hexdigest()[:32], weak=True)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Authorization"
        known_again(response)
    return response


def known_again(response: Response) -> None:
    """Leave out the body if the program has it already; a condition for changes does not apply to reading."""
    response.make_conditional(
        {name: value for name, value in request.environ.items() if name != "HTTP_IF_MATCH"}
    )


@bp.after_request
def _say_rate(response: Response) -> Response:
    """Add the rate-limit headers, under the names that programs know."""
    found: RequestLimit | None = limiter.current_limit if limiter.enabled else None
    if found and request.path.startswith(f"{PREFIX}/"):
        left = max(0, int(found.reset_at - time.time()))  # the limiter's own clock
        response.headers["RateLimit-Limit"] = str(found.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, found.remaining))
        response.headers["RateLimit-Reset"] = str(left)
    return response
