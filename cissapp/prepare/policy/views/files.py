"""The policy as a page and as files, and the policy among the documents."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.translations import TextState
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.office.manuscripts import Manuscript, html_of
from cissapp.foundation.office.pdf_files import pdf_of
from cissapp.foundation.office.word_files import docx_of
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.services import NewDocument, take_document
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.forms import TargetForm
from cissapp.prepare.policy.papers.manuscripts import policy_manuscript
from cissapp.prepare.policy.phrases import title_in
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.clauses import AUDIENCE_NAMES, Audience
from cissapp.prepare.policy.services.documents import MadePolicy
from cissapp.prepare.policy.views.blueprint import bp
from cissapp.prepare.policy.views.studio import studio_page, target_form

POLICY = "POL"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"docx": (docx_of, DOCX), "pdf": (pdf_of, "application/pdf")}


@bp.get("/school/policy/<any(adults,younger,older):audience>")
@permit(Permission.DOSSIER_READ, of=own_school)
def read(school: School, audience: str) -> ResponseReturnValue:
    """Show the policy for an audience as a page, in any language of the library."""
    state = queries.state_of(school, filters.today(), request.args.get("language"))
    manuscript, _written = policy_manuscript(state, Audience(audience), filters.today())
    return render_template(
        "policy/read.html",
        manuscript=manuscript,
        text=html_of(manuscript),
        entry=_least_read(state),
        audience=audience,
        audiences=AUDIENCE_NAMES,
        policy_languages={
            one: languages.NAMES.get(one, one) for one in queries.languages_of(state.library)
        },
    )


def _least_read(state: PolicyState) -> str:
    """Return the translation entry of a printed clause not read by a native editor, or else of the first."""
    entries = [f"toolkit/policy.yaml#clauses.{one.clause.id}" for one in state.printed]
    known = content().translations
    unread = (one for one in entries if known.state(one, state.language) is not TextState.READ)
    return next(unread, entries[0] if entries else "")


@bp.get("/school/policy/<any(adults,younger,older):audience>.<any(docx,pdf):form>")
@permit(Permission.DOSSIER_READ, of=own_school)
@limit("300 per hour")
def download(school: School, audience: str, form: str) -> ResponseReturnValue:
    """Return the policy for an audience as a file."""
    state = queries.state_of(school, filters.today(), request.args.get("language"))
    manuscript, _written = policy_manuscript(state, Audience(audience), filters.today())
    return file_answer(manuscript, form, f"policy-{audience}-{state.language}")


def file_answer(manuscript: Manuscript, form: str, name: str) -> Response:
    """Return a response that downloads a manuscript as a file."""
    write, media_type = FORMS[form]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(write(manuscript), mimetype=media_type, headers=headers)


@bp.post("/school/policy/document")
@permit(Permission.DOSSIER_EDIT, of=own_school)
@limit("60 per hour", methods=["POST"])
def add_document(school: School) -> ResponseReturnValue:
    """Add the current policy to the school's documents, and cite its pages at the criteria it covers."""
    today = filters.today()
    state = queries.state_of(school, today)
    form = target_form(state)
    if not form.validate_on_submit():
        return studio_page(state, form)
    with form.catch_refusals():
        document, pages = _make(state, form)
        flash(
            _(
                "The policy is now in your documents. Its pages are named for %(number)s criteria.",
                number=len(pages),
            ),
            "success",
        )
        return redirect(url_for("documents.document", document_id=document.id))
    return studio_page(queries.state_of(school, today), form)


def _make(state: PolicyState, form: TargetForm) -> tuple[Document, dict[str, str]]:
    """Make the file and keep it as a version of the document that was chosen."""
    if not state.printed:
        raise Refused(Problem("target", N_("Nothing is printed yet. Answer some questions first.")))
    manuscript, written = policy_manuscript(state, Audience.ADULTS, filters.today())
    document, _file = take_document(
        _target(state, form),
        UploadedFile(pdf_of(manuscript), f"policy-{state.language}.pdf"),
        clamd_url=current_config().clamd_url,
        store=files(),
        by=actor(),
        at=clock.now(),
    )
    version = document_queries.versions(document.id)[-1]
    made = MadePolicy(written, document, version, document_queries.page_texts(version))
    return document, services.record_policy(state, made, by=actor(), at=clock.now())


def _target(state: PolicyState, form: TargetForm) -> NewDocument | Document:
    if form.target.data == TargetForm.NEW:
        return NewDocument(state.school, title_in(state.language, Audience.ADULTS), POLICY)
    chosen = next(
        (
            one
            for one in document_queries.documents(state.school.id)
            if str(one.id) == form.target.data and one.evidence_code == POLICY
        ),
        None,
    )
    document = document_queries.document(chosen.id) if chosen else None
    if document is None:
        raise Missing
    return document
