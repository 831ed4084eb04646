"""A person who cannot continue with a case hands the own task back, or continues after all."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import HandBackForm, TakeBackForm
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import CASE_ROLE_NAMES
from cissapp.review.independence.views.blueprint import bp


def own_task(application: Application) -> Assignment:
    """Return the task of who is signed in; raise `Missing` if there is none that can be handed back."""
    found = queries.own_task(application, actor().id)
    if found is None:
        raise Missing
    return found


@bp.route("/reviews/<uuid:application_id>/hand-back", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
def hand_back(application: Application) -> ResponseReturnValue:
    """Hand the own task back with a reason; a coordinator then gives it to another person."""
    held, form = own_task(application), HandBackForm()
    if held.done_at is not None:
        return _take_back(application)
    if form.validate_on_submit():
        reason = form.reason.data or ""
        with form.catch_refusals():
            told = services.hand_back(application, held, reason=reason, by=actor(), at=clock.now())
            if told:
                flash(_("Your coordinators have been told that you cannot continue."), "success")
            return redirect(url_for("independence.hand_back", application_id=application.id))
    return answer(
        "independence/hand_back.html",
        form,
        application=application,
        held=held,
        role_names=CASE_ROLE_NAMES,
    )


def _take_back(application: Application) -> ResponseReturnValue:
    """Take the own submitted review back because of a conflict of interest, which closes the case."""
    form = TakeBackForm()
    form.ask(content().standard.decision_text(languages.current()))
    if form.validate_on_submit():
        grounds, note = form.given()
        with form.catch_refusals():
            services.take_back(application, grounds=grounds, note=note, by=actor(), at=clock.now())
            flash(_("Your review has been taken back and no longer counts."), "success")
            return redirect(url_for("reviews.show", application_id=application.id))
    return answer("independence/take_back.html", form, application=application)


@bp.post("/reviews/<uuid:application_id>/hand-back/undo")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
def keep_role(application: Application) -> ResponseReturnValue:
    """Continue with the own task after all."""
    services.keep_role(application, own_task(application), by=actor(), at=clock.now())
    flash(_("You are continuing with this case."), "success")
    return redirect(url_for("reviews.show", application_id=application.id))
