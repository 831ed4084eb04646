"""The forms of documents."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from cissapp.foundation.intake.examination import LARGEST
from cissapp.foundation.intake.reasons import RejectionReason
from cissapp.foundation.intake.sentences import SENTENCES
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.documents.forms.uploads import FileOrUpload, UploadForm
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.models import Upload


def file_field() -> FileField:
    """Build the field of a file."""
    return FileField(
        _l("File"),
        [FileOrUpload()],
        description=_l("PDF, Word (.docx) or OpenDocument (.odt), at most 10 MB."),
        render_kw={
            "accept": ".pdf,.docx,.odt",
            "data-most": LARGEST,
            "data-too-large": _l(SENTENCES[RejectionReason.TOO_LARGE]),
        },
    )


def read_file(field: FileField) -> UploadedFile:
    """Return the file of a field."""
    return UploadedFile(field.data.read(), field.data.filename or "")


class DocumentForm(UploadForm):
    """Title, kind and file of a new document."""

    title = StringField(
        _l("Title"),
        short(_l("Give the document a title."), 120),
        description=_l("For example: School safety policy."),
    )
    evidence_code = SelectField(
        _l("Kind of document"), [InputRequired(_l("Choose what kind of document it is."))]
    )
    file = file_field()

    def __init__(self, *arguments: Any, kinds: dict[str, str], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.evidence_code.choices = [("", _("Choose one")), *kinds.items()]

    def given(self) -> tuple[str, str, UploadedFile | Upload]:
        """Return title, kind and file."""
        return self.title.data or "", self.evidence_code.data or "", self.sent(self.file)


class VersionForm(UploadForm):
    """The file of a new version."""

    file = file_field()

    def given(self) -> UploadedFile | Upload:
        """Return the file."""
        return self.sent(self.file)
