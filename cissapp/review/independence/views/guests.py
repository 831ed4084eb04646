"""Guest auditors: the coordinator's list at a case, and the guest's own first page."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts import queries as accounts
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import GuestForm
from cissapp.review.independence.rules.involvement import (
    may_open,
    must_declare,
    reasons_not_to_open,
)
from cissapp.review.independence.views.blueprint import bp


@bp.route("/reviews/<uuid:application_id>/guests", methods=["GET", "POST"])
@permit(Permission.GUEST_INVITE, of=queries.application)
def guests(application: Application) -> ResponseReturnValue:
    """List the guests of a case; invite another one."""
    form = GuestForm(language=application.school.language)
    form.ask()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.invite_guest(application, form.given(), by=actor(), at=clock.now())
            flash(_("The guest has been invited by email."), "success")
            return redirect(url_for("independence.guests", application_id=application.id))
    found, now = queries.guests_of(application), clock.now()
    own = queries.involvement_of(application, actor().id, today=clock.today())
    return answer(
        "independence/guests.html",
        form,
        application=application,
        guests=found,
        closed=[shown(one) for one in reasons_not_to_open(own)],
        must_declare=must_declare(own),
        uninvited=queries.guests_uninvited(application, found, at=now),
        waiting=accounts.guest_invitations(application.id),
        now=now,
    )


@bp.post("/reviews/<uuid:application_id>/guests/<uuid:guest_id>/resend")
@permit(Permission.GUEST_INVITE, of=queries.application)
@limit("60 per hour")
def invite_guest_again(application: Application, guest_id: UUID) -> ResponseReturnValue:
    """Send the invitation of a guest again, with a new link."""
    guest = queries.guest(application, guest_id)
    services.invite_guest_again(guest, by=actor(), at=clock.now())
    flash(_("We are sending a new link to %(email)s.", email=guest.email), "success")
    return redirect(url_for("independence.guests", application_id=application.id))


@bp.post("/reviews/<uuid:application_id>/guests/<uuid:guest_id>/end")
@permit(Permission.GUEST_INVITE, of=queries.application)
def end_guest(application: Application, guest_id: UUID) -> ResponseReturnValue:
    """End a visit before its time."""
    services.end_guest(queries.guest(application, guest_id), by=actor(), at=clock.now())
    flash(_("The visit has ended. This guest can no longer open anything."), "success")
    return redirect(url_for("independence.guests", application_id=application.id))


@bp.get("/visit")
@permit(Permission.CASE_READ, of=queries.own_case)
def visit(application: Application) -> ResponseReturnValue:
    """Show guests their case, the purpose, the end of their access, and what they can open."""
    involvement = queries.involvement_of(application, actor().id, today=clock.today())
    return render_template(
        "independence/visit.html",
        application=application,
        leave=queries.guest_pass_of(actor()),
        involvement=involvement,
        opens=may_open(involvement),
    )
