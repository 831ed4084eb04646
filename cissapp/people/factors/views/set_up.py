"""Setup of the first factor of somebody whose role needs one, before they are signed in."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import public
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.rules import Proof
from cissapp.people.accounts.sessions import begin, half_open_session
from cissapp.people.factors import services
from cissapp.people.factors.asking import pages
from cissapp.people.factors.asking.kept_entries import KeptEntries
from cissapp.people.factors.forms import AppForm, PasskeyForm
from cissapp.people.factors.views.blueprint import bp


def _without_factor() -> UserSession | None:
    """Find the half-open session of somebody who has no factor yet."""
    found = half_open_session()
    return found if found and found.user.factors_since is None else None


@bp.route("/sign-in/set-up", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes", methods=["POST"])
def set_up() -> ResponseReturnValue:
    """Choose a first factor; the button begins with an app."""
    found, kept = _without_factor(), KeptEntries.carried()
    if found is None:
        return redirect(url_for("factors.second", next=kept.next))
    if not Form().validate_on_submit():
        return pages.set_up_page(found, kept)
    services.begin_app(found, at=clock.now())
    return _app_page(found, kept)


def _app_page(
    found: UserSession, kept: KeptEntries, problem: Problem | None = None
) -> ResponseReturnValue:
    action, back = url_for("factors.set_up_app"), url_for("factors.set_up", next=kept.next)
    return pages.app_page(found, kept, action=action, back=back, problem=problem)


@bp.route("/sign-in/set-up/app", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes", methods=["POST"])
def set_up_app() -> ResponseReturnValue:
    """Check the first code of an app, and sign the person in."""
    found, kept, form = _without_factor(), KeptEntries.carried(), AppForm()
    if found is None:
        return redirect(url_for("factors.second", next=kept.next))
    if not form.validate_on_submit():
        return _app_page(found, kept)
    problem = services.add_app(found, form.code.data or "", at=clock.now())
    return _app_page(found, kept, problem) if problem else _enter(found, Proof.APP_CODE, kept)


@bp.post("/sign-in/set-up/passkey")
@public
@limit("60 per 5 minutes")
def set_up_passkey() -> ResponseReturnValue:
    """Store the first passkey, and sign the person in."""
    found, kept, form = _without_factor(), KeptEntries.carried(), PasskeyForm()
    if found is None:
        return redirect(url_for("factors.second", next=kept.next))
    if not form.validate_on_submit():
        return pages.set_up_page(found, kept, pages.GIVE_A_PROOF)
    problem = services.add_passkey(
        found,
        form.credential.data or "",
        form.name.data or _("Passkey"),
        pages.party(),
        at=clock.now(),
    )
    if problem:
        return pages.set_up_page(found, kept, problem)
    return _enter(found, Proof.PASSKEY, kept)


def _enter(found: UserSession, proof: Proof, kept: KeptEntries) -> ResponseReturnValue:
    """Open the session, and show the recovery codes this once."""
    at = clock.now()
    codes = services.make_codes(found.user, at=at)
    begin(accounts.confirm_session(found, proof=proof, at=at))
    return pages.codes_page(codes, kept)
