"""Pages of a handover: for head and successor, and for the coordinator of the group."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Forbidden
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.drafts.page_drafts import value_or_draft
from cissapp.foundation.web.forms import answer, flash_refusals
from cissapp.foundation.web.limits import limit
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.sessions import end, signed_in_person
from cissapp.people.handover import queries, services
from cissapp.people.handover.forms import HandoverForm, person_chosen
from cissapp.people.handover.models import Handover
from cissapp.people.handover.rules.handovers import AFTERWARDS_NAMES, HANDOVER_LASTS, is_open
from cissapp.people.handover.views.blueprint import bp
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.people.schools.queries import school as find_school

RATE = "20 per hour"


@bp.get("/school/people/handover")
@permit(Permission.HANDOVER_READ, of=own_school)
def of_own_school(school: School) -> ResponseReturnValue:
    """Show the people of a school the handover that is under way, and what they can do."""
    return _page(school)


@bp.get("/schools/<uuid:school_id>/handover")
@permit(Permission.HANDOVER_READ, of=find_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show the coordinator the handover of a school that is under way."""
    return _page(school)


def _page(school: School) -> ResponseReturnValue:
    """Render the handover of a school: what is under way, or the way to start one."""
    person = signed_in_person()
    found = queries.open_handover_of_school(school.id)
    if found and not is_open(found.ended_at, found.expires_at, clock.now()):
        found = None
    return render_template(
        "handover/show.html",
        school=school,
        found=found,
        may_start=_may_start(person),
        may_stop=found is not None and services.may_stop(found, person),
        may_confirm=found is not None and services.is_successor(found, person),
        may_resend=found is not None and services.may_resend(found, person),
        afterwards_names=AFTERWARDS_NAMES,
    )


def _may_start(person: User) -> bool:
    return person.role is Role.COORDINATOR or person.duty is Duty.HEAD


@bp.route("/school/people/handover/new", methods=["GET", "POST"])
@permit(Permission.HANDOVER_MANAGE, of=own_school)
@limit(RATE, methods=["POST"])
def start_as_head(school: School) -> ResponseReturnValue:
    """Start a handover as the head of the school."""
    return _start(school)


@bp.route("/schools/<uuid:school_id>/handover/new", methods=["GET", "POST"])
@permit(Permission.HANDOVER_MANAGE, of=find_school)
@limit(RATE, methods=["POST"])
def start(school: School) -> ResponseReturnValue:
    """Start a handover as the coordinator, for example because the head has left."""
    return _start(school)


def _start(school: School) -> ResponseReturnValue:
    person = signed_in_person()
    if not _may_start(person):
        raise Forbidden
    heads = queries.heads_of_school(school.id)
    form, search = _offered(school, has_head=bool(heads))
    if form.validate_on_submit():
        with form.catch_refusals():
            services.start_handover(school, *form.given(), by=person, at=clock.now())
            flash(
                _("The handover has started. Nothing changes until the new head agrees."),
                "success",
            )
            return redirect(_address(school))
    return answer(
        "handover/start.html",
        form,
        school=school,
        head=person if person.duty is Duty.HEAD else next(iter(heads), None),
        search=search,
        days=(HANDOVER_LASTS.days, content().standard.decision.upkeep.quorum_days),
        back=_address(school),
    )


class ColleagueSearch(NamedTuple):
    """The name that is searched for, and whether the school has more people than are offered."""

    name: str
    more: bool


def _offered(school: School, *, has_head: bool) -> tuple[HandoverForm, ColleagueSearch]:
    """Return the form with the people to choose from, and the search for others."""
    form, name = HandoverForm(has_head=has_head), request.args.get("colleague", "")
    chosen = person_chosen(value_or_draft(form.successor))
    colleagues, more = queries.colleagues_offered(school.id, name=name, chosen=chosen)
    form.ask(colleagues)
    return form, ColleagueSearch(name, more)


def _address(school: School) -> str:
    if actor().role is Role.SCHOOL_MANAGER:
        return url_for("handover.of_own_school")
    return url_for("handover.of_school", school_id=school.id)


@bp.post("/handovers/<uuid:handover_id>/confirm")
@permit(Permission.HANDOVER_MANAGE, of=queries.handover)
def confirm(handover: Handover) -> ResponseReturnValue:
    """Agree, as the successor: the duties change, and both sign in again."""
    with flash_refusals():
        services.confirm_handover(handover, by=actor(), at=clock.now())
        end()
        flash(_("You are now the head of the school. Sign in again to continue."), "success")
        return redirect(url_for("accounts.sign_in"))
    return redirect(_address(handover.school))


@bp.post("/handovers/<uuid:handover_id>/stop")
@permit(Permission.HANDOVER_MANAGE, of=queries.handover)
def stop(handover: Handover) -> ResponseReturnValue:
    """Stop a handover; nothing was changed by it."""
    with flash_refusals():
        services.stop_handover(handover, by=actor(), at=clock.now())
        flash(_("The handover has ended. Nothing was changed."), "success")
    return redirect(_address(handover.school))


@bp.post("/handovers/<uuid:handover_id>/resend")
@permit(Permission.HANDOVER_MANAGE, of=queries.handover)
@limit(RATE)
def resend(handover: Handover) -> ResponseReturnValue:
    """Send the successor a new link."""
    with flash_refusals():
        services.resend_invitation(handover, by=actor(), at=clock.now())
        flash(_("We are sending a new link to %(email)s.", email=handover.email), "success")
    return redirect(_address(handover.school))
