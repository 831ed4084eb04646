"""What a school shows its mentor, and the pages on which the mentor reads it."""

from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.applications.submission_content.evidence import gather_evidence
from cissapp.prepare.assessment.queries import standard_to_answer
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.files import serving
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import phrases, queries, services
from cissapp.review.mentoring.forms import ShareForm
from cissapp.review.mentoring.rules import SharedPart
from cissapp.review.mentoring.views.blueprint import bp, to_page


@bp.route("/mentoring/<uuid:mentoring_id>/sharing", methods=["GET", "POST"])
@permit(Permission.MENTORING_SHARE, of=queries.mentoring_of)
def share(mentoring: Mentoring) -> ResponseReturnValue:
    """Let the school choose what its mentor sees."""
    form, standard = ShareForm(), standard_to_answer(mentoring.school_id, content())
    form.ask(
        [
            (one.value, name)
            for one, name in phrases.part_names(standard, languages.current()).items()
        ],
        [(str(one.id), one.title) for one in documents.documents(mentoring.school_id)],
    )
    if form.validate_on_submit():
        with form.catch_refusals():
            services.show_to_mentor(mentoring, form.given(), by=actor(), at=clock.now())
            flash(_("Saved. Your mentor can see what is ticked, and nothing else."), "success")
            return to_page(mentoring)
    elif not form.is_submitted():
        form.show(queries.shared(mentoring.id))
    return answer("mentoring/share.html", form, mentoring=mentoring)


@bp.get("/mentoring/<uuid:mentoring_id>/parts/<part>")
@permit(Permission.MENTORING_READ, of=queries.mentoring_of)
def part(mentoring: Mentoring, part: str) -> ResponseReturnValue:
    """Show a part of the application that the school shows its mentor, with its present answers."""
    chosen, language = queries.shared_part(mentoring, part), languages.current()
    standard = standard_to_answer(mentoring.school_id, content())
    evidence, of_mechanism = gather_evidence(mentoring.school_id), chosen is SharedPart.MECHANISM
    return render_template(
        "mentoring/part.html",
        mentoring=mentoring,
        title=phrases.part_names(standard, language)[chosen],
        answers=phrases.shown_answers(standard, chosen, evidence, language),
        reporting=phrases.shown_reporting(evidence) if of_mechanism else None,
    )


@bp.get("/mentoring/<uuid:mentoring_id>/documents/<uuid:document_id>")
@permit(Permission.MENTORING_READ, of=queries.mentoring_of)
def document(mentoring: Mentoring, document_id: UUID) -> ResponseReturnValue:
    """Send the newest version of a document that the school shows its mentor."""
    found = queries.shared_document(mentoring, document_id)
    note_reading(Event.DOCUMENT_READ, found.newest, school_id=mentoring.school_id)
    return serving.serve_copy(found.newest, files())
