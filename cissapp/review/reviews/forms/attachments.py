"""The form of a file for the school."""

from cissapp.foundation.web.forms import Form
from cissapp.prepare.documents.forms.documents import file_field, read_file
from cissapp.prepare.documents.rules.files import UploadedFile


class AttachmentForm(Form):
    """A file for the school."""

    file = file_field()

    def given(self) -> UploadedFile:
        """Return the file."""
        return read_file(self.file)
