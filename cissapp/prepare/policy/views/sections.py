"""Pages of a section: its questions, and the paragraphs that the school adds."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.toolkit import PolicyQuestion
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.forms import START, AnswersForm, ParagraphForm, answers_form
from cissapp.prepare.policy.models import PolicyParagraph
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.clauses import STANDING_NAMES
from cissapp.prepare.policy.views.blueprint import bp


@bp.route("/school/policy/sections/<section_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def section(school: School, section_id: str) -> ResponseReturnValue:
    """Ask the questions of a section; contradictions are shown beside them, but do not prevent saving."""
    questions = _questions(section_id)
    state = queries.state_of(school, filters.today())
    form = answers_form(questions, state.said.answers, languages.current())
    if form.validate_on_submit():
        try:
            services.save_answers(school, form.given(), by=actor(), at=clock.now())
        except Refused as refused:
            _mark_refused(form, refused)
        else:
            return _onward(school, section_id)
    elif not form.is_submitted():
        _mark_contradictions(form, state)
    return _section_page(state, section_id, form)


def _questions(section_id: str) -> list[PolicyQuestion]:
    library = content().toolkit
    if section_id not in library.sections:
        raise Missing
    return [one for one in library.questions if one.key.section == section_id]


def _mark_refused(form: AnswersForm, refused: Refused) -> None:
    for problem in refused.problems:
        form.mark(problem.code, _(problem.message, **problem.values))


def _mark_contradictions(form: AnswersForm, state: PolicyState) -> None:
    for one in state.contradictions:
        if f"{START}{one.name}" in form:
            form.mark(one.name, _(one.message))


def _onward(school: School, section_id: str) -> ResponseReturnValue:
    """Redirect to the next section with questions, or back to this one if its answers contradict."""
    asked = {one.id for one in _questions(section_id)}
    state = queries.state_of(school, filters.today())
    if any(one.name in asked for one in state.contradictions):
        flash(_("Saved. One answer contradicts another. See below."), "info")
        return redirect(url_for("policy.section", section_id=section_id))
    flash(_("Saved, %(time)s.", time=filters.clock_time(clock.now())), "success")
    after = section_after(section_id)
    if after is None:
        return redirect(url_for("policy.studio"))
    return redirect(url_for("policy.section", section_id=after))


def asked_sections() -> list[str]:
    """List the sections that have questions, in the order of the policy."""
    library = content().toolkit
    asked = {one.key.section for one in library.questions}
    return [one for one in library.sections if one in asked]


def section_after(section_id: str) -> str | None:
    """Return the next section that has questions."""
    order, asked = list(content().toolkit.sections), asked_sections()
    return next((one for one in order[order.index(section_id) + 1 :] if one in asked), None)


def _section_page(state: PolicyState, section_id: str, form: AnswersForm) -> ResponseReturnValue:
    asked = asked_sections()
    language = languages.current()
    return answer(
        "policy/section.html",
        form,
        section_id=section_id,
        title=state.library.section(section_id, language),
        turn=(asked.index(section_id) + 1, len(asked)) if section_id in asked else None,
        after=section_after(section_id),
        clauses=[one for one in state.placed if one.section == section_id],
        standings=STANDING_NAMES,
        paragraphs=[one for one in state.said.paragraphs if one.section == section_id],
        here=language,
    )


@bp.route("/school/policy/sections/<section_id>/paragraphs/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_paragraph(school: School, section_id: str) -> ResponseReturnValue:
    """Add a paragraph to a section."""
    _questions(section_id)
    form = ParagraphForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.add_paragraph(
                school, section_id, form.text.data or "", by=actor(), at=clock.now()
            )
            return _back(section_id)
    return _paragraph_page(form, section_id, None)


@bp.route("/school/policy/paragraphs/<uuid:paragraph_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=queries.paragraph)
def change_paragraph(paragraph: PolicyParagraph) -> ResponseReturnValue:
    """Change a paragraph."""
    form = ParagraphForm(obj=paragraph)
    if form.validate_on_submit():
        section_id = paragraph.section
        with form.catch_refusals():
            services.change_paragraph(paragraph, form.text.data or "", by=actor(), at=clock.now())
            return _back(section_id)
    return _paragraph_page(form, paragraph.section, paragraph)


@bp.post("/school/policy/paragraphs/<uuid:paragraph_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.paragraph)
def remove_paragraph(paragraph: PolicyParagraph) -> ResponseReturnValue:
    """Remove a paragraph."""
    services.remove_paragraph(paragraph, by=actor(), at=clock.now())
    flash(_("It has been removed."), "success")
    return redirect(url_for("policy.section", section_id=paragraph.section))


def _paragraph_page(
    form: ParagraphForm, section_id: str, paragraph: PolicyParagraph | None
) -> ResponseReturnValue:
    sections = content().toolkit.sections
    language = languages.current()
    title = (
        content().toolkit.section(section_id, language) if section_id in sections else section_id
    )
    return answer(
        "policy/paragraph.html", form, section_id=section_id, title=title, paragraph=paragraph
    )


def _back(section_id: str) -> ResponseReturnValue:
    flash(_("Saved, %(time)s.", time=filters.clock_time(clock.now())), "success")
    return redirect(url_for("policy.section", section_id=section_id))
