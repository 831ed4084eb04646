"""The person's own factors: what protects the account, what is missing, adding and removing."""

import re
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.foundation.web.forms import flash_refusals
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts.phrases import device_name
from cissapp.people.accounts.rules import STAFF
from cissapp.people.accounts.sessions import own_session
from cissapp.people.factors import queries, services
from cissapp.people.factors.asking import pages
from cissapp.people.factors.asking.kept_entries import KeptEntries
from cissapp.people.factors.forms import AppForm, PasskeyForm
from cissapp.people.factors.models import AuthenticatorApp, Passkey
from cissapp.people.factors.rules import FactorKind
from cissapp.people.factors.rules.recovery_codes import COUNT, FEW_LEFT
from cissapp.people.factors.views.blueprint import bp

CODE = re.compile(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}")


@bp.get("/account/factors")
@permit(Permission.ACCOUNT_USE)
def own() -> ResponseReturnValue:
    """Show what protects the person's account, and what is missing."""
    found = own_session()
    return render_template(
        "factors/own.html",
        factors=queries.factors_of(found.user_id),
        is_staff=found.user.role in STAFF,
        few=FEW_LEFT,
        device_name=device_name,
        party=pages.party(),
    )


@bp.post("/account/factors/apps")
@permit(Permission.ACCOUNT_USE)
@limit("30 per hour")
def begin_app() -> ResponseReturnValue:
    """Begin with a new app."""
    services.begin_app(own_session(), at=clock.now())
    return redirect(url_for("factors.add_app"))


@bp.route("/account/factors/apps/new", methods=["GET", "POST"])
@permit(Permission.ACCOUNT_USE)
@limit("60 per 5 minutes", methods=["POST"])
def add_app() -> ResponseReturnValue:
    """Show the QR code of a new app, and take its first code."""
    found, form, problem = own_session(), AppForm(), None
    first = found.user.factors_since is None
    if form.validate_on_submit():
        problem = services.add_app(found, form.code.data or "", at=clock.now())
        if problem is None:
            return _added(first=first)
    back = url_for("factors.own")
    action = url_for("factors.add_app")
    return pages.app_page(found, KeptEntries(), action=action, back=back, problem=problem)


@bp.route("/account/factors/passkeys/new", methods=["GET", "POST"])
@permit(Permission.ACCOUNT_USE)
@limit("60 per 5 minutes", methods=["POST"])
def add_passkey() -> ResponseReturnValue:
    """Make a passkey on this device."""
    found, form = own_session(), PasskeyForm()
    first = found.user.factors_since is None
    if form.validate_on_submit():
        name, made = form.name.data or _("Passkey"), form.credential.data or ""
        problem = services.add_passkey(found, made, name, pages.party(), at=clock.now())
        if problem is None:
            return _added(first=first)
        form.refuse(Refused(Problem("passkey", problem.message, problem.values)))
    elif not form.is_submitted():
        form.name.data = pages.suggested_name(found)
    # A refused passkey has used up its challenge, so the transaction is committed despite the error.
    return render_template("factors/add_passkey.html", form=form, party=pages.party())


def _added(*, first: bool) -> ResponseReturnValue:
    """Show recovery codes after the first factor; else go back to the list."""
    if first:
        return pages.codes_page(services.make_codes(own_session().user, at=clock.now()))
    flash(_("It has been added. Sessions on other devices have ended."), "success")
    return redirect(url_for("factors.own"))


@bp.post("/account/factors/apps/<uuid:app_id>/remove")
@permit(Permission.ACCOUNT_USE)
def remove_app(app_id: UUID) -> ResponseReturnValue:
    """Remove an app."""
    return _remove(queries.app(app_id), FactorKind.APP)


@bp.post("/account/factors/passkeys/<uuid:passkey_id>/remove")
@permit(Permission.ACCOUNT_USE)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Remove a passkey."""
    return _remove(queries.passkey(passkey_id), FactorKind.PASSKEY)


def _remove(factor: AuthenticatorApp | Passkey | None, kind: FactorKind) -> ResponseReturnValue:
    """Remove a factor; a second click finds none, and another person's looks the same."""
    if factor is None or not can(Permission.FACTOR_KEEP, factor):
        flash(_("It has already been removed."), "warning")
        return redirect(url_for("factors.own"))
    with flash_refusals():
        services.remove(own_session(), factor, kind, at=clock.now())
        flash(_("It has been removed. Sessions on other devices have ended."), "success")
    return redirect(url_for("factors.own"))


@bp.post("/account/factors/recovery-codes")
@permit(Permission.ACCOUNT_USE)
@limit("20 per hour")
def renew_codes() -> ResponseReturnValue:
    """Replace the recovery codes, and show the new ones this once."""
    found = own_session()
    if found.user.factors_since is None:
        return redirect(url_for("factors.own"))
    return pages.codes_page(services.renew_codes(found, at=clock.now()))


@bp.post("/account/factors/recovery-codes/file")
@permit(Permission.ACCOUNT_USE)
def codes_file() -> ResponseReturnValue:
    """Return, as a text file, the codes that the previous page showed; they are stored nowhere else."""
    sent = request.form.getlist("code")[:COUNT]
    codes = [code for code in sent if CODE.fullmatch(code)]
    lines = [_("Recovery codes for your CISS account. Each works once."), "", *codes, ""]
    response = Response("\r\n".join(lines), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="ciss-codes.txt"'
    return response
