"""The second proof after the password: these pages alone know a half-open session."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import public, signed_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.sessions import begin, half_open_session, own_session
from cissapp.people.factors import services
from cissapp.people.factors.asking import pages
from cissapp.people.factors.asking.kept_entries import KeptEntries
from cissapp.people.factors.forms import ProofForm
from cissapp.people.factors.views.blueprint import bp


@bp.route("/sign-in/second", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes", methods=["POST"])
def second() -> ResponseReturnValue:
    """Ask for the second proof, and open the session with it."""
    kept = KeptEntries.carried()
    found = half_open_session()
    if found is None:
        return kept.go_on(_signed_in_again()) if signed_in() else pages.too_late(kept)
    if found.user.factors_since is None:
        return pages.set_up_page(found, kept)
    form = ProofForm()
    if not form.validate_on_submit():
        return pages.second_page(found, kept)
    proof = form.given()
    answer: str | Problem = pages.GIVE_A_PROOF
    if proof:
        answer = services.confirm(found, proof, pages.party(), at=clock.now())
    if isinstance(answer, Problem):
        return pages.second_page(found, kept, answer)
    begin(answer)
    return kept.go_on(_signed_in_again())


def _signed_in_again() -> str:
    return str(_("You are signed in again. Check what you typed, then send it."))


@bp.post("/sign-in/passkey")
@public
@limit("60 per 5 minutes")
def passkey_options() -> ResponseReturnValue:
    """Return, as JSON, what a browser needs to use a passkey, or to make one."""
    at, party = clock.now(), pages.party()
    found = _any_session()
    new = found.user.factors_since is None or "new" in request.args
    ask = services.ask_new_passkey if new else services.ask_passkey
    return Response(ask(found, party, at=at), mimetype="application/json")


def _any_session() -> UserSession:
    """Return the session of this browser, open or half open; raise `Missing` for a visitor."""
    found = half_open_session() or (own_session() if signed_in() else None)
    if found is None or not pages.party().takes_passkeys:
        raise Missing
    return found
