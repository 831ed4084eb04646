"""The checklist of a visit, its record, and the two signatures."""

from http import HTTPStatus

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.schema import CriterionText
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import error_pages, languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import answer
from cissapp.prepare.applications.models import Application
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.visits import queries, services
from cissapp.review.visits.forms import ItemForm, SignForm
from cissapp.review.visits.models import Visit, VisitItem
from cissapp.review.visits.rules import KIND_NAMES, MARK_NAMES, criteria_to_observe
from cissapp.review.visits.services import record
from cissapp.review.visits.views.blueprint import bp, require_visit, shown_agenda, standard_of


class ChecklistRow(Struct, frozen=True):
    """A criterion of the checklist with its form and what was noted."""

    criterion: Criterion
    text: CriterionText
    item: VisitItem | None
    form: ItemForm


def _line(visit: Visit, criterion: Criterion) -> ChecklistRow:
    item = next((one for one in visit.items if one.criterion_id == criterion.id), None)
    mark = item.mark.value if item and item.mark else None
    form = ItemForm(prefix=f"{criterion.id}-", mark=mark, note=item.note if item else "")
    form.is_own = item is not None and item.saved_by_id == actor().id
    form.ask()
    return ChecklistRow(criterion, criterion.text(languages.current()), item, form)


def _lines(visit: Visit) -> list[ChecklistRow]:
    return [
        _line(visit, one) for one in criteria_to_observe(standard_of(visit.application).criteria)
    ]


@bp.get("/reviews/<uuid:application_id>/visit/checklist")
@permit(Permission.VISIT_READ, of=queries.for_group)
@requires_no_conflict
def checklist(application: Application) -> ResponseReturnValue:
    """Show the checklist; each criterion is saved by itself."""
    visit = require_visit(application)
    lines = _lines(visit)
    return render_template(
        "visits/checklist.html",
        application=application,
        visit=visit,
        lines=lines,
        begun=visit.has_begun(clock.now()),
        done=sum(1 for one in lines if one.item and one.item.mark),
        marks=MARK_NAMES,
        people=shown_agenda(application)["people"],
    )


@bp.get("/reviews/<uuid:application_id>/visit/checklist/print")
@permit(Permission.VISIT_READ, of=queries.for_group)
@requires_no_conflict
def sheet(application: Application) -> ResponseReturnValue:
    """Show the checklist for printing, with room to write."""
    return render_template(
        "visits/sheet.html",
        application=application,
        visit=require_visit(application),
        lines=_lines(require_visit(application)),
        people=shown_agenda(application)["people"],
        marks=MARK_NAMES,
    )


@bp.route("/reviews/<uuid:application_id>/visit/checklist/<criterion_id>", methods=["GET", "POST"])
@permit(Permission.VISIT_PLAN, of=queries.for_group)
@requires_no_conflict
def item(application: Application, criterion_id: str) -> ResponseReturnValue:
    """Save a criterion of the checklist; show it on a page of its own if something is wrong."""
    visit, standard = require_visit(application), standard_of(application)
    criterion = standard.by_id.get(criterion_id)
    if criterion is None or criterion not in criteria_to_observe(standard.criteria):
        raise Missing
    line = _line(visit, criterion)
    if line.form.validate_on_submit():
        with line.form.catch_refusals():
            return _saved(application, visit, line)
    if error_pages.wants_json():
        return jsonify(message=_reasons(line.form)), HTTPStatus.UNPROCESSABLE_ENTITY
    return answer("visits/item.html", line.form, application=application, line=line)


def _saved(application: Application, visit: Visit, line: ChecklistRow) -> ResponseReturnValue:
    mark, note = line.form.given()
    saved = services.save_item(
        visit,
        line.criterion,
        mark=mark,
        note=note,
        standard=standard_of(application),
        by=actor(),
        at=clock.now(),
    )
    text = _("Saved %(time)s", time=clock_time(saved.saved_at))
    if error_pages.wants_json():
        return jsonify(saved=saved.saved_at.isoformat(), text=text)
    here = url_for("visits.checklist", application_id=application.id)
    return redirect(f"{here}#{line.criterion.id}")


def _reasons(form: ItemForm) -> str:
    beside = [str(one) for field in form for one in field.errors]
    return " ".join([*beside, *(one.text for one in form.problems)])


@bp.route("/reviews/<uuid:application_id>/visit/sign", methods=["GET", "POST"])
@permit(Permission.VISIT_SIGN, of=queries.for_group)
@requires_no_conflict
def sign(application: Application) -> ResponseReturnValue:
    """Show the record with its hash; two people sign it."""
    visit, standard = require_visit(application), standard_of(application)
    sha256 = record.record_hash(record.record_text(visit, standard))
    signatures = queries.counted_signatures(visit)
    form = SignForm(sha256=sha256)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.sign(visit, sha256=form.given(), standard=standard, by=actor(), at=clock.now())
            flash(_("Your signature has been saved."), "success")
            return redirect(url_for("visits.show", application_id=application.id))
    return answer(
        "visits/sign.html",
        form,
        application=application,
        visit=visit,
        lines=_lines(visit),
        left=record.unmarked_criteria(visit, standard),
        signed=[one for one in signatures if one.sha256 == sha256],
        outdated=[one for one in signatures if one.sha256 != sha256],
        sha256=sha256,
        marks=MARK_NAMES,
        kinds=KIND_NAMES,
    )
