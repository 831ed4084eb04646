"""Uploads in parts, as tus 1.0 has them: creation, checksum, expiration, termination."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.http import http_date

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.examination import LARGEST
from cissapp.foundation.web.forms import shown
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents.uploads import queries, rules, services
from cissapp.prepare.documents.uploads.models import Upload
from cissapp.prepare.documents.views.blueprint import bp

View = Callable[..., Response]

# What the protocol answers for each reason; everything else is a conflict.
STATUS: dict[str, int | str] = {
    "malformed": 400,
    "large": 413,
    "file": 422,
    "expired": 410,
    "checksum": "460 Checksum Mismatch",
}
BODY = "application/offset+octet-stream"


def tus(view: View) -> Callable[..., ResponseReturnValue]:
    """Apply the protocol to a view: its version on every response, and a status for each refusal."""

    @wraps(view)
    def spoken(*arguments: Any, **values: Any) -> ResponseReturnValue:
        if request.headers.get("Tus-Resumable") != rules.TUS_VERSION:
            answer = Response(status=412)
            answer.headers["Tus-Version"] = rules.TUS_VERSION
        else:
            try:
                answer = view(*arguments, **values)
            except Refused as refused:
                answer = _refusal(refused)
        answer.headers["Tus-Resumable"] = rules.TUS_VERSION
        return answer

    return spoken


def _refusal(refused: Refused) -> Response:
    text = " ".join(shown(problem).text for problem in refused.problems)
    status = STATUS.get(refused.problems[0].code, 409)
    return Response(text, status=status, mimetype="text/plain")


def _here(upload: Upload, status: int) -> Response:
    answer = Response(status=status)
    answer.headers["Upload-Offset"] = str(upload.received)
    answer.headers["Upload-Length"] = str(upload.size)
    answer.headers["Upload-Expires"] = _expires(upload.expires_at)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _expires(at: datetime) -> str:
    return http_date(at)


@bp.route("/school/uploads", methods=["OPTIONS"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def upload_terms(school: School) -> ResponseReturnValue:  # noqa: ARG001 -- the terms are the same for all
    """Answer which parts of the protocol are supported."""
    answer = Response(status=204)
    answer.headers["Tus-Resumable"] = answer.headers["Tus-Version"] = rules.TUS_VERSION
    answer.headers["Tus-Extension"] = rules.TUS_EXTENSIONS
    answer.headers["Tus-Max-Size"] = str(LARGEST)
    answer.headers["Tus-Checksum-Algorithm"] = ",".join(rules.ALGORITHMS)
    return answer


@bp.post("/school/uploads", provide_automatic_options=False)
@permit(Permission.DOSSIER_EDIT, of=own_school)
@limit("600 per hour")
@tus
def begin_upload(school: School) -> Response:
    """Begin an upload."""
    given = rules.parse_announcement(
        request.headers.get("Upload-Length"), request.headers.get("Upload-Metadata")
    )
    upload = services.begin_upload(school, given, by=actor(), at=clock.now())
    answer = _here(upload, 201)
    answer.headers["Location"] = url_for("documents.upload_offset", upload_id=upload.id)
    return answer


@bp.route("/school/uploads/<uuid:upload_id>", methods=["HEAD"])
@permit(Permission.DOSSIER_EDIT, of=queries.own_upload)
@tus
def upload_offset(upload: Upload) -> Response:
    """Answer with how much of a file has arrived."""
    return _here(upload, 200)


@bp.route("/school/uploads/<uuid:upload_id>", methods=["PATCH"])
@permit(Permission.DOSSIER_EDIT, of=queries.own_upload)
@tus
def append_to_upload(upload: Upload) -> Response:
    """Keep a piece of a file."""
    if request.mimetype != BODY:
        return Response(status=415)
    begins = rules.parse_offset(request.headers.get("Upload-Offset"))
    checksum = rules.parse_checksum(request.headers.get("Upload-Checksum"))
    release_transaction()  # the sender may be slow; nobody waits for it
    content = request.get_data()
    kept = services.append_piece(
        upload, content, begins=begins, checksum=checksum, store=files(), at=clock.now()
    )
    return _here(kept, 204)


@bp.delete("/school/uploads/<uuid:upload_id>")
@permit(Permission.DOSSIER_EDIT, of=queries.own_upload)
@tus
def end_upload(upload: Upload) -> Response:
    """Remove an upload."""
    services.drop_upload(upload, store=files())
    return Response(status=204)


@bp.post("/school/uploads/<uuid:upload_id>/remove")
@permit(Permission.DOSSIER_EDIT, of=queries.own_upload)
def remove_upload(upload: Upload) -> ResponseReturnValue:
    """Remove an upload, by a button."""
    services.drop_upload(upload, store=files())
    flash(_("The unfinished upload has been removed."), "success")
    return redirect(url_for("documents.documents"))
