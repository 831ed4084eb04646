"""What the upload forms do with a file whose pieces came before the form."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import request

from cissapp.foundation.access.guard import actor
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.errors import Busy, Refused
from cissapp.foundation.core.storage import files
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents.forms.uploads import SentFile, UploadForm
from cissapp.prepare.documents.uploads import models as uploads
from cissapp.prepare.documents.uploads import queries, services
from cissapp.prepare.documents.uploads.rules import is_of_the_file


def arrived() -> uploads.Upload | None:
    """Find the upload that the form names, if it is the person's own and still here."""
    try:
        return queries.own_upload(UUID(request.form.get("upload", "")), actor())
    except ValueError:
        return None


def together(upload: uploads.Upload | None) -> Callable[[], SentFile] | None:
    """Give the way to the file of an upload: its pieces are put together when they are asked for."""
    if upload is None:
        return None
    return lambda: SentFile(services.join_pieces(upload, store=files()), upload.file_name)


def made_of_pieces(form: UploadForm, document_id: UUID) -> None:
    """Remember that the upload of this form became a document."""
    if form.arrived is not None:
        services.use_upload(UUID(form.upload.data or ""), document_id, store=files())


def refuse_pieces(form: UploadForm, refused: Refused) -> None:
    """Show why it was refused. A file that is not taken goes at once, all else that was typed stays.

    A file that nobody could look at now is kept, also where it came with the form: it need not be sent again.
    """
    form.refuse(refused)
    if form.arrived is None and isinstance(refused, Busy):
        _keep_whole(form)
        return
    if form.arrived is None or not any(map(is_of_the_file, refused.problems)):
        return
    upload = arrived()
    form.send_again()
    if upload is not None:
        # The answer is no success, so what it changed is not kept; that the file goes must be.
        with unit_of_work():
            services.drop_upload(upload, store=files())


def _keep_whole(form: UploadForm) -> None:
    """Keep the file of a form as an upload that is here as a whole; where that is refused, it is chosen again."""
    sent, school = form.read, own_school(actor())
    if sent is None or school is None:
        return
    with suppress(Refused), unit_of_work():
        upload = services.keep_whole(
            school, sent.content, sent.file_name, store=files(), by=actor(), at=clock.now()
        )
        form.upload.data = str(upload.id)


def unfinished_uploads(form: UploadForm) -> dict[str, Any]:
    """List what the person began to send: a page that was loaded anew goes on from there."""
    found = queries.unfinished(actor(), clock.now())
    sent = form.upload.data or ""
    return {
        "unfinished": [one for one in found if str(one.id) != sent],
        "sent": next((one for one in found if str(one.id) == sent), None),
    }
