"""A person who cannot continue with a case hands the own task back, or continues after all."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import DecisionText
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import HandBackForm, LateDeclarationForm
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.rules import CASE_ROLE_NAMES
from cissapp.review.independence.views.blueprint import bp


def own_task(application: Application) -> Assignment:
    """Return the task of who is signed in; raise `Refused` if it has ended, `Missing` if there never was one."""
    found = queries.own_task(application, actor().id)
    if found is not None:
        return found
    if queries.assignment_of(application.id, actor().id) is None:
        raise Missing
    raise Refused(services.NO_TASK)


@bp.route("/reviews/<uuid:application_id>/hand-back", methods=["GET", "POST"])
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
def hand_back(application: Application) -> ResponseReturnValue:
    """Hand the own task back with a reason; a coordinator then gives it to another person.

    With a conflict of interest the person leaves the case at once, with or without a task.
    """
    held = queries.own_task(application, actor().id)
    if held is None:
        return _declare_without_task(application)
    # A page that was opened before may still send the reason for a task that was handed back since.
    form = HandBackForm()
    is_again = held.handed_back_at is not None and not form.reason.raw_data
    if held.done_at is not None or is_again:
        return _declare_late(application, held)
    form.ask(_questions())
    if form.validate_on_submit():
        with form.catch_refusals():
            return _hand_back(application, held, *form.given())
    return answer(
        "independence/hand_back.html",
        form,
        application=application,
        held=held,
        role_names=CASE_ROLE_NAMES,
    )


def _questions() -> DecisionText:
    return content().standard.decision_text(languages.current())


def _hand_back(
    application: Application, held: Assignment, grounds: list[str], reason: str
) -> ResponseReturnValue:
    if grounds:
        return _leave(application, grounds, reason)
    if services.hand_back(application, held, reason=reason, by=actor(), at=clock.now()):
        flash(_("Your coordinators have been told that you cannot continue."), "success")
    return redirect(url_for("independence.hand_back", application_id=application.id))


def _leave(application: Application, grounds: list[str], note: str) -> ResponseReturnValue:
    told = services.declare_late(
        application, grounds=grounds, note=note, by=actor(), at=clock.now()
    )
    if told is None:
        flash(_("Your declaration is saved."), "success")
    elif told:
        flash(_("You have left this case. Your coordinators have been told."), "success")
    else:
        flash(
            _(
                "You have left this case. Your group has no other coordinator, so the secretariat has been told."
            ),
            "success",
        )
    return redirect(url_for("reviews.show", application_id=application.id))


def _declare_late(application: Application, held: Assignment | None) -> ResponseReturnValue:
    """Leave a case because of a conflict of interest, with a review submitted, a task handed back, or none."""
    form = LateDeclarationForm()
    form.ask(_questions())
    if not form.note.data:
        # Typed on the page for a task that has ended since.
        form.note.data = HandBackForm().reason.data or ""
    if form.validate_on_submit():
        with form.catch_refusals():
            return _leave(application, *form.given())
    page = "declare_late" if held is None or held.done_at else "handed_back"
    return answer(f"independence/{page}.html", form, application=application, held=held)


def _declare_without_task(application: Application) -> ResponseReturnValue:
    """Leave a case in which nothing is to do now; raise `Missing` for whoever cannot declare anything there."""
    if queries.may_declare_late(application, actor().id):
        return _declare_late(application, None)
    if request.method != "POST":
        raise Missing
    # From a page that was opened before: by the second of two clicks, or after the task had ended.
    declared = queries.declaration_of(application, actor().id)
    sent = HandBackForm().grounds.data
    if declared and declared.has_conflict and sent == declared.grounds:
        return redirect(url_for("reviews.show", application_id=application.id))
    raise Refused(services.NO_TASK)


@bp.post("/reviews/<uuid:application_id>/hand-back/undo")
@permit(Permission.APPLICATION_REVIEW, of=queries.application)
def keep_role(application: Application) -> ResponseReturnValue:
    """Continue with the own task after all."""
    services.keep_role(application, own_task(application), by=actor(), at=clock.now())
    flash(_("You are continuing with this case."), "success")
    return redirect(url_for("reviews.show", application_id=application.id))
