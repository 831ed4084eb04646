"""Turns errors into pages: each says what happened and what to do; none shows what is inside."""

import logging
from contextlib import suppress
from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from cissapp.foundation.access.guard import forget_person, signed_in
from cissapp.foundation.core import db
from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.engines.commits import CommitUnknown
from cissapp.foundation.core.errors import (
    Busy,
    EditConflict,
    Forbidden,
    Missing,
    NotSignedIn,
    Refused,
    TooManyAttempts,
)
from cissapp.foundation.core.storage import StoreAway
from cissapp.foundation.web import error_pages, lost_commits, measures
from cissapp.foundation.web.error_pages import page, page_with_entries, typed_entries, wants_json
from cissapp.foundation.web.fault_kinds import (
    SECONDS_TO_WAIT,
    UNSURE,
    is_full,
    is_passing,
    message_of,
)
from cissapp.foundation.web.forms import shown
from cissapp.foundation.web.origin import from_another_site
from cissapp.foundation.web.request_lines import mark_refused, request_number, route
from cissapp.foundation.web.typed_entries import chosen_files, written_entries

log = logging.getLogger("ciss")


def _to_start() -> tuple[str, str]:
    """Return the way out of a page that leads nowhere."""
    return _("Go to the start page"), url_for("home.start")


def _missing(_error: Exception) -> ResponseReturnValue:
    return page(
        HTTPStatus.NOT_FOUND,
        _("Page not found"),
        _(
            "This page does not exist, or you do not have access to it. Check the address, or go to the start page."
        ),
        action=_to_start(),
    )


def _forbidden(_error: Exception) -> ResponseReturnValue:
    mark_refused("role")
    return page(
        HTTPStatus.FORBIDDEN,
        _("Not available to your role"),
        _("Your role does not include this page. If you need it, ask the person who invited you."),
        action=_to_start(),
    )


def _from_another_site() -> ResponseReturnValue:
    """Refuse the request without showing its content: one button would execute another site's form."""
    mark_refused("other site")
    forget_person()
    return page(
        HTTPStatus.BAD_REQUEST,
        _("Refused"),
        _(
            "This request came from another site, and nothing was changed. If you meant to do this, open the page here and do it again."
        ),
        action=_to_start(),
    )


def _not_signed_in(_error: Exception) -> ResponseReturnValue:
    if wants_json():
        return jsonify(
            error="signed_out", message=_("You are signed out. Sign in, then send it again.")
        ), 401
    if request.method not in SAFE_METHODS and from_another_site():
        return _from_another_site()
    if request.method in SAFE_METHODS:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    try:
        entries = typed_entries()
    except RequestEntityTooLarge:
        # A long list of schools: of somebody who is not signed in no more is read than a form has.
        return redirect(url_for("accounts.sign_in", next=request.path))
    return page_with_entries(
        _("Your session has ended. What you typed was kept. Sign in and send it again."),
        HTTPStatus.UNAUTHORIZED,
        action=request.path,
        entries=entries,
        sign_in=True,
    )


def _refused(error: Refused) -> ResponseReturnValue:
    said = " ".join(shown(problem).text for problem in error.problems)
    if isinstance(error, Busy):
        return busy_page(said)
    hrefs = [href for one in error.problems if (href := shown(one).href)]
    action = (_("Go back"), hrefs[0]) if hrefs else _to_start()
    return _conflict(_("This is not possible now"), said, action=action)


def _conflict(title: str, message: str, *, action: tuple[str, str]) -> ResponseReturnValue:
    """Render the page for something that changed meanwhile, with what was typed, so that it can be copied."""
    typed, files = _sent()
    entries = written_entries(request.path, typed)
    return page(HTTPStatus.CONFLICT, title, message, action=action, entries=entries, files=files)


