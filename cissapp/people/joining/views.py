"""Pages of a join request: for the school that asks, and for the group that answers."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, can, permit, public, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.help_lines import show_help_of
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts.rules import Duty
from cissapp.people.joining import queries, services
from cissapp.people.joining.forms import InviteFromRequestForm, JoinRequestForm, RefuseJoinForm
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import CONFIRM_WITHIN, usual_days
from cissapp.people.schools import queries as schools

bp = Blueprint("joining", __name__, template_folder="templates")


@bp.app_context_processor
def links() -> dict[str, Callable[[], int]]:
    """Offer a room below, for its list of schools, the number of pending join requests."""
    return {"join_requests_waiting": join_requests_waiting}


def join_requests_waiting() -> int:
    """Count the join requests that the person's group has not answered; 0 for other people."""
    person = signed_in()
    if person is None or not can(Permission.JOIN_REQUEST_READ):
        return 0
    return queries.count_waiting(person)


def _countries() -> list[tuple[str, str]]:
    """List the countries that have content, sorted by name in the language of the page."""
    by_name = languages.in_order_of(languages.current())
    named = [(code, languages.country_name(code)) for code in content().countries]
    return sorted(named, key=lambda one: by_name(one[1]))


@bp.route("/join", methods=["GET", "POST"])
@public
@limit("10 per hour", methods=["POST"])
def ask() -> ResponseReturnValue:
    """Accept a school's join request; the response is the same whatever is known about the school."""
    wanted = request.args.get("country", "").upper()
    show_help_of(wanted or None)
    form = JoinRequestForm(countries=_countries(), country=wanted)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.ask_to_join(form.given(), language=languages.current(), at=clock.now())
            return redirect(url_for("joining.asked"), HTTPStatus.SEE_OTHER)
    return answer("joining/ask.html", form)


@bp.get("/join/asked")
@public
def asked() -> ResponseReturnValue:
    """Show what happens next to a school that asked."""
    return render_template("joining/asked.html", days=CONFIRM_WITHIN.days)


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
@limit("60 per 5 minutes")
def confirm(token: str) -> ResponseReturnValue:
    """Confirm a join request by the link in a mail; only the button does it, since programs follow links."""
    found = queries.by_token(token, clock.now())
    if found is None:
        return render_template("joining/link_is_old.html"), HTTPStatus.GONE
    form = Form()
    if form.validate_on_submit():
        services.confirm(found, at=clock.now())
        address = url_for("joining.confirmed", country=found.country_code)
        return redirect(address, HTTPStatus.SEE_OTHER)
    return answer("joining/confirm.html", form, found=found, country=languages.country_name)


@bp.get("/join/confirmed")
@public
def confirmed() -> ResponseReturnValue:
    """Show that the national group now has the request, and within how many days it usually answers."""
    times = queries.answer_times(request.args.get("country", ""))
    return render_template("joining/confirmed.html", days=usual_days(times), count=len(times))


# --- the group ---------------------------------------------------------------------------------


@bp.get("/schools/requests")
@permit(Permission.JOIN_REQUEST_READ)
def requests() -> ResponseReturnValue:
    """List the schools that ask for an invitation, and those that were answered."""
    return render_template(
        "joining/requests.html",
        waiting=queries.waiting_requests(actor()),
        answered=queries.answered_requests(actor()),
        country=languages.country_name,
    )


def _matches(found: JoinRequest) -> list[tuple[str, str]]:
    """List the schools of the register that the request may come from, the likeliest first."""
    return [
        (
            str(one.id),
            _("%(name)s, %(place)s (%(code)s)", name=one.name, place=one.locality, code=one.code),
        )
        for one in queries.matches_of(found)
    ]


@bp.route("/schools/requests/<uuid:request_id>", methods=["GET", "POST"])
@permit(Permission.JOIN_REQUEST_ANSWER, of=queries.join_request)
@limit("60 per hour", methods=["POST"])
def show(found: JoinRequest) -> ResponseReturnValue:
    """Show a join request beside the register, and invite the school."""
    matches = _matches(found)
    form = InviteFromRequestForm(
        schools=matches, duty=Duty.HEAD.value, name=found.person_name, email=found.email
    )
    if form.validate_on_submit():
        with form.catch_refusals():
            _invite(found, form)
            flash(
                _("We are sending the invitation to %(email)s.", email=form.email.data), "success"
            )
            return redirect(url_for("joining.requests"))
    return answer(
        "joining/show.html",
        form,
        found=found,
        matches=matches,
        country=languages.country_name,
    )


def _invite(found: JoinRequest, form: InviteFromRequestForm) -> None:
    school_id, duty, email, name = form.given()
    school = schools.school(school_id)
    if school is None:
        raise Missing
    services.invite_from_request(
        found, school, duty=duty, email=email, name=name, by=actor(), at=clock.now()
    )


@bp.route("/schools/requests/<uuid:request_id>/refuse", methods=["GET", "POST"])
@permit(Permission.JOIN_REQUEST_ANSWER, of=queries.join_request)
def refuse(found: JoinRequest) -> ResponseReturnValue:
    """Refuse a join request, with a reason that is mailed to the school."""
    form = RefuseJoinForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.refuse(found, form.given(), by=actor(), at=clock.now())
            flash(_("We will email your reason to the school."), "success")
            return redirect(url_for("joining.requests"))
    return answer("joining/refuse.html", form, found=found)
