"""The start page of the studio: progress of answers, what is missing, what is covered, and the files."""

from collections.abc import Iterator

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import Form, answer, shown
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.forms import LanguageForm, TargetForm
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.clauses import (
    AUDIENCE_NAMES,
    STANDING_NAMES,
    ClauseStanding,
    PlacedClause,
)
from cissapp.prepare.policy.rules.coverage import (
    CoverageState,
    CoveredElement,
    CriterionCoverage,
    missing_pieces,
    remedies,
)
from cissapp.prepare.policy.views.blueprint import bp
from cissapp.prepare.policy.views.places import MissingThing, missing_thing, missing_things
from cissapp.prepare.policy.views.sections import asked_sections

POLICY = "POL"


class SectionLine(Struct, frozen=True):
    """A section with questions: how many are answered, and whether all required ones are."""

    id: str
    title: str
    answered: int
    total: int
    is_done: bool


class ElementLine(Struct, frozen=True):
    """An element in words: the clause and the sentence that cover it, or why none does and where to mend it."""

    name: str
    element: CoveredElement
    missing: list[MissingThing]
    why: str


class CriterionLine(Struct, frozen=True):
    """A criterion in words with its elements."""

    criterion: CriterionCoverage
    title: str
    elements: list[ElementLine]


class LeftThing(Struct, frozen=True):
    """Something still missing: in words, where to fix it, and what depends on it."""

    text: str
    href: str | None
    detail: str = ""


@bp.get("/school/policy")
@permit(Permission.DOSSIER_READ, of=own_school)
def studio(school: School) -> ResponseReturnValue:
    """Show the policy of the school: questions, what is missing, what it covers, and its files."""
    state = queries.state_of(school, filters.today())
    return studio_page(state, target_form(state))


def studio_page(
    state: PolicyState, form: Form, chosen: LanguageForm | None = None
) -> ResponseReturnValue:
    """Render the first page of the studio; `chosen` is the choice of a language that was refused."""
    sections, left = _sections(state), _left(state)
    return answer(
        "policy/studio.html",
        form,
        state=state,
        sections=sections,
        next_section=next((one for one in sections if not one.is_done), None),
        left=left,
        criteria=[_criterion(state, one) for one in state.coverage.criteria],
        counts=_counts(state),
        clauses=_clauses(state),
        standings=STANDING_NAMES,
        audiences=AUDIENCE_NAMES,
        language_form=chosen or _language_form(state),
        here=languages.current(),
        policy_languages=_language_names(state),
        editable=is_open(document_queries.open_criteria(state.school.id)),
    )


@bp.post("/school/policy/language")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def choose_language(school: School) -> ResponseReturnValue:
    """Choose the language of the policy."""
    state = queries.state_of(school, filters.today())
    form = _language_form(state)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.choose_language(school, form.language.data, by=actor(), at=clock.now())
            flash(_("Saved, %(time)s.", time=filters.clock_time(clock.now())), "success")
            return redirect(url_for("policy.studio"))
    return studio_page(state, target_form(state), form)


def _language_names(state: PolicyState) -> dict[str, str]:
    return {one: languages.NAMES.get(one, one) for one in queries.languages_of(state.library)}


def _language_form(state: PolicyState) -> LanguageForm:
    form = LanguageForm(data={"language": state.language})
    form.language.flags.required = True
    form.language.choices = list(_language_names(state).items())
    return form


def target_form(state: PolicyState) -> TargetForm:
    """Build the form that asks which document to save the policy to; by default the previous one."""
    found = [
        one for one in document_queries.documents(state.school.id) if one.evidence_code == POLICY
    ]
    ids = [str(one.id) for one in found]
    before = str(state.row.document_id) if state.row and state.row.document_id else ""
    usual = before if before in ids else TargetForm.NEW
    return TargetForm(documents=[(str(one.id), one.title) for one in found], usual=usual)


def _sections(state: PolicyState) -> list[SectionLine]:
    language, lines = languages.current(), []
    for section in asked_sections():
        asked = [one for one in state.library.questions if one.key.section == section]
        answered = [one for one in asked if state.said.answers.get(one.id)]
        lines.append(
            SectionLine(
                section,
                state.library.section(section, language),
                len(answered),
                len(asked),
                all(one in answered for one in asked if one.key.needed),
            )
        )
    return lines


