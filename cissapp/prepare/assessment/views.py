"""Pages of the self-assessment."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import CriterionText
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Problem, Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import clock_time
from cissapp.foundation.web.forms import ShownProblem, answer, shown
from cissapp.foundation.web.tasks import Task
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import queries, services
from cissapp.prepare.assessment.forms import NOT_APPLICABLE, SelfScoreForm
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.rules import (
    PartCount,
    count_complete,
    may_be_left_out,
    score_problems,
)
from cissapp.prepare.assessment.services import stamp_of
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.documents.rules import is_open

bp = Blueprint("assessment", "cissapp.prepare.assessment", template_folder="templates")


@dataclass(frozen=True)
class PartGroup:
    """A part of the rubric with its criteria."""

    part: str
    title: str
    summary: str
    count: PartCount
    tasks: list[Task]


@dataclass(frozen=True)
class CriterionPage:
    """A criterion with what the school says of it."""

    standard: Standard
    criterion: Criterion
    text: CriterionText
    part: str
    score: SelfScore | None
    documents: list[DocumentEntry]
    levels: list[tuple[str, str]]
    missing: list[ShownProblem]
    before: str | None
    after: str | None
    editable: bool
    open_criteria: list[str] | None


@bp.get("/school/self-assessment")
@permit(Permission.DOSSIER_READ, of=own_school)
def self_assessment(school: School) -> ResponseReturnValue:
    """List the criteria by part, with how far the school is."""
    standard = queries.standard_to_answer(school.id, content())
    scores = queries.scores(school.id)
    problems = _problems(school, scores, standard)
    open_criteria = document_queries.open_criteria(school.id)
    tasks = {
        one.id: _task(one, scores.get(one.id), problems, open_criteria) for one in standard.criteria
    }
    left = [one for one in tasks if one in problems and is_open(open_criteria, one)]
    return render_template(
        "assessment/self_assessment.html",
        groups=[_group(count, tasks, standard) for count in count_complete(standard, problems)],
        next=tasks[left[0]] if left else None,
        begun=bool(scores),
        open_criteria=open_criteria,
        editable=is_open(open_criteria),
    )


@bp.route("/school/self-assessment/<criterion_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def criterion(school: School, criterion_id: str) -> ResponseReturnValue:
    """Score the own school on a criterion."""
    page = _page(school, criterion_id)
    choices = [(one.id, one.title) for one in page.documents]
    seen = stamp_of(page.score)
    form = SelfScoreForm(row=page.score, levels=page.levels, documents=choices, seen=seen)
    if form.validate_on_submit():
        try:
            _save(school, page, form)
        except Refused as refused:
            form.refuse(refused)
            form.seen.data = stamp_of(page.score)
        else:
            return _onward(school, page)
    return answer("assessment/criterion.html", form, page=page)


def _save(school: School, page: CriterionPage, form: SelfScoreForm) -> None:
    services.save_score(
        school,
        page.criterion,
        form.given(),
        standard=page.standard,
        seen=form.seen.data,
        by=actor(),
        at=clock.now(),
    )


def _onward(school: School, page: CriterionPage) -> ResponseReturnValue:
    """Confirm the save, name what is missing, and redirect to where the person wanted to go."""
    criterion_id = page.criterion.id
    values = {"criterion": criterion_id, "time": clock_time(clock.now())}
    if criterion_id in _problems(school, queries.scores(school.id), page.standard):
        flash(_("%(criterion)s is saved, %(time)s. Something is still missing.", **values), "info")
    else:
        flash(_("%(criterion)s is saved, %(time)s.", **values), "success")
    if request.form.get("then") != "next":
        return redirect(url_for("assessment.criterion", criterion_id=criterion_id))
    if page.after is None:
        return redirect(url_for("assessment.self_assessment"))
    return redirect(url_for("assessment.criterion", criterion_id=page.after))


def _problems(
    school: School, scores: dict[str, SelfScore], standard: Standard
) -> dict[str, list[Problem]]:
    document_ids = {one.id for one in document_queries.documents(school.id)}
    return score_problems(standard, scores, document_ids)


def _group(count: PartCount, tasks: dict[str, Task], standard: Standard) -> PartGroup:
    text = standard.rubric_text(languages.current()).parts[count.part]
    ids = [one.id for one in standard.criteria if one.part == count.part]
    return PartGroup(count.part, text.title, text.summary, count, [tasks[one] for one in ids])


def _task(
    criterion: Criterion,
    score: SelfScore | None,
    problems: dict[str, list[Problem]],
    open_criteria: list[str] | None,
) -> Task:
    title = criterion.text(languages.current()).title
    notes = [
        _("Critical") if criterion.critical else "",
        _said(score) if score else "",
        _("open for changes") if open_criteria and criterion.id in open_criteria else "",
    ]
    kind, state = "none", _("Not begun")
    if score:
        kind, state = "ok", _("Complete")
        if criterion.id in problems:
            kind, state = "warn", _("Something is missing")
    return Task(
        label=f"{criterion.id} · {title}{' ★' if criterion.critical else ''}",
        href=url_for("assessment.criterion", criterion_id=criterion.id),
        kind=kind,
        state=state,
        detail=" · ".join(note for note in notes if note),
    )


def _said(score: SelfScore) -> str:
    if score.not_applicable:
        return str(_("not applicable"))
    return str(_("level %(level)s", level=score.level))


def _page(school: School, criterion_id: str) -> CriterionPage:
    standard, language = queries.standard_to_answer(school.id, content()), languages.current()
    found = standard.by_id.get(criterion_id)
    if found is None:
        raise Missing
    scores, documents = queries.scores(school.id), document_queries.documents(school.id)
    problems = score_problems(standard, scores, {one.id for one in documents})
    open_criteria = document_queries.open_criteria(school.id)
    ids = [one.id for one in standard.criteria]
    before, after = _beside(ids, criterion_id)
    return CriterionPage(
        standard=standard,
        criterion=found,
        text=found.text(language),
        part=standard.rubric_text(language).parts[found.part].title,
        score=scores.get(criterion_id),
        documents=documents,
        levels=_levels(standard, found, language),
        missing=[shown(problem) for problem in problems.get(criterion_id, [])],
        before=before,
        after=after,
        editable=is_open(open_criteria, criterion_id),
        open_criteria=open_criteria,
    )


def _levels(standard: Standard, criterion: Criterion, language: str) -> list[tuple[str, str]]:
    text = criterion.text(language)
    texts = text.levels
    choices = [
        (level, _("Level %(level)s: %(sentence)s", level=level, sentence=texts[level]))
        for level in sorted(texts)
    ]
    if may_be_left_out(standard, criterion):
        said = [text.not_applicable, str(_("Not applicable. Give the reason below."))]
        choices.append((NOT_APPLICABLE, " ".join(one for one in said if one)))
    return choices


def _beside(ids: Sequence[str], one: str) -> tuple[str | None, str | None]:
    place = ids.index(one)
    before = ids[place - 1] if place else None
    after = ids[place + 1] if place + 1 < len(ids) else None
    return before, after