def busy_page(message: str) -> Response:
    """Render the page for a busy service, with what was typed, and ask to try again soon."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if (entries := _sent()[0]) and not wants_json():
        answer = page_with_entries(message, status, action=request.path, entries=entries)
    else:
        answer = page(status, _("This is not possible now"), message, action=_to_start())
    return _with_wait(answer, status)


def _overtaken(_error: Exception) -> ResponseReturnValue:
    return _conflict(
        _("Someone else changed this first"),
        _("Nothing was overwritten. Open it again to see how it stands now."),
        action=(_("Go back"), request.path),
    )


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    if from_another_site():
        return _from_another_site()
    mark_refused("form token")
    if wants_json() or (signed_in() is None and not request.form):
        return page(
            HTTPStatus.BAD_REQUEST,
            _("Refused"),
            _("This page is out of date. Reload it."),
            action=_to_start(),
        )
    return page_with_entries(
        _("This page is out of date. Check what you typed and send it again."),
        HTTPStatus.BAD_REQUEST,
        action=request.path,
        entries=typed_entries(),
    )


def _database(error: DBAPIError) -> ResponseReturnValue:
    if is_full(error.orig):
        return fault(HTTPStatus.INSUFFICIENT_STORAGE, error)
    if is_passing(error):
        return fault(HTTPStatus.SERVICE_UNAVAILABLE, error)
    return fault(HTTPStatus.INTERNAL_SERVER_ERROR, error)


def _commit_unknown(error: CommitUnknown) -> ResponseReturnValue:
    lost_commits.remember(error.number)
    return fault(HTTPStatus.SERVICE_UNAVAILABLE, error, unsure=True)


def _away(error: Exception) -> ResponseReturnValue:
    """Render the page of a service that does not answer now."""
    full = is_full(error)
    return fault(HTTPStatus.INSUFFICIENT_STORAGE if full else HTTPStatus.SERVICE_UNAVAILABLE, error)


def _system(error: OSError) -> ResponseReturnValue:
    """Render the page for an error of the operating system; name a full store as the cause."""
    if is_full(error):
        return fault(HTTPStatus.INSUFFICIENT_STORAGE, error)
    if current_app.testing:
        raise error
    return fault(HTTPStatus.INTERNAL_SERVER_ERROR, error)


def fault(status: HTTPStatus, error: BaseException, *, unsure: bool = False) -> ResponseReturnValue:
    """Render the page for a fault on our side, with a reference that the log repeats.

    `unsure` is for a write that may or may not have been kept: the page must claim neither.
    """
    db.roll_back()
    forget_person()
    reference = request_number()
    measures.count_fault(status)
    whole: BaseException | None = error
    said = ""
    if status is not HTTPStatus.INTERNAL_SERVER_ERROR:
        # It is known what happened, and it happens often at once: one line.
        whole, said = None, f" {status} {getattr(error, 'orig', error)}".partition("\n")[0]
    log.error("fault %s %s %s%s", reference, request.method, route(), said, exc_info=whole)
    answer = _page_of_fault(status, message_of(status, unsure=unsure), reference, unsure=unsure)
    return _with_wait(answer, status)


def _with_wait(answer: ResponseReturnValue, status: HTTPStatus) -> Response:
    """Set `Retry-After` on an answer: when the same may be asked again."""
    response: Response = current_app.make_response(answer)
    if status in SECONDS_TO_WAIT:
        response.headers["Retry-After"] = str(SECONDS_TO_WAIT[status])
    return response


def _page_of_fault(
    status: HTTPStatus, message: str, reference: str, *, unsure: bool
) -> ResponseReturnValue:
    """Render the page of a fault; what was typed is shown again, so that it can be sent again.

    Only the name of a chosen file is shown: browsers do not let a page choose a file.
    """
    entries, files = _sent()
    if entries and not wants_json():
        return page_with_entries(
            message,
            status,
            action=request.path,
            entries=entries,
            reference=reference,
            unsure=unsure,
        )
    title = _(UNSURE) if unsure else _("There is a problem with the service")
    return page(status, title, message, reference=reference, files=files)


def _sent() -> tuple[list[tuple[str, str]], list[str]]:
    """List entries and names of files that may be shown again; none, where they could not even be read."""
    if request.method in SAFE_METHODS or from_another_site():
        return [], []
    with suppress(OSError, HTTPException):
        if "password" not in request.form:
            return typed_entries(), chosen_files()
    return [], []


def _http(error: HTTPException) -> ResponseReturnValue:
    status = HTTPStatus(error.code or 500)
    if status is HTTPStatus.NOT_FOUND:
        return _missing(error)
    titles = {
        HTTPStatus.METHOD_NOT_ALLOWED: (
            _("Not possible here"),
            _("This page cannot receive what you sent. Go back and try again."),
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            _("Too large"),
            _(
                "What you sent is too large. This page accepts files of up to %(most)s MB in total, and all the text in a form can have up to 20,000 characters. Nothing was saved. Go back in your browser: what you typed is still there. Make it shorter and send it again.",
                most=error_pages.most_bytes() // 1_000_000,
            ),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("Too many attempts"),
            _(
                "There were too many attempts from your connection. Wait a few minutes, then try again."
            ),
        ),
    }
    not_understood = (
        _("Not understood"),
        _(
            "We could not read what was sent, and nothing was changed. Open the page again, then try again."
        ),
    )
    title, message = titles.get(status, not_understood)
    entries = _sent()[0] if status is HTTPStatus.TOO_MANY_REQUESTS else []
    if entries and not wants_json():
        return page_with_entries(message, status, action=request.path, entries=entries)
    answer = current_app.make_response(page(status, title, message, action=_to_start()))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _too_many(error: TooManyAttempts) -> ResponseReturnValue:
    """Render the page that says how long to wait, with what was typed."""
    message, status = error_pages.wait_message(error), HTTPStatus.TOO_MANY_REQUESTS
    if (entries := _sent()[0]) and not wants_json():
        answer = page_with_entries(message, status, action=request.path, entries=entries)
    else:
        answer = page(status, _("Too many attempts"), message, action=_to_start())
    return error_pages.with_wait(answer, error)


def _bug(error: Exception) -> ResponseReturnValue:
    return fault(HTTPStatus.INTERNAL_SERVER_ERROR, error)


def init_app(app: Flask) -> None:
    """Register a page for each error."""
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(TooManyAttempts, _too_many)
    app.register_error_handler(EditConflict, _overtaken)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(ObjectDeletedError, _overtaken)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(CommitUnknown, _commit_unknown)
    app.register_error_handler(NoConnectionFree, _away)
    app.register_error_handler(StoreAway, _away)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(HTTPException, _http)
    if not app.testing:
        app.register_error_handler(Exception, _bug)
