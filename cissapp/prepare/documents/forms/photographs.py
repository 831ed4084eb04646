"""The forms of photographs of a paper document."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired

from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.documents.rules.files import UploadedFile

ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,.jpg,.jpeg,.png,.heic,.heif"


class PhotographsForm(Form):
    """Photographs of pages: chosen, or taken now with the camera of a phone."""

    photos = MultipleFileField(
        _l("Photos of the pages"),
        description=_l(
            "JPEG, PNG or HEIC, one page in each photo, at most 12 MB each. You can choose several."
        ),
        render_kw={"accept": ACCEPTED},
    )
    camera = MultipleFileField(
        _l("Or take a photo now"), render_kw={"accept": "image/*", "capture": "environment"}
    )
    by_hand = BooleanField(_l("These pages are handwritten or a drawing, without printed text"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.photos.flags.required = self.camera.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that there is a photograph."""
        good = super().validate(extra_validators)
        if good and not self.chosen():
            self.photos.errors = [_("Choose the photos, or take one.")]
            return False
        return good

    def chosen(self) -> list[FileStorage]:
        """Return the photographs in their order; an input without a file sends an empty one."""
        both = [*(self.photos.data or ()), *(self.camera.data or ())]
        return [file for file in both if isinstance(file, FileStorage) and file.filename]

    @staticmethod
    def read(file: FileStorage) -> UploadedFile:
        """Read a photograph."""
        return UploadedFile(file.read(), file.filename or "")


class PhotographedDocumentForm(Form):
    """Title and kind of the document that the photographs become."""

    title = StringField(
        _l("Title"),
        short(_l("Give the document a title."), 120),
        description=_l("For example: School safety policy."),
    )
    evidence_code = SelectField(
        _l("Kind of document"), [InputRequired(_l("Choose what kind of document it is."))]
    )

    def __init__(self, *arguments: Any, kinds: dict[str, str], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.evidence_code.choices = [("", _("Choose one")), *kinds.items()]
