"""Pages of the action plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time, day
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import queries as assessment_queries
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.services import NewDocument, take_document
from cissapp.prepare.plan import queries, services
from cissapp.prepare.plan.forms import ActionForm, EmptyForm
from cissapp.prepare.plan.models import PlannedAction
from cissapp.prepare.plan.papers.drawing import PrintedPlan, draw_plan
from cissapp.prepare.plan.rules import TARGET_LEVEL, below_target

bp = Blueprint("plan", "cissapp.prepare.plan", template_folder="templates")

# The kind of evidence that a plan is.
PLAN = "PLAN"


@dataclass(frozen=True)
class ActionLine:
    """An action as the plan shows it."""

    action: PlannedAction
    criterion: str
    is_late: bool


@bp.get("/school/plan")
@permit(Permission.DOSSIER_READ, of=own_school)
def plan(school: School) -> ResponseReturnValue:
    """Show what is planned, what is done, and what has no action yet."""
    return _plan_page(school, EmptyForm())


def _plan_page(school: School, form: EmptyForm) -> ResponseReturnValue:
    standard = assessment_queries.standard_to_answer(school.id, content())
    actions, language = queries.actions(school.id), languages.current()
    low = below_target(standard, assessment_queries.scores(school.id))
    planned = {one.criterion_id for one in actions if one.done_on is None}
    lines = _lines(standard, actions, clock.today())
    documents = document_queries.documents(school.id)
    return answer(
        "plan/plan.html",
        form,
        open_lines=[one for one in lines if one.action.done_on is None],
        done_lines=[one for one in lines if one.action.done_on is not None],
        without=[(one, one.text(language).title) for one in low if one.id not in planned],
        target=TARGET_LEVEL,
        document=next((one for one in documents if _is_plan(one.title, one.evidence_code)), None),
        can_document=is_open(document_queries.open_criteria(school.id)),
    )


def _lines(standard: Standard, actions: Sequence[PlannedAction], today: date) -> list[ActionLine]:
    return [
        ActionLine(
            one, _named(standard, one.criterion_id), one.done_on is None and one.due_on < today
        )
        for one in actions
    ]


def _named(standard: Standard, criterion_id: str) -> str:
    """Name a criterion by id and title; one of another version of the standard has its id alone."""
    found = standard.by_id.get(criterion_id)
    return f"{criterion_id} · {found.text(languages.current()).title}" if found else criterion_id


@bp.route("/school/plan/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_action(school: School) -> ResponseReturnValue:
    """Plan an action for the criterion that the address names."""
    standard = assessment_queries.standard_to_answer(school.id, content())
    criterion = standard.by_id.get(request.args.get("criterion", ""))
    if criterion is None:
        raise Missing
    form = ActionForm()
    if form.validate_on_submit():
        try:
            services.plan_action(school, criterion.id, form.given(), by=actor(), at=clock.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return _saved()
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
        level=level,
        higher=(higher, text.levels[higher]) if text and higher in text.levels else None,
    )


@bp.route("/school/plan/<uuid:action_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=queries.action)
def change_action(action: PlannedAction) -> ResponseReturnValue:
    """Change an action."""
    form = ActionForm(obj=action)
    if form.validate_on_submit():
        try:
            services.change_action(action, form.given(), by=actor(), at=clock.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return _saved()
    standard = assessment_queries.standard_to_answer(action.school_id, content())
    criterion = standard.by_id.get(action.criterion_id)
    return _action_page(action.school_id, form, action.criterion_id, criterion, action)


@bp.post('/school/plan/<uuid:action_id>/<any("done", "open"):state>')
@permit(Permission.DOSSIER_EDIT, of=queries.action)
def settle_action(action: PlannedAction, state: str) -> ResponseReturnValue:
    """Record that an action is done, or open again."""
    services.settle_action(action, is_done=state == "done", by=actor(), at=clock.now())
    return _saved()


@bp.post("/school/plan/<uuid:action_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.action)
def remove_action(action: PlannedAction) -> ResponseReturnValue:
    """Remove an action."""
    services.remove_action(action, by=actor(), at=clock.now())
    flash(_("It is removed."), "success")
    return redirect(url_for("plan.plan"))


def _saved() -> ResponseReturnValue:
    flash(_("Saved, %(time)s.", time=clock_time(clock.now())), "success")
    return redirect(url_for("plan.plan"))


# --- the plan as a document ----------------------------------------------------------------------


@bp.post("/school/plan/document")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_document(school: School) -> ResponseReturnValue:
    """Add the plan as it is now to the school's documents, where a criterion can name it as evidence."""
    form, present = EmptyForm(), document_queries.documents(school.id)
    known = next((one for one in present if _is_plan(one.title, one.evidence_code)), None)
    old = document_queries.document(known.id) if known else None
    target: NewDocument | Document = old or NewDocument(school, _("Action plan"), PLAN)
    sent = UploadedFile(draw_plan(_printed(school)), "action-plan.pdf")
    try:
        document, _file = take_document(
            target,
            sent,
            clamd_url=current_app.config["CISS"].clamd_url,
            store=files(),
            by=actor(),
            at=clock.now(),
        )
    except Refused as refused:
        form.refuse(refused)
        return _plan_page(school, form)
    flash(_("The plan is among your documents now."), "success")
    return redirect(url_for("documents.document", document_id=document.id))


def _is_plan(title: str, code: str) -> bool:
    """Check whether a document is the plan that was added from here, in whichever language."""
    return code == PLAN and title in _titles()


def _titles() -> set[str]:
    titles = set()
    for language in languages.OF_PAGES:
        with force_locale(language):
            titles.add(_("Action plan"))
    return titles


def _printed(school: School) -> PrintedPlan:
    standard = assessment_queries.standard_to_answer(school.id, content())
    lines = _lines(standard, queries.actions(school.id), clock.today())
    return PrintedPlan(
        title=_("Action plan"),
        lines=(school.name, _("As of %(day)s", day=day(clock.today()))),
        head=(_("Criterion"), _("What is done"), _("Who does it"), _("By when"), _("State")),
        rows=tuple(
            (
                line.action.criterion_id,
                line.action.what,
                line.action.who,
                day(line.action.due_on),
                _("Done") if line.action.done_on else _("Not done"),
            )
            for line in lines
        ),
        language=languages.current(),
    )
