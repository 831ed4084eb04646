"""What a guest auditor reads: the application, and once it is decided, reviews and decisions."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.readings import note_reading
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import OUTCOME_NAMES
from cissapp.prepare.documents.files.serving import serve_copy
from cissapp.review.independence.access.conflicts import requires_no_conflict
from cissapp.review.reviews import queries
from cissapp.review.reviews.views.blueprint import bp
from cissapp.review.reviews.views.mechanism import shown_mechanism


@bp.get("/reviews/<uuid:application_id>/guest")
@permit(Permission.CASE_READ, of=queries.application)
@requires_no_conflict
def guest(application: Application) -> ResponseReturnValue:
    """Show a guest the application, and the reviews of rounds that are decided; nothing can be changed."""
    found = queries.guest_case(application)
    standard = content().under(found.dossier.rubric_version).standard
    return render_template(
        "reviews/guest.html",
        found=found,
        criteria=[(one, one.text(languages.current())) for one in standard.criteria],
        mechanism=shown_mechanism(found.dossier.mechanism),
        outcomes=OUTCOME_NAMES,
    )


@bp.get("/reviews/<uuid:application_id>/guest/documents/<uuid:version_id>")
@permit(Permission.CASE_READ, of=queries.application)
@requires_no_conflict
def guest_file(application: Application, version_id: UUID) -> ResponseReturnValue:
    """Send a guest the file of a submitted document."""
    version = queries.version_of(application, version_id)
    if version is None:
        raise Missing
    note_reading(Event.DOCUMENT_READ, version, school_id=application.school_id)
    return serve_copy(version, files())
