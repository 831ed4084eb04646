"""Pages of the people outside schools: invite them, close an account."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.roles import ROLE_NAMES, Role
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import other_pages, place_asked
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts import services as accounts_services
from cissapp.people.accounts.models import Invitation, User
from cissapp.people.enrolment import queries, services
from cissapp.people.enrolment.forms import STAFF_FORMS, OfficerRegionForm
from cissapp.people.enrolment.views import names
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools import queries as schools


def _place(one: User | Invitation) -> str:
    """Name the place that a person's role is bound to."""
    if one.group:
        return one.group.name
    if one.region_code:
        return names.region_place(one.region_code)
    return languages.country_name(one.country_code)


@bp.get("/admin/people")
@permit(Permission.PROGRAMME_READ)
def staff() -> ResponseReturnValue:
    """List the people outside schools, and the pending invitations."""
    name = request.args.get("name", "")
    people = queries.staff_page(name, place_asked())
    invitations = queries.staff_invitations(place_asked("invited_"))
    return render_template(
        "enrolment/staff.html",
        people=people,
        name=name,
        href=other_pages(),
        bounced=queries.bounced_among(
            [one.email for one in people.rows] + [one.email for one in invitations.rows]
        ),
        invitations=invitations,
        invited=other_pages("invited_"),
        role_names=ROLE_NAMES,
        roles=list(STAFF_FORMS),
        place_name=_place,
        now=clock.now(),
    )


def _role(role: str) -> Role:
    """Find a role that people are invited to here; raise `Missing` for any other."""
    if role not in STAFF_FORMS:
        raise Missing
    return Role(role)


@bp.route("/admin/people/new/<role>", methods=["GET", "POST"])
@permit(Permission.PROGRAMME_EDIT, of=_role)
@limit("60 per hour", methods=["POST"])
def invite_staff(role: Role) -> ResponseReturnValue:
    """Invite somebody to a role, bound to the place that it needs."""
    places = _places(role)
    form = STAFF_FORMS[role](
        languages=list(languages.NAMES.items()),
        places=places,
        language=languages.current(),
        group_id=request.args.get("group", ""),
    )
    if form.validate_on_submit():
        invitee, scope = form.given()
        with form.catch_refusals():
            services.invite_staff(role, invitee, scope=scope, by=actor(), at=clock.now())
            flash(_("We are sending the invitation to %(email)s.", email=invitee.email), "success")
            return redirect(url_for("enrolment.staff"))
    role_name = _(ROLE_NAMES[role])
    return answer("enrolment/invite_staff.html", form, role_name=role_name, places=places)


def _places(role: Role) -> names.Choices:
    """List the places that a role can be bound to."""
    if role in {Role.REVIEWER, Role.COORDINATOR}:
        return [(str(group.id), group.name) for group in schools.groups() if not group.to_on]
    if role is Role.REGION_OFFICER:
        return names.region_choices(names.open_packs())
    return names.country_choices(names.open_packs().values())


@bp.route("/admin/people/<uuid:user_id>/close", methods=["GET", "POST"])
@permit(Permission.PROGRAMME_EDIT, of=accounts.person)
def close_account(person: User) -> ResponseReturnValue:
    """Close an account."""
    form = Form()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.close_account(person, by=actor(), at=clock.now())
            flash(_("The account of %(name)s has been closed.", name=person.name), "success")
            return _after_close(person)
    return answer("enrolment/close_account.html", form, person=person, role_names=ROLE_NAMES)


def _officer(user_id: UUID) -> User | None:
    person = accounts.person(user_id)
    return person if person and person.role is Role.REGION_OFFICER else None


@bp.route("/admin/people/<uuid:user_id>/region", methods=["GET", "POST"])
@permit(Permission.PROGRAMME_EDIT, of=_officer)
def officer_region(person: User) -> ResponseReturnValue:
    """Move a region officer to another region of the country, for example after a reform."""
    country_code = person.country_code or ""
    form = OfficerRegionForm(regions=names.region_choices(names.packs([country_code])))
    if form.validate_on_submit():
        with form.catch_refusals():
            accounts_services.move_to_region(
                person, form.region_code.data, by=actor(), at=clock.now()
            )
            place = _place(person)
            flash(_("%(name)s: now %(region)s.", name=person.name, region=place), "success")
            return redirect(url_for("enrolment.staff"))
    return answer("enrolment/officer_region.html", form, person=person, region=_place(person))


def _after_close(person: User) -> ResponseReturnValue:
    if person.school_id:
        return redirect(url_for("enrolment.show", school_id=person.school_id))
    return redirect(url_for("enrolment.staff"))


def _waiting(invitation_id: UUID) -> Invitation | None:
    return queries.staff_invitation(invitation_id)


@bp.post("/admin/invitations/<uuid:invitation_id>/withdraw")
@permit(Permission.PROGRAMME_EDIT, of=_waiting)
def withdraw_staff(invitation: Invitation) -> ResponseReturnValue:
    """Take an invitation back."""
    services.withdraw(invitation, by=actor(), at=clock.now())
    flash(_("The invitation for %(name)s has been withdrawn.", name=invitation.name), "success")
    return redirect(url_for("enrolment.staff"))


@bp.post("/admin/invitations/<uuid:invitation_id>/resend")
@permit(Permission.PROGRAMME_EDIT, of=_waiting)
@limit("60 per hour")
def resend_staff(invitation: Invitation) -> ResponseReturnValue:
    """Send an invitation again, with a new link."""
    services.resend(invitation, by=actor(), at=clock.now())
    flash(_("We are sending a new link to %(email)s.", email=invitation.email), "success")
    return redirect(url_for("enrolment.staff"))
