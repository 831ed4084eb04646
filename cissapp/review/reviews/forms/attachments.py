"""The form of a file for the school."""

from cissapp.foundation.web.forms import Form
from cissapp.prepare.documents.forms.documents import file_field, sent
from cissapp.prepare.documents.forms.pieces import Upload


class AttachmentForm(Form):
    """A file for the school."""

    file = file_field()

    def given(self) -> Upload:
        """Return the file."""
        return sent(self.file)
