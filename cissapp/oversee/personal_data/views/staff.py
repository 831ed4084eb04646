"""The secretariat asks for the erasure of a person who left."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import ROLE_NAMES
from cissapp.foundation.web.forms import Form, answer, shown
from cissapp.oversee.personal_data.queries.duties import open_duties
from cissapp.oversee.personal_data.queries.requests import open_request
from cissapp.oversee.personal_data.queries.schema import person as person_by_id
from cissapp.oversee.personal_data.rules.columns import KEPT_NAMES
from cissapp.oversee.personal_data.rules.retention import ERASURE_WAITS
from cissapp.oversee.personal_data.services import requests
from cissapp.oversee.personal_data.views.blueprint import bp
from cissapp.people.accounts.models import User


@bp.route("/admin/people/<uuid:user_id>/erasure", methods=["GET", "POST"])
@permit(Permission.PERSON_ERASE, of=person_by_id)
def erase_person(person: User) -> ResponseReturnValue:
    """Ask for the erasure of somebody whose account is closed."""
    form = Form()
    if form.validate_on_submit():
        with form.catch_refusals():
            requests.ask_erasure(person, by=actor(), at=clock.now())
            flash(
                _("Your request has been saved. You can stop it below until it is done."), "success"
            )
            return redirect(url_for("personal_data.erase_person", user_id=person.id))
    return answer(
        "personal_data/erase_person.html",
        form,
        person=person,
        role_names=ROLE_NAMES,
        stays=[_(name) for name in KEPT_NAMES.values()],
        duties=[shown(problem) for problem in open_duties(person)],
        waiting=open_request(person.id),
        waits=ERASURE_WAITS.days,
    )


@bp.post("/admin/people/<uuid:user_id>/erasure/stop")
@permit(Permission.PERSON_ERASE, of=person_by_id)
def stop_erasing_person(person: User) -> ResponseReturnValue:
    """Stop the erasure of somebody."""
    requests.stop_erasure(person, by=actor(), at=clock.now())
    flash(_("Nothing will be erased."), "success")
    return redirect(url_for("personal_data.erase_person", user_id=person.id))
