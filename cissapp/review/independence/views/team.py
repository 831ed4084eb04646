"""The people of a group: their open cases, their absences, and roles without an active holder."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit, reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.list_pages import place_asked
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import AssignmentProposalForm, MemberAbsenceForm
from cissapp.review.independence.phrases import problems_as_text
from cissapp.review.independence.rules import (
    CASE_ROLE_NAMES,
    POSSIBLE_CONFLICT_NAMES,
    CaseRole,
)
from cissapp.review.independence.views.blueprint import bp


@bp.route("/reviews/people", methods=["GET", "POST"])
@permit(Permission.APPLICATION_ASSIGN)
def team() -> ResponseReturnValue:
    """Show the workload of each person, who is away, and which open tasks have no active holder."""
    name = request.args.get("name", "")
    place = place_asked()
    found = queries.team(actor(), today=clock.today(), name=name, place=place)
    form = MemberAbsenceForm()
    form.ask([one.person for one in found.rows])
    if form.validate_on_submit():
        with form.catch_refusals():
            services.enter_absence(form.of(), *form.given(), by=actor(), at=clock.now())
            flash(_("The absence has been recorded."), "success")
            return redirect(url_for("independence.team"))
    return answer("independence/team.html", form, team=found, **_shown(name))


def _shown(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = {"name": name} if name else {}
    return {
        "name": name,
        "href": lambda **place: url_for("independence.team", **kept, **place),
        "most": queries.ROLES_AT_ONCE,
        "checked": None if queries.are_all_cases_checked(actor()) else queries.CASES_CHECKED,
        "orphans": [
            (one, problems_as_text(one.reasons))
            for one in queries.unattended_roles(actor(), today=clock.today())
        ],
        "role_names": CASE_ROLE_NAMES,
        "today": clock.today(),
    }


@bp.route("/reviews/proposal", methods=["GET", "POST"])
@permit(Permission.APPLICATION_ASSIGN)
def proposal() -> ResponseReturnValue:
    """Propose people for all free tasks of the group; assign the ticked lines as they were shown."""
    form = AssignmentProposalForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            _take_over(form.given())
            return redirect(url_for("independence.proposal"))
    return answer(
        "independence/proposal.html",
        form,
        proposal=queries.propose_assignments(actor(), today=clock.today()),
        role_names=CASE_ROLE_NAMES,
    )


def _take_over(given: list[tuple[UUID, CaseRole, UUID]]) -> None:
    """Assign the tasks; report how many were assigned, and why the others were not."""
    lines = []
    for case_id, role, person_id in given:
        case = queries.application(case_id)
        if case is None or not reaches(actor(), Permission.APPLICATION_ASSIGN, case):
            raise Missing
        lines.append((case, role, person_id))
    failed = services.assign_many(lines, by=actor(), at=clock.now())
    count = len(lines) - len(failed)
    if count:
        flash(
            ngettext("%(num)d task has been assigned.", "%(num)d tasks have been assigned.", count),
            "success",
        )
    for one in failed:
        flash(
            _(
                "Not assigned: %(role)s for %(school)s. %(why)s",
                role=_(CASE_ROLE_NAMES[one.role]),
                school=one.application.school.name,
                why=problems_as_text(one.reasons),
            ),
            "warning",
        )


@bp.get("/admin/exceptions")
@permit(Permission.PROGRAMME_READ)
def exceptions() -> ResponseReturnValue:
    """List the exceptions of the whole programme: who made which, and why."""
    return render_template(
        "independence/exceptions.html",
        exceptions=queries.exceptions(),
        conflict_names=POSSIBLE_CONFLICT_NAMES,
    )
