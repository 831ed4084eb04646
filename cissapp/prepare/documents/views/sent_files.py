"""What the upload forms do with a file, sent with the form or uploaded in pieces before it."""

from typing import Any
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.prepare.documents.forms.uploads import UploadForm
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads import queries, services
from cissapp.prepare.documents.uploads.models import Upload
from cissapp.prepare.documents.uploads.services import NewDocument


def named_upload() -> Upload | None:
    """Find the upload that the form names, if it is the person's own and still here."""
    try:
        return queries.own_upload(UUID(request.form.get("upload", "")), actor())
    except ValueError:
        return None


def take_file(
    target: NewDocument | Document, sent: UploadedFile | Upload, form: UploadForm
) -> Document | None:
    """Store the file of a form and show any findings; None if it was refused, and the form shows why."""
    at = clock.now()
    try:
        document, file = services.take_document(
            target,
            sent,
            clamd_url=current_config().clamd_url,
            store=files(),
            by=actor(),
            at=at,
        )
    except Refused as refused:
        form.refuse(refused)
        upload_id = services.settle_refused(target, sent, refused, store=files(), by=actor(), at=at)
        form.settle(upload_id)
        return None
    flash(_("The file has been stored."), "success")
    for finding in file.examined.findings:
        flash(_(finding), "warning")
    return document


def unfinished_uploads(form: UploadForm) -> dict[str, Any]:
    """List the person's unfinished uploads, so that a reloaded page can continue them."""
    found = queries.unfinished(actor(), clock.now())
    sent = form.upload.data or ""
    return {
        "unfinished": [one for one in found if str(one.id) != sent],
        "sent": next((one for one in found if str(one.id) == sent), None),
    }
