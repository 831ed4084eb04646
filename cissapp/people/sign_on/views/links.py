"""Pages about the organisations' accounts that open a person's own account."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.sign_on import queries, services
from cissapp.people.sign_on.models import LinkedIdentity
from cissapp.people.sign_on.views.blueprint import bp


@bp.get("/account/sign-on")
@permit(Permission.ACCOUNT_USE)
def own() -> ResponseReturnValue:
    """List the organisations' accounts that open the person's own account, and those that could."""
    person = signed_in_person()
    links = queries.links_of(person.id)
    linked = {link.provider_id for link in links}
    others = [one for one in queries.providers_for(person) if one.id not in linked]
    has_password = accounts.has_password(person)
    return render_template(
        "sign_on/own.html", links=links, others=others, has_password=has_password
    )


@bp.post("/account/sign-on/<uuid:link_id>/end")
@permit(Permission.ACCOUNT_USE, of=queries.own_link)
def end_link(link: LinkedIdentity) -> ResponseReturnValue:
    """End a link of one's own."""
    person = signed_in_person()
    services.end_link(link, by=person, at=clock.now())
    if accounts.has_password(person):
        flash(_("The link has been removed. Sign in with your password from now on."), "success")
    else:
        flash(
            _(
                "The link has been removed. Your account has no password: to sign in again, choose “Forgotten your password?” on the sign-in page and set one."
            ),
            "warning",
        )
    return redirect(url_for("sign_on.own"))
