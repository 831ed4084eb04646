"""Error pages: what happened, what to do, and what was typed; as JSON for clients that ask for it."""

from collections.abc import Sequence
from http import HTTPStatus
from itertools import islice
from math import ceil

from flask import Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import TooManyAttempts
from cissapp.foundation.web import problem_details
from cissapp.foundation.web.typed_entries import TypedEntry, chosen_files, shown_entries

KEPT_LENGTH = 60_000
NOT_KEPT = {"csrf_token", "recovery_code", "sequence"}
# Endings of the names of fields whose value no page shows again; a test checks every form for it.
SECRETS = ("password", "secret")


def most_bytes() -> int:
    """Return how many bytes a request with files may have at this address."""
    return max(request.max_content_length or 0, current_app.config["MAX_CONTENT_LENGTH"] or 0)


def wants_json() -> bool:
    """Return whether the caller asked for JSON rather than for a page."""
    return request.accept_mimetypes.best == "application/json"


def page(
    status: HTTPStatus,
    title: str,
    message: str,
    *,
    reference: str | None = None,
    action: tuple[str, str] | None = None,
    files: Sequence[str] = (),
    entries: Sequence[TypedEntry] = (),
) -> ResponseReturnValue:
    """Render an error page, or the same as JSON; for a program the details of the problem."""
    if problem_details.is_asked():
        said = message if status is HTTPStatus.CONFLICT else ""
        return problem_details.of_status(status, detail=said, reference=reference)
    if wants_json():
        return jsonify(error=title, message=message, reference=reference), status
    html = render_template(
        "errors/error.html",
        title=title,
        message=message,
        reference=reference,
        action=action,
        files=files,
        entries=entries,
        person_unknown=reference is not None,
    )
    return html, status


def wait_message(error: TooManyAttempts) -> str:
    """Write for how long somebody has to wait, in whole minutes."""
    minutes = max(1, ceil((error.until - clock.now()).total_seconds() / 60))
    return str(
        ngettext(
            "There were too many attempts. Wait for %(num)d minute, then try again.",
            "There were too many attempts. Wait for %(num)d minutes, then try again.",
            minutes,
        )
    )


def with_wait(answer: ResponseReturnValue, error: TooManyAttempts) -> Response:
    """Return an answer as a 429 response whose `Retry-After` says how long to wait."""
    response = current_app.make_response(answer)
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    seconds = ceil((error.until - clock.now()).total_seconds())
    response.headers["Retry-After"] = str(max(1, seconds))
    return response


def is_kept(name: str) -> bool:
    """Return whether what was typed into a field of this name may stand on the page that gives it back."""
    return name not in NOT_KEPT and not name.endswith(SECRETS)


def typed_entries() -> list[tuple[str, str]]:
    """List what was typed into this request's form, except secrets; at most as many as a form may have."""
    typed = (
        (name, value)
        for name, value in request.form.items(multi=True)
        if is_kept(name) and len(value) <= KEPT_LENGTH
    )
    return list(islice(typed, request.max_form_parts))


def page_with_entries(
    message: str,
    status: HTTPStatus,
    *,
    action: str,
    entries: list[tuple[str, str]],
    sign_in: bool = False,
    problem: str | None = None,
    reference: str | None = None,
    unsure: bool = False,
) -> ResponseReturnValue:
    """Render typed entries on a page with one button that sends them to where they were meant to go.

    With `sign_in` the page asks for address and password first, and carries the entries along. With the
    `reference` of a fault it says that nothing was saved, or with `unsure` that nobody knows.
    """
    if problem_details.is_asked():
        return problem_details.of_status(status, reference=reference)
    html = render_template(
        "errors/typed_entries.html",
        message=message,
        action=action,
        fields=entries,
        entries=shown_entries(action, entries),
        sign_in=sign_in,
        problem=problem,
        had_files=bool(request.files) or "kept_files" in request.form,
        files=chosen_files(),
        reference=reference,
        unsure=unsure,
        person_unknown=reference is not None,
    )
    return html, status
