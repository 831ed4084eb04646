"""What people of a group state about themselves: employer and town, absences, and their own mentorings."""

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.list_pages import place_asked
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import AbsenceForm, BackgroundForm
from cissapp.review.independence.models import Absence
from cissapp.review.independence.views.blueprint import bp


@bp.route("/account/independence", methods=["GET", "POST"])
@permit(Permission.TIES_STATE)
def own() -> ResponseReturnValue:
    """Show what people state about themselves, their mentorings and absences; save employer and town."""
    person = actor()
    form = BackgroundForm(obj=queries.background_of(person.id))
    if form.validate_on_submit():
        services.state_background(**form.given(), by=person, at=clock.now())
        flash(_("Saved. It is only used to find possible conflicts."), "success")
        return redirect(url_for("independence.own"))
    return answer("independence/own.html", form, **_lists(person))


def _lists(person: Actor) -> dict[str, object]:
    if person.id is None:
        raise Missing
    place = place_asked()
    return {
        "mentorings": queries.mentorings_page(person.id, place),
        "href": partial(url_for, "independence.own"),
        "absences": queries.absences_of([person.id], clock.today()),
    }


@bp.route("/account/absences/new", methods=["GET", "POST"])
@permit(Permission.TIES_STATE)
def away() -> ResponseReturnValue:
    """Enter when the person is away."""
    person, form = actor(), AbsenceForm()
    if form.validate_on_submit() and person.id:
        with form.catch_refusals():
            services.enter_absence(person.id, *form.given(), by=person, at=clock.now())
            flash(
                _("Your absence has been recorded. Your coordinator can see your open cases."),
                "success",
            )
            return redirect(url_for("independence.own"))
    return answer("independence/away.html", form)


@bp.post("/account/absences/<uuid:absence_id>/remove")
@permit(Permission.TIES_STATE, of=queries.absence)
def remove_absence(absence: Absence) -> ResponseReturnValue:
    """Delete an absence."""
    mine = absence.person_id == actor().id
    services.remove_absence(absence, by=actor(), at=clock.now())
    flash(_("The absence has been removed."), "success")
    return redirect(url_for("independence.own" if mine else "independence.team"))
