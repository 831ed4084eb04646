"""The list of all criteria, and the page of a part."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.schema import CriterionText
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.foundation.web.tasks import Task
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import queries, services
from cissapp.prepare.assessment.forms import PartEvidenceForm
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.rules import PartCount
from cissapp.prepare.assessment.views.blueprint import bp
from cissapp.prepare.assessment.views.panels import (
    Assessment,
    answered,
    build_panel,
    gather_assessment,
    said_of,
    shares_of,
)
from cissapp.prepare.documents.rules import is_open


class PartGroup(Struct, frozen=True):
    """A part of the rubric with its criteria."""

    part: str
    title: str
    summary: str
    count: PartCount
    tasks: list[Task]
    href: str
    is_next: bool


class PrintedCriterion(Struct, frozen=True):
    """A criterion with its answer, as a printed part shows it."""

    id: str
    text: CriterionText
    score: SelfScore | None


@bp.get("/school/self-assessment")
@permit(Permission.DOSSIER_READ, of=own_school)
def self_assessment(school: School) -> ResponseReturnValue:
    """List the criteria by part, with the school's progress."""
    found = gather_assessment(school)
    tasks = {one.id: _task(found, one) for one in found.ordered}
    left = [one for one in tasks if one in found.problems and is_open(found.open_criteria, one)]
    here = found.standard.by_id[left[0]].part if left else None
    return render_template(
        "assessment/self_assessment.html",
        groups=[_group(found, count, tasks, here) for count in found.counts],
        shares=shares_of(found),
        done=sum(one.done for one in found.counts),
        total=len(tasks),
        next=tasks[left[0]] if left else None,
        begun=bool(found.scores),
        is_another_version=queries.is_another_version(school.id, found.standard),
        order=found.order,
        open_criteria=found.open_criteria,
        editable=is_open(found.open_criteria),
        decided=found.decided,
    )


@bp.route("/school/self-assessment/parts/<part_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def part(school: School, part_id: str) -> ResponseReturnValue:
    """Choose the documents of a part once, and list its criteria."""
    found = gather_assessment(school)
    ids = [one.id for one in found.ordered if one.part == part_id]
    if not ids:
        raise Missing
    form = _part_form(found, part_id)
    begin = answered(found, ids) or ids[0]
    if form.validate_on_submit():
        with form.catch_refusals():
            services.choose_part_evidence(school, part_id, form.given(), by=actor(), at=clock.now())
            flash(_("Saved, %(time)s.", time=clock_time(clock.now())), "success")
            return redirect(found.address(begin))
    return _part_page(found, form, part_id, begin)


def _part_form(found: Assessment, part_id: str) -> PartEvidenceForm:
    chosen = queries.part_evidence(found.school.id).get(part_id, frozenset())
    return PartEvidenceForm(
        documents=[(one.id, one.title) for one in found.documents], chosen=chosen
    )


def _part_page(
    found: Assessment, form: PartEvidenceForm, part_id: str, begin: str
) -> ResponseReturnValue:
    language = languages.current()
    criteria = [one for one in found.ordered if one.part == part_id]
    return answer(
        "assessment/part.html",
        form,
        part=part_id,
        text=found.standard.rubric_text(language).parts[part_id],
        panel=build_panel(found, part_id),
        begin=begin,
        begin_href=found.address(begin),
        printed=[
            PrintedCriterion(one.id, one.text(language), found.scores.get(one.id))
            for one in criteria
        ],
        open_criteria=found.open_criteria,
        editable=is_open(found.open_criteria, part=part_id),
        decided=found.decided,
    )


def _group(
    found: Assessment, count: PartCount, tasks: dict[str, Task], here: str | None
) -> PartGroup:
    text = found.standard.rubric_text(languages.current()).parts[count.part]
    listed = [tasks[one.id] for one in found.ordered if one.part == count.part]
    href = url_for("assessment.part", part_id=count.part, **found.order)
    return PartGroup(
        count.part, text.title, text.summary, count, listed, href, is_next=count.part == here
    )


def _task(found: Assessment, criterion: Criterion) -> Task:
    title, score = criterion.text(languages.current()).title, found.scores.get(criterion.id)
    is_asked = found.open_criteria and criterion.id in found.open_criteria
    notes = [
        _("Critical") if criterion.critical else "",
        said_of(score) if score else "",
        _("open for changes") if is_asked else "",
    ]
    kind, state = "none", _("Not begun")
    if score:
        kind, state = "ok", _("Complete")
        if criterion.id in found.problems:
            kind, state = "warn", _("Something is missing")
    return Task(
        label=f"{criterion.id} · {title}{' ★' if criterion.critical else ''}",
        href=found.address(criterion.id),
        kind=kind,
        state=state,
        detail=BETWEEN_FACTS.join(note for note in notes if note),
    )