def _counts(state: PolicyState) -> dict[str, int]:
    states = [one.state for one in state.coverage.criteria]
    critical = [one for one in state.coverage.criteria if one.critical]
    return {
        **{one.value: states.count(one) for one in CoverageState},
        "total": len(states),
        "critical": len(critical),
        "critical_covered": sum(one.state is CoverageState.COVERED for one in critical),
    }


def _clauses(state: PolicyState) -> list[tuple[str, list[PlacedClause]]]:
    language = languages.current()
    return [
        (state.library.section(section, language), found)
        for section in state.library.sections
        if (found := [one for one in state.placed if one.section == section])
    ]


# --- what is missing -----------------------------------------------------------------------------


def _left(state: PolicyState) -> list[LeftThing]:
    """List what keeps the policy from being sufficient, each item once."""
    return [
        *_contradicted(state),
        *_not_said(state),
        *_below_level(state),
        *_to_take(state),
        *_of_mechanism(state),
    ]


def _contradicted(state: PolicyState) -> Iterator[LeftThing]:
    for wrong in state.contradictions:
        thing = missing_thing(state, wrong.name)
        yield LeftThing(_(wrong.message), thing.href, thing.text)


def _not_said(state: PolicyState) -> Iterator[LeftThing]:
    """List what clauses are waiting for, except questions of unfinished sections, which are listed there."""
    said_wrong = {one.name for one in state.contradictions}
    undone = {one.id for one in _sections(state) if not one.is_done}
    listed = {one.id for one in state.library.questions if one.key.section in undone}
    for piece in missing_pieces(state.coverage):
        if piece.name not in said_wrong | listed:
            thing = missing_thing(state, piece.name)
            yield LeftThing(thing.text, thing.href, _waiting(piece.criteria))


def _below_level(state: PolicyState) -> Iterator[LeftThing]:
    """List each shortfall once, even if it affects several elements."""
    once = {(one.question, one.message): one for one in state.shortfalls}
    for short in once.values():
        thing = missing_thing(state, short.question)
        message = _(short.message, **short.values)
        yield LeftThing(message, thing.href, short.element.partition(".")[0])


def _to_take(state: PolicyState) -> Iterator[LeftThing]:
    """List clauses that would cover open elements; none once the wording is sufficient."""
    if state.coverage.covers:
        return
    for clause in remedies(state.coverage).values():
        if clause.standing not in {ClauseStanding.NOT_OFFERED, ClauseStanding.UNCONFIRMED}:
            address = url_for("policy.clause", clause_id=clause.id)
            title = clause.clause.text(languages.current()).title
            yield LeftThing(title, address, _(STANDING_NAMES[clause.standing]))


def _of_mechanism(state: PolicyState) -> Iterator[LeftThing]:
    for problem in state.mechanism_left:
        said = shown(problem)
        yield LeftThing(said.text, said.href, _("Part of how to report"))


def _waiting(criteria: tuple[str, ...]) -> str:
    return str(
        ngettext(
            "%(num)d criterion is waiting for it: %(ids)s.",
            "%(num)d criteria are waiting for it: %(ids)s.",
            len(criteria),
            ids=", ".join(criteria),
        )
    )


def _criterion(state: PolicyState, criterion: CriterionCoverage) -> CriterionLine:
    language = languages.current()
    return CriterionLine(
        criterion,
        state.standard.by_id[criterion.id].text(language).title,
        [
            ElementLine(
                state.library.element(one.id, language).name,
                one,
                missing_things(state, one.remedy.missing) if one.remedy else [],
                _why(one),
            )
            for one in criterion.elements
        ],
    )


def _why(element: CoveredElement) -> str:
    """Return why no clause covers an element."""
    if element.is_covered or element.remedy is None:
        return ""
    if element.is_short:
        return str(_("An answer falls short of level 2"))
    if element.remedy.standing is ClauseStanding.CHANGED:
        return str(_("It is no longer found in your own words"))
    return str(_(STANDING_NAMES[element.remedy.standing]))
