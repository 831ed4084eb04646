"""Pages on which people change their own name and email address."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts import services
from cissapp.people.accounts.forms import NameForm, NewAddressForm
from cissapp.people.accounts.sessions import (
    own_proof,
    signed_in_person,
    validate_with_proof,
    ways_to_sign_in_again,
)
from cissapp.people.accounts.views.blueprint import bp


@bp.app_context_processor
def _proofs() -> dict[str, object]:
    """Provide templates of all rooms with how people show that it is they."""
    return {"own_proof": own_proof, "ways_to_sign_in_again": ways_to_sign_in_again}


@bp.route("/account/name", methods=["GET", "POST"])
@permit(Permission.ACCOUNT_USE)
@limit("20 per 5 minutes", methods=["POST"])
def change_name() -> ResponseReturnValue:
    """Change the person's own name."""
    person = signed_in_person()
    form = NameForm(name=person.name)
    if form.validate_on_submit():
        services.rename(person, form.given(), at=clock.now())
        flash(_("Your name has been changed."), "success")
        return redirect(url_for("accounts.account"))
    return answer("accounts/change_name.html", form)


@bp.route("/account/email", methods=["GET", "POST"])
@permit(Permission.ACCOUNT_USE)
@limit("20 per 5 minutes", methods=["POST"])
def change_email() -> ResponseReturnValue:
    """Ask for a link that proves a new address."""
    form = NewAddressForm()
    person = signed_in_person()
    if validate_with_proof(form, "current_password"):
        email = form.given()
        with form.catch_refusals():
            services.ask_new_address(person, email, at=clock.now())
            flash(
                _(
                    "We have sent an email to %(email)s. Open the link in it within one day. Until then, you sign in with your old address.",
                    email=email,
                ),
                "success",
            )
            return redirect(url_for("accounts.account"))
    return answer("accounts/change_email.html", form, email=person.email)


@bp.route("/account/email/<token>", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes")
def confirm_email(token: str) -> ResponseReturnValue:
    """Use a new address by the link in a mail; only the button does it, since programs follow links."""
    found = services.asked_address(token, at=clock.now())
    if found is None:
        return render_template("accounts/link_is_old.html"), HTTPStatus.GONE
    form = Form()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.confirm_new_address(token, at=clock.now())
            flash(_("Your email address has been changed. Sign in with the new one."), "success")
            return redirect(url_for("accounts.sign_in"))
    return answer("accounts/confirm_email.html", form, email=found.email)


@bp.route("/account/email/restore/<token>", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes")
def restore_email(token: str) -> ResponseReturnValue:
    """Restore an earlier address by the link in a mail, and choose a new password."""
    found = services.former_address(token, at=clock.now())
    if found is None:
        return render_template("accounts/link_is_old.html"), HTTPStatus.GONE
    form = Form()
    if form.validate_on_submit():
        with form.catch_refusals():
            reset = services.restore_address(token, at=clock.now())
            flash(_("Your email address has been restored. Now choose a new password."), "success")
            return redirect(url_for("accounts.reset", token=reset))
    return answer("accounts/restore_email.html", form, email=found.email)
