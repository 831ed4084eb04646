"""Pages of an action: planned in one click with suggested words, or written."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import queries as assessment_queries
from cissapp.prepare.plan import queries, services
from cissapp.prepare.plan.forms import ActionForm, EmptyForm
from cissapp.prepare.plan.models import PlannedAction
from cissapp.prepare.plan.phrases import suggested_action
from cissapp.prepare.plan.rules import below_target
from cissapp.prepare.plan.views.blueprint import bp, offices_of, saved
from cissapp.prepare.plan.views.year import plan_page


@bp.post("/school/plan/suggested")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def plan_suggested(school: School) -> ResponseReturnValue:
    """Plan the suggested action for the criterion in the query string, or for all that have none."""
    asked = request.args.get("criterion")
    standard = assessment_queries.standard_to_answer(school.id, content())
    low = below_target(standard, assessment_queries.scores(school.id))
    planned = {one.criterion_id for one in queries.actions(school.id) if one.done_on is None}
    wanted = [one for one in low if one.id not in planned and asked in {None, one.id}]
    form, today = EmptyForm(), filters.today()
    suggested = {one.id: suggested_action(one, today) for one in wanted}
    with form.catch_refusals():
        services.plan_actions(school, suggested, by=actor(), at=clock.now())
        number = len(suggested)
        message = ngettext(
            "%(num)d action is planned. Change the wording, job title and date if they do not fit.",
            "%(num)d actions are planned. Change the wording, job title and date if they do not fit.",
            number,
        )
        flash(message, "success")
        return redirect(url_for("plan.plan"))
    return plan_page(school, form)


@bp.route("/school/plan/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_action(school: School) -> ResponseReturnValue:
    """Plan an action for the criterion in the query string, with a suggested text, person and date."""
    standard = assessment_queries.standard_to_answer(school.id, content())
    criterion = standard.by_id.get(request.args.get("criterion", ""))
    if criterion is None:
        raise Missing
    suggested = suggested_action(criterion, filters.today())
    form = ActionForm(obj=suggested, offices=offices_of(school.id))
    if form.validate_on_submit():
        with form.catch_refusals():
            services.plan_action(school, criterion.id, form.given(), by=actor(), at=clock.now())
            return saved()
    return _action_page(school.id, form, criterion.id, criterion, None)


def _action_page(
    school_id: UUID,
    form: ActionForm,
    criterion_id: str,
    criterion: Criterion | None,
    action: PlannedAction | None,
) -> ResponseReturnValue:
    score = assessment_queries.score(school_id, criterion_id)
    level = score.level if score else None
    text = criterion.text(languages.current()) if criterion else None
    higher = str((level or 0) + 1)
    return answer(
        "plan/action.html",
        form,
        action=action,
        criterion_id=criterion_id,
        text=text,
        higher=(higher, text.levels[higher]) if text and higher in text.levels else None,
    )


@bp.route("/school/plan/<uuid:action_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=queries.action)
def change_action(action: PlannedAction) -> ResponseReturnValue:
    """Change an action."""
    form = ActionForm(obj=action, offices=offices_of(action.school_id))
    if form.validate_on_submit():
        with form.catch_refusals():
            services.change_action(action, form.given(), by=actor(), at=clock.now())
            return saved()
    standard = assessment_queries.standard_to_answer(action.school_id, content())
    criterion = standard.by_id.get(action.criterion_id)
    return _action_page(action.school_id, form, action.criterion_id, criterion, action)


@bp.post('/school/plan/<uuid:action_id>/<any("done", "open"):state>')
@permit(Permission.DOSSIER_EDIT, of=queries.action)
def settle_action(action: PlannedAction, state: str) -> ResponseReturnValue:
    """Record that an action is done, or open again."""
    services.settle_action(action, is_done=state == "done", by=actor(), at=clock.now())
    return saved()


@bp.post("/school/plan/<uuid:action_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.action)
def remove_action(action: PlannedAction) -> ResponseReturnValue:
    """Remove an action."""
    services.remove_action(action, by=actor(), at=clock.now())
    flash(_("It has been removed."), "success")
    return redirect(url_for("plan.plan"))
