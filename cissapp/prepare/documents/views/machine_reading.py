"""The page on which a school has the text of a scan read by machine."""

import time

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.ocr import can_read
from cissapp.foundation.web.content_warnings import confirmed_marks
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.limits import limit
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.services.machine_reading import pages_to_read, read_waiting_pages
from cissapp.prepare.documents.views.blueprint import bp
from cissapp.prepare.documents.views.sent_photographs import reading_languages
from cissapp.prepare.documents.views.versions import VERSION

# A person waits: the rest is read with the next request, or by itself within a day.
SECONDS = 20.0


@bp.route(f"{VERSION}/reading", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=queries.version)
@limit("120 per hour", methods=["POST"])
def read_scan(version: DocumentVersion) -> ResponseReturnValue:
    """Read the text of pages that are pictures."""
    form = Form()
    spoken = reading_languages(version.school_id)
    if form.validate_on_submit():
        with form.catch_refusals():
            _read(version, spoken)
            return redirect(request.path)
    return answer(
        "documents/read_scan.html",
        form,
        document=version.document,
        version=version,
        waiting=pages_to_read(version),
        reads=can_read(spoken),
    )


def _read(version: DocumentVersion, spoken: list[str]) -> None:
    """Read pages for some seconds; after a confirmation read only one, so that the next page asks again."""
    confirmed = bool(confirmed_marks())
    began, count = time.monotonic(), 0
    reading = read_waiting_pages(version, spoken, store=files(), by=actor(), at=clock.now())
    try:
        for _number in reading:
            count += 1
            if confirmed or time.monotonic() - began > SECONDS:
                return
    finally:
        if count:
            flash(
                ngettext("%(num)d page has been read.", "%(num)d pages have been read.", count),
                "success",
            )
