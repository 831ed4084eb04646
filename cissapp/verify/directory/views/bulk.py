"""Certificates in bulk, for a national group and for the secretariat."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.verify.directory import queries
from cissapp.verify.directory.forms import BulkForm
from cissapp.verify.directory.views import archive
from cissapp.verify.directory.views.blueprint import arguments_given, bp, choices, list_day

BULK_ARGUMENTS = ("country", "region", "level", "status", "issued_from", "issued_to")


@bp.get("/certificates/bulk")
@permit(Permission.CERTIFICATE_EXPORT)
def bulk() -> ResponseReturnValue:
    """Show the selected certificates with their number and size; many of them one part at a time."""
    form = BulkForm(formdata=request.args, **choices(languages.current()))
    form.validate()
    place = place_asked()
    found = queries.bulk_part(form.given(), actor(), list_day(), place)
    kept = arguments_given(*BULK_ARGUMENTS)
    whole = url_for("directory.bulk_zip", **kept)
    is_part = found.total is None and bool(found.rows)
    return render_template(
        "directory/bulk.html",
        form=form,
        found=found,
        is_part=is_part,
        size=archive.pack_certificates(found.rows, files()).size,
        part=url_for("directory.bulk_zip", **kept, first=found.rows[0].number)
        if is_part
        else whole,
        whole=whole,
        href=lambda **place: url_for("directory.bulk", **kept, **place),
    )


@bp.get("/certificates/bulk.zip")
@permit(Permission.CERTIFICATE_EXPORT)
@limit("20 per hour")
def bulk_zip() -> ResponseReturnValue:
    """Serve the chosen certificates as one file; its length is known, so that browsers show progress."""
    form = BulkForm(formdata=request.args, **choices(languages.current()))
    form.validate()
    wanted, first = (form.given(), actor(), list_day()), request.args.get("first")
    rows = queries.bulk_part_from(*wanted, first) if first else queries.bulk_certificates(*wanted)
    packed = archive.pack_certificates(rows, files())
    response = Response(packed.streamed(), mimetype="application/zip")
    response.content_length = packed.size
    name = f"ciss-certificates-{clock.today().isoformat()}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
