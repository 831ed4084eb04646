"""Asks for a new proof before a sensitive request, and carries a form across the second proof."""

from http import HTTPStatus
from typing import Any

from flask import Flask, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import has, signed_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.error_pages import wants_json
from cissapp.people.accounts.sessions import confirmed_at, half_open_session, own_session
from cissapp.people.factors.asking import pages
from cissapp.people.factors.asking.kept_entries import KeptEntries
from cissapp.people.factors.rules.step_up import STEP_UP, asks_again


def must_confirm() -> bool:
    """Check whether the person of this request, who may do this, must first confirm their identity."""
    if request.endpoint not in STEP_UP:
        return False
    person = signed_in()
    permission = getattr(current_app.view_functions[request.endpoint], "access", None)
    if person is None or (permission is not None and not has(person, permission)):
        return False  # the guard says so, and asks nobody for a proof
    return asks_again(
        request.endpoint,
        request.method,
        confirmed_at=confirmed_at(),
        at=clock.now(),
        required=current_config().second_factor,
    )


def ask_again() -> ResponseReturnValue | None:
    """Ask for a proof instead of serving the request; a form continues afterwards with all its entries."""
    if not must_confirm():
        return None
    if request.method not in SAFE_METHODS:
        current_app.extensions["csrf"].protect()
    if wants_json():
        message = _("Go to your account page and confirm that it is you, then send it again.")
        return jsonify(error="confirm", message=message), HTTPStatus.FORBIDDEN
    if request.method in SAFE_METHODS:
        return redirect(url_for("factors.confirm", next=request.full_path.rstrip("?")))
    return pages.confirm_page(own_session(), KeptEntries.of_request(), status=HTTPStatus.FORBIDDEN)


def second_proof_of_kept(
    _sender: Any, *, action: str, entries: list[tuple[str, str]], had_files: bool
) -> ResponseReturnValue | None:
    """Return the page that asks for the second proof, with what was typed before the session ended."""
    found = half_open_session()
    if found is None:
        return None
    kept = KeptEntries(action=action, entries=entries, had_files=had_files)
    page = pages.second_page if found.user.factors_since else pages.set_up_page
    return page(found, kept)


def init_app(app: Flask) -> None:
    """Check before every request whether a proof is needed first."""
    app.before_request(ask_again)
