"""Asks the person to confirm their identity before sensitive actions."""

from contextlib import suppress

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts.sessions import own_session, renew
from cissapp.people.factors import services
from cissapp.people.factors.asking import pages
from cissapp.people.factors.asking.kept_entries import KeptEntries
from cissapp.people.factors.forms import ProofForm
from cissapp.people.factors.rules.step_up import is_file
from cissapp.people.factors.views.blueprint import bp


@bp.route("/account/confirm", methods=["GET", "POST"])
@permit(Permission.ACCOUNT_USE)
@limit("60 per 5 minutes", methods=["POST"])
def confirm() -> ResponseReturnValue:
    """Check a proof, and let the request that needed it continue."""
    found, kept, form = own_session(), KeptEntries.carried(), ProofForm()
    if not form.validate_on_submit():
        return pages.confirm_page(found, kept)
    proof = form.given()
    answer: str | Problem = pages.GIVE_A_PROOF
    if proof:
        answer = services.confirm(found, proof, pages.party(), at=clock.now())
    if isinstance(answer, Problem):
        return pages.confirm_page(found, kept, answer)
    renew(answer)
    if kept.action is None and _is_file(kept.next):
        return render_template("factors/confirmed.html", address=kept.next)
    return kept.go_on(
        _("Thank you. We have confirmed that it is you. Check what you typed, then send it.")
    )


def _is_file(path: str) -> bool:
    """Check whether one of our addresses returns a download instead of a page to go to."""
    adapter = current_app.create_url_adapter(request)
    with suppress(HTTPException, RequestRedirect):
        if adapter is not None:
            endpoint, _values = adapter.match(path.partition("?")[0], method="GET")
            return is_file(endpoint)
    return False
