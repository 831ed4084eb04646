"""The part of a form that takes a file, sent with the form or uploaded in pieces beforehand."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import StopValidation

from cissapp.foundation.web.forms import Form
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.models import Upload


class FileOrUpload:
    """Needs a file, unless it was uploaded in pieces before."""

    field_flags = {"required": True}

    def __init__(self) -> None:
        self.needed = FileRequired(_l("Choose the file."))

    def __call__(self, form: Any, field: Any) -> None:
        """Stop the validation if the pieces have arrived; else require the file."""
        if getattr(form, "arrived", None) is not None:
            field.errors[:] = []
            raise StopValidation
        self.needed(form, field)


class UploadForm(Form):
    """A form with a file; `arrived` is the upload that came in pieces before the form."""

    upload = HiddenField()
    # The file that came with the form, once it was read.
    read: UploadedFile | None = None

    def __init__(self, *arguments: Any, arrived: Upload | None = None, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.arrived = arrived

    def sent(self, field: FileField) -> UploadedFile | Upload:
        """Return the file of the form, or the upload that came before it."""
        if self.arrived is not None:
            return self.arrived
        if self.read is None:
            self.read = UploadedFile(field.data.read(), field.data.filename or "")
        return self.read

    def keeps_files(self) -> bool:
        """Return whether the file is an upload that is still here."""
        return bool(self.upload.data)

    def settle(self, upload_id: UUID | None) -> None:
        """Set the upload that is kept after a refusal; if there is none, the file has to be chosen again."""
        if upload_id is None:
            self.arrived = None
        self.upload.data = str(upload_id or "")
