"""The plan as a document, which criteria of part C can cite as evidence."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import services as assessment_services
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.services import NewDocument, take_document
from cissapp.prepare.plan.forms import EmptyForm
from cissapp.prepare.plan.papers import PrintedPlan, draw_plan
from cissapp.prepare.plan.phrases.lines import PlanLine, YearPlan
from cissapp.prepare.plan.views.blueprint import PLAN, asked_year, bp, plan_of, plan_titles
from cissapp.prepare.plan.views.year import plan_page


@bp.post("/school/plan/document")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_document(school: School) -> ResponseReturnValue:
    """Add the current plan to the school's documents, as evidence for criteria that have none."""
    plan, form = plan_of(school, asked_year()), EmptyForm()
    sent = UploadedFile(draw_plan(_printed(school, plan)), "year-plan.pdf")
    clamd, at = current_config().clamd_url, clock.now()
    with form.catch_refusals():
        document, _file = take_document(
            _target(school), sent, clamd_url=clamd, store=files(), by=actor(), at=at
        )
        named = assessment_services.name_where_nothing(
            school, document.id, plan.shown_criteria, by=actor(), at=at
        )
        flash(_("The plan is now in your documents."), "success")
        if named:
            flash(
                _("It is named as evidence for %(criteria)s.", criteria=", ".join(named)), "success"
            )
        return redirect(url_for("documents.document", document_id=document.id))
    return plan_page(school, form)


def _target(school: School) -> NewDocument | Document:
    """Return the plan among the school's documents, or a new document."""
    old = document_queries.document_titled(school.id, PLAN, plan_titles())
    return old or NewDocument(school, _("Year plan"), PLAN)


def _printed(school: School, plan: YearPlan) -> PrintedPlan:
    return PrintedPlan(
        title=_("Year plan %(year)s", year=plan.year.name),
        lines=(school.name, _("As of %(day)s", day=day(clock.now()))),
        head=(
            _("By when"),
            _("What needs to be done"),
            _("Who does it"),
            _("Criterion"),
            _("Status"),
        ),
        rows=tuple(_row(line) for line in plan.lines),
        language=languages.current(),
    )


def _row(line: PlanLine) -> tuple[str, ...]:
    state = _("Done on %(day)s", day=day(line.done_on)) if line.done_on else _("Not done")
    return day(line.due_on), line.what, line.who, ", ".join(line.criteria) or "–", state
