"""Pages of invitations to a school, and the school's own page of people."""

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Forbidden, Missing
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.people.accounts import queries as people_queries
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.enrolment import queries, services
from cissapp.people.enrolment.forms import InviteForm
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import group_of_school, own_school
from cissapp.people.schools.queries import school as find_school

RATE = "60 per hour"


def _people_page(school: School) -> Response:
    """Redirect to the page where the person sees the people of the school."""
    if actor().role is Role.SCHOOL_MANAGER:
        return redirect(url_for("enrolment.people"))
    return redirect(url_for("enrolment.show", school_id=school.id))


def _invite(school: School, template: str) -> ResponseReturnValue:
    duties = services.duties_open_to(actor())
    if not duties:
        raise Forbidden
    form = InviteForm(duties=duties)
    if form.validate_on_submit():
        duty, email, name = form.given()
        earlier = queries.open_invitation_of(school, email, clock.now())
        with form.catch_refusals():
            services.invite_to_school(
                school, duty=duty, email=email, name=name, by=actor(), at=clock.now()
            )
            flash(_sent(email, earlier), "success")
            return _people_page(school)
    return answer(template, form, school=school)


def _sent(email: str, earlier: Invitation | None) -> str:
    """Return the message to whom the invitation goes, and which earlier one it replaces."""
    if earlier is None or earlier.duty is None:
        return str(_("We are sending the invitation to %(email)s.", email=email))
    return str(
        _(
            "We are sending the invitation to %(email)s. The earlier one to this address (%(duty)s) no longer works.",
            email=email,
            duty=_(DUTY_NAMES[earlier.duty]),
        )
    )


@bp.route("/schools/<uuid:school_id>/invitations/new", methods=["GET", "POST"])
@permit(Permission.PERSON_INVITE, of=find_school)
@limit(RATE, methods=["POST"])
def invite(school: School) -> ResponseReturnValue:
    """Invite the head, the deputy or the designated person of a school."""
    return _invite(school, "enrolment/invite.html")


@bp.get("/school/people")
@permit(Permission.SCHOOL_READ, of=own_school)
def people(school: School) -> ResponseReturnValue:
    """Show the colleagues, and whom the school has invited."""
    place = place_asked()
    return render_template(
        "enrolment/people.html",
        school=school,
        people=people_queries.people_page(school.id, place),
        href=partial(url_for, "enrolment.people"),
        invitations=people_queries.invitations_of_school(school.id),
        bounced=queries.bounced_of_school(school.id),
        duties=services.duties_open_to(actor()),
        duty_names=DUTY_NAMES,
        lacks_head=queries.lacks_head(school, clock.now()),
        group=group_of_school(school.id),
        now=clock.now(),
    )


@bp.route("/school/people/new", methods=["GET", "POST"])
@permit(Permission.PERSON_INVITE, of=own_school)
@limit(RATE, methods=["POST"])
def invite_colleague(school: School) -> ResponseReturnValue:
    """Invite the deputy or the designated person of the person's own school."""
    return _invite(school, "enrolment/invite_colleague.html")


def _invitation(school: School, invitation_id: UUID) -> Invitation:
    found = queries.invitation_of_school(school, invitation_id)
    if found is None:
        raise Missing
    return found


@bp.post("/schools/<uuid:school_id>/invitations/<uuid:invitation_id>/withdraw")
@permit(Permission.PERSON_INVITE, of=find_school)
def withdraw(school: School, invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    invitation = _invitation(school, invitation_id)
    services.withdraw(invitation, by=actor(), at=clock.now())
    flash(_("The invitation for %(name)s has been withdrawn.", name=invitation.name), "success")
    return _people_page(school)


@bp.post("/schools/<uuid:school_id>/invitations/<uuid:invitation_id>/resend")
@permit(Permission.PERSON_INVITE, of=find_school)
@limit(RATE)
def resend(school: School, invitation_id: UUID) -> ResponseReturnValue:
    """Send an invitation again, with a new link."""
    invitation = _invitation(school, invitation_id)
    services.resend(invitation, by=actor(), at=clock.now())
    flash(_("We are sending a new link to %(email)s.", email=invitation.email), "success")
    return _people_page(school)
