"""Compares a school's existing policy with the criteria: what is found, and clauses for what is not."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.db import session
from cissapp.foundation.office.manuscripts import html_of
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.policy import queries
from cissapp.prepare.policy.papers.manuscripts import annex_manuscript
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.clauses import PlacedClause
from cissapp.prepare.policy.rules.existing import (
    ExistingCriterion,
    clauses_for,
    count_found,
    look_through,
)
from cissapp.prepare.policy.views.blueprint import bp
from cissapp.prepare.policy.views.files import file_answer
from cissapp.prepare.policy.views.places import missing_things


@bp.get("/school/policy/compare")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def choose_document(school: School) -> ResponseReturnValue:
    """List the documents of the school, to choose the one that is its policy."""
    return render_template(
        "policy/choose_document.html", documents=document_queries.documents(school.id)
    )


@bp.get("/school/policy/compare/<uuid:document_id>")
@permit(Permission.DOSSIER_EDIT, of=document_queries.document)
@limit("300 per hour")
def compare(document: Document) -> ResponseReturnValue:
    """Show for each element whether its words are found in a document, and the clauses for those that are not."""
    state, found, clauses = _looked(document)
    manuscript, _written = annex_manuscript(state, clauses, filters.today())
    language = languages.current()
    waiting = [one for one in clauses if not one.is_printed]
    return render_template(
        "policy/compare.html",
        document=document,
        has_text=any(document_queries.page_texts(document.versions[-1])),
        criteria=[(one, state.standard.by_id[one.id].text(language).title) for one in found],
        counts=count_found(found),
        names={one: state.library.element(one, language).name for one in state.library.elements},
        annex=html_of(manuscript),
        here=language,
        spoken=state.language,
        printed=[one for one in clauses if one.is_printed],
        waiting=[(one, missing_things(state, one.missing)) for one in waiting],
    )


@bp.get("/school/policy/compare/<uuid:document_id>/annex.<any(docx,pdf):form>")
@permit(Permission.DOSSIER_EDIT, of=document_queries.document)
@limit("300 per hour")
def annex(document: Document, form: str) -> ResponseReturnValue:
    """Return the clauses for what was not found, as a file."""
    state, _found, clauses = _looked(document)
    if not any(one.is_printed for one in clauses):
        return redirect(url_for("policy.compare", document_id=document.id))
    manuscript, _written = annex_manuscript(state, clauses, filters.today())
    return file_answer(manuscript, form, f"policy-annex-{state.language}")


def _looked(document: Document) -> tuple[PolicyState, list[ExistingCriterion], list[PlacedClause]]:
    school = session.get_one(School, document.school_id)
    state = queries.state_of(school, filters.today())
    pages = document_queries.page_texts(document.versions[-1])
    row = state.values.get("languages")
    spoken = row.facts.get("cover.languages", "").split(",") if row else []
    known = queries.languages_of(state.library)
    ordered = dict.fromkeys([state.language, school.language, languages.current(), *spoken])
    found = look_through(
        state.library, state.standard.criteria, pages, [one for one in ordered if one in known]
    )
    return state, found, clauses_for(found, state.placed)
