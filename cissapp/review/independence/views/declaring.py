"""The declaration of conflicts of interest, before an application opens."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import DeclarationForm, declaration_form
from cissapp.review.independence.rules import READABLE
from cissapp.review.independence.rules.involvement import is_mentor
from cissapp.review.independence.views.blueprint import bp


@bp.route("/reviews/<uuid:application_id>/declaration", methods=["GET", "POST"])
@permit(Permission.TIES_DECLARE, of=queries.application)
def declare(application: Application) -> ResponseReturnValue:
    """Ask for conflicts of interest with the school, known and possible; the answer is given once."""
    involvement = queries.involvement_of(application, actor().id, today=clock.today())
    if involvement.has_conflict is not None or is_mentor(involvement):
        return redirect(_here(application))
    if application.state not in READABLE:
        raise Missing
    form = _form(application)
    if form.validate_on_submit():
        grounds, note = form.given()
        with form.catch_refusals():
            services.declare(
                application,
                grounds=grounds,
                note=note,
                answers=form.answers(),
                by=actor(),
                at=clock.now(),
            )
            flash(_("Your declaration is saved."), "success")
            return redirect(_here(application))
    return answer(
        "independence/declare.html", form, application=application, here=_here(application)
    )


def _form(application: Application) -> DeclarationForm:
    person_id = actor().id
    if person_id is None:
        raise Missing
    possible_conflicts = queries.possible_conflicts_for(application, person_id)
    return declaration_form(
        possible_conflicts, content().standard.decision_text(languages.current())
    )


def _here(application: Application) -> str:
    """Return the address of the case, which for a guest is a separate page."""
    if can(Permission.APPLICATION_READ, application):
        return url_for("reviews.show", application_id=application.id)
    return url_for("independence.visit")
