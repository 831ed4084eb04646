"""Pages of the devices on which a person is signed in."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core import clock
from cissapp.people.accounts import queries, services
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.phrases import device_name
from cissapp.people.accounts.sessions import TOKEN, signed_in_person
from cissapp.people.accounts.views.blueprint import bp


@bp.get("/account/sessions")
@permit(Permission.ACCOUNT_USE)
def own_sessions() -> ResponseReturnValue:
    """List the devices on which the person is signed in."""
    here = hash_of(session[TOKEN])
    found = queries.sessions_of(signed_in_person().id, at=clock.now())
    rows = [
        {"session": one, "device": device_name(one.device), "here": one.token_hash == here}
        for one in found
    ]
    rows.sort(key=lambda row: not row["here"])
    has_password = services.has_password(signed_in_person())
    return render_template("accounts/sessions.html", rows=rows, has_password=has_password)


@bp.post("/account/sessions/<uuid:session_id>/end")
@permit(Permission.ACCOUNT_USE, of=queries.own_session)
def end_session(found: UserSession) -> ResponseReturnValue:
    """Sign out on one other device."""
    services.end_session(found, by=signed_in_person(), at=clock.now())
    flash(
        _("You have signed out on this device: %(device)s.", device=device_name(found.device)),
        "success",
    )
    return redirect(url_for("accounts.own_sessions"))


@bp.post("/account/sessions/end-others")
@permit(Permission.ACCOUNT_USE)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    services.end_other_sessions(signed_in_person(), session[TOKEN], at=clock.now())
    flash(_("You have signed out everywhere else."), "success")
    return redirect(url_for("accounts.own_sessions"))
