"""The people of a case: who has which task, and who may take one, with the reasons against all others."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.drafts.page_drafts import value_or_draft
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import queries, services
from cissapp.review.independence.forms import (
    AssignForm,
    HandoverForm,
    WaiverForm,
    person_chosen,
)
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.phrases import problems_as_text
from cissapp.review.independence.queries import RoleCandidate, RoleCandidates
from cissapp.review.independence.rules import (
    ASSIGNABLE_ROLES,
    CASE_ROLE_NAMES,
    POSSIBLE_CONFLICT_NAMES,
    UNDER_REVIEW,
    WORKING_ROLES,
    ConflictAnswer,
    PossibleConflict,
)
from cissapp.review.independence.rules.involvement import reasons_to_stay_closed
from cissapp.review.independence.views.blueprint import bp, name_searched


@bp.route("/reviews/<uuid:application_id>/people", methods=["GET", "POST"])
@permit(Permission.APPLICATION_ASSIGN, of=queries.application)
def people(application: Application) -> ResponseReturnValue:
    """Show who has which task in a case; assign an unassigned one."""
    form, free = AssignForm(), _free(application)
    found = _candidates(application, form.person_id)
    form.ask([(one.value, _(CASE_ROLE_NAMES[one])) for one in free], _choices(found.rows, free))
    if form.validate_on_submit():
        person_id, role = form.given()
        with form.catch_refusals():
            services.assign(application, person_id, role, by=actor(), at=clock.now())
            flash(_("The task has been assigned."), "success")
            return redirect(url_for("independence.people", application_id=application.id))
    return answer("independence/people.html", form, **_shown(application, found, free))


def _candidates(application: Application, field: Field) -> RoleCandidates:
    """Return the people to choose from: those searched for, and the one chosen in the form."""
    chosen = person_chosen(value_or_draft(field))
    return queries.role_candidates(
        application, today=clock.today(), name=name_searched(), chosen=chosen
    )


def _free(application: Application) -> list[Any]:
    return [one for one in ASSIGNABLE_ROLES if queries.holder_of(application, one) is None]


def _choices(found: list[RoleCandidate], free: list[Any]) -> list[tuple[str, str]]:
    """List those who may take one of the free roles, those with the fewest open cases first."""
    return [
        (
            str(one.person.id),
            _("%(name)s, open cases: %(count)s", name=one.person.name, count=one.load),
        )
        for one in found
        if any(one.may(role) for role in free)
    ]


def _shown(application: Application, found: RoleCandidates, free: list[Any]) -> dict[str, Any]:
    conflicts = _conflict_choices(application, found.rows)
    return {
        "application": application,
        "assignments": queries.assignments_of(application),
        "working": WORKING_ROLES,
        "free": free,
        "lines": [_line(one, free) for one in found.rows],
        "more": found.more,
        "name": name_searched(),
        "is_under_review": application.state in UNDER_REVIEW,
        "may_read": _may_read(application),
        "taken_back": queries.is_review_taken_back(application),
        "role_names": CASE_ROLE_NAMES,
        "waivers": queries.waivers_of(application),
        "conflict_names": POSSIBLE_CONFLICT_NAMES,
        "possible_conflicts": bool(conflicts) or found.more,
    }


def _may_read(application: Application) -> bool:
    """Return whether nothing closes the case to the person, who may assign its tasks even then."""
    return not reasons_to_stay_closed(
        queries.involvement_of(application, actor().id, today=clock.today())
    )


def _line(one: RoleCandidate, free: list[Any]) -> dict[str, Any]:
    """Return a person for the page: open cases, answers to possible conflicts, reasons against free tasks."""
    said = (one.declared.answers if one.declared else None) or {}
    words: dict[object, str] = {
        ConflictAnswer.TRUE: _("the person says: yes"),
        ConflictAnswer.UNTRUE: _("the person says: no"),
    }
    return {
        "name": one.person.name,
        "load": one.load,
        "waits_for": problems_as_text(one.waits_for),
        "possible_conflicts": [
            (
                _(POSSIBLE_CONFLICT_NAMES[PossibleConflict(hint.code)]),
                words.get(said.get(hint.code), _("not answered yet")),
            )
            for hint in one.possible_conflicts
        ],
        "note": one.declared.note if one.declared else "",
        "may": [_(CASE_ROLE_NAMES[role]) for role in free if one.may(role)],
        "why_not": [
            (_(CASE_ROLE_NAMES[role]), problems_as_text(one.why_not[role]))
            for role in free
            if not one.may(role)
        ],
    }


def _conflict_choices(
    application: Application, found: list[RoleCandidate]
) -> list[tuple[str, str]]:
    """List the possible conflicts without an exception, without those of people with a declared conflict."""
    excepted = {(one.person_id, one.hint) for one in queries.waivers_of(application)}
    return [
        (
            f"{one.person.id} {hint.code}",
            f"{one.person.name}: {_(POSSIBLE_CONFLICT_NAMES[PossibleConflict(hint.code)])}",
        )
        for one in found
        if not (one.declared and one.declared.has_conflict)
        for hint in one.possible_conflicts
        if (one.person.id, PossibleConflict(hint.code)) not in excepted
    ]


@bp.route("/reviews/<uuid:application_id>/waiver", methods=["GET", "POST"])
@permit(Permission.APPLICATION_ASSIGN, of=queries.application)
def waive(application: Application) -> ResponseReturnValue:
    """Record that a possible conflict is no obstacle, with the reason."""
    form = WaiverForm()
    found = _candidates(application, form.hint)
    form.ask(_conflict_choices(application, found.rows))
    if form.validate_on_submit():
        person_id, hint, reason = form.given()
        with form.catch_refusals():
            services.waive(application, person_id, hint, reason=reason, by=actor(), at=clock.now())
            flash(_("The exception is recorded."), "success")
            return redirect(url_for("independence.people", application_id=application.id))
    return answer(
        "independence/waiver.html",
        form,
        application=application,
        found=found,
        name=name_searched(),
    )


@bp.route(
    "/reviews/<uuid:application_id>/people/<uuid:assignment_id>/hand-over", methods=["GET", "POST"]
)
@permit(Permission.APPLICATION_ASSIGN, of=queries.application)
def hand_over(application: Application, assignment_id: UUID) -> ResponseReturnValue:
    """Hand an open task over to another person, with a reason."""
    assignment, form = queries.assignment(application, assignment_id), HandoverForm()
    found = _others(application, assignment, form)
    if form.validate_on_submit():
        person_id, reason = form.given()
        with form.catch_refusals():
            services.hand_over(
                application, assignment, person_id, reason=reason, by=actor(), at=clock.now()
            )
            flash(
                _("The task has been handed over. The new person starts again from the beginning."),
                "success",
            )
            return redirect(url_for("independence.people", application_id=application.id))
    return answer(
        "independence/hand_over.html",
        form,
        application=application,
        assignment=assignment,
        role_names=CASE_ROLE_NAMES,
        found=found,
        name=name_searched(),
    )


def _others(application: Application, assignment: Assignment, form: HandoverForm) -> RoleCandidates:
    """Offer the others whom the task may go to; return everyone who was considered."""
    found = _candidates(application, form.person_id)
    others = [
        one
        for one in found.rows
        if one.person.id != assignment.person_id
        and assignment.role in WORKING_ROLES
        and one.may(assignment.role)
    ]
    form.ask(_choices(others, [assignment.role]))
    return found
