"""Helps somebody who lost the second factor."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import ROLE_NAMES
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts.sessions import signed_in_person
from cissapp.people.factors import queries, services
from cissapp.people.factors.queries import AccountInGroup
from cissapp.people.factors.views.blueprint import bp


@bp.route("/group/accounts/<uuid:account_id>/factors", methods=["GET", "POST"])
@permit(Permission.FACTORS_RESET, of=queries.account_in_group)
@limit("30 per hour", methods=["POST"])
def reset(account: AccountInGroup) -> ResponseReturnValue:
    """Reset the second factor of somebody who lost it."""
    form, person = Form(), account.person
    if form.validate_on_submit():
        with form.catch_refusals():
            services.reset_factors(account, by=signed_in_person(), at=clock.now())
            flash(_("The second factor of %(name)s has been reset.", name=person.name), "success")
            return redirect(url_for("home.start"))
    return answer("factors/reset.html", form, person=person, role_name=_(ROLE_NAMES[person.role]))
