"""The part of a form that takes a file, whether it comes with the form or came in pieces before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import StopValidation

from cissapp.foundation.web.forms import Form


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent."""

    content: bytes
    file_name: str


class FileOrUpload:
    """Needs a file, unless its pieces are here already."""

    field_flags = {"required": True}

    def __init__(self) -> None:
        self.needed = FileRequired(_l("Choose the file."))

    def __call__(self, form: Any, field: Any) -> None:
        """Stop where the pieces are here; else ask for the file."""
        if getattr(form, "arrived", None) is not None:
            field.errors[:] = []
            raise StopValidation
        self.needed(form, field)


class UploadForm(Form):
    """A form with a file; `arrived` puts the pieces together, if they came before the form."""

    upload = HiddenField()
    # The file that came with the form, once it was read.
    read: SentFile | None = None

    def __init__(
        self, *arguments: Any, arrived: Callable[[], SentFile] | None = None, **values: Any
    ) -> None:
        super().__init__(*arguments, **values)
        self.arrived = arrived

    def sent(self, field: FileField) -> SentFile:
        """Give the file; raise `Refused`, if its pieces are not whole."""
        if self.arrived is not None:
            return self.arrived()
        self.read = SentFile(field.data.read(), field.data.filename or "")
        return self.read

    def send_again(self) -> None:
        """Ask for the file again: the one whose pieces came was refused."""
        self.arrived = None
        self.upload.data = ""
