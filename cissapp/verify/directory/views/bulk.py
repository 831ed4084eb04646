"""Certificates in bulk, for a national group and for the secretariat."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.limits import limit
from cissapp.verify.directory import queries
from cissapp.verify.directory.forms import BulkForm
from cissapp.verify.directory.views import archive
from cissapp.verify.directory.views.blueprint import arguments_given, bp, choices, list_day

BULK_ARGUMENTS = ("country", "region", "level", "status", "issued_from", "issued_to")


@bp.get("/certificates/bulk")
@permit(Permission.CERTIFICATE_EXPORT)
def bulk() -> ResponseReturnValue:
    """Choose certificates, and see how many these are and how large."""
    form = BulkForm(formdata=request.args, **choices(languages.current()))
    form.validate()
    rows = queries.bulk_certificates(form.given(), actor(), list_day())
    return render_template(
        "directory/bulk.html",
        form=form,
        count=len(rows),
        size=archive.pack_certificates(rows, files()).size,
        href=url_for("directory.bulk_zip", **arguments_given(*BULK_ARGUMENTS)),
    )


@bp.get("/certificates/bulk.zip")
@permit(Permission.CERTIFICATE_EXPORT)
@limit("20 per hour")
def bulk_zip() -> ResponseReturnValue:
    """Serve the chosen certificates as one file; its length is known, so that browsers show progress."""
    form = BulkForm(formdata=request.args, **choices(languages.current()))
    form.validate()
    packed = archive.pack_certificates(
        queries.bulk_certificates(form.given(), actor(), list_day()), files()
    )
    response = Response(packed.streamed(), mimetype="application/zip")
    response.content_length = packed.size
    name = f"ciss-certificates-{clock.today().isoformat()}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
