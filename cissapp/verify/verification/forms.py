"""The forms of the public check."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length, ValidationError

from cissapp.certify.certificates.rules import normalise_code
from cissapp.certify.certificates.rules.typing_mistakes import slip_in
from cissapp.foundation.web.forms import Form


class CertificateCodeForm(Form):
    """The code of a certificate."""

    exempt = {"code": "the code of a certificate; checked by its last mark and not kept"}

    code = StringField(
        _l("Code on the certificate"),
        [InputRequired(_l("Enter the code that is printed beside the square.")), Length(max=200)],
        description=_l("Five groups of four, such as ABCD-EFGH-1234-5678-9ABC."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "code",
        },
    )

    def validate_code(self, field: StringField) -> None:
        """Refuse a mistyped code at once, and say where to look."""
        slip = slip_in(field.data or "")
        if slip:
            raise ValidationError(_(slip.sentence, **slip.values))

    def given(self) -> str:
        """Return the code."""
        return normalise_code(self.code.data or "")


class SentFileForm(Form):
    """A file that is checked and not kept.

    `known_at` is the URL to which a browser can append the hash of the file: a file that is already known
    need not be sent.
    """

    def __init__(self, *arguments: Any, known_at: str, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self["file"].render_kw = {**(self["file"].render_kw or {}), "data-known-at": known_at}

    def given(self) -> bytes:
        """Read the content of the file."""
        with self["file"].data.stream as stream:
            content: bytes = stream.read()
        return content


class CertificateFileForm(SentFileForm):
    """The file of a certificate."""

    file = FileField(
        _l("A photo, a scan or the file of the certificate"),
        [FileRequired(_l("Choose the file."))],
        description=_l(
            "A photo must show the square with the dots. PDF, JPEG, PNG, HEIC, WebP, or a credential (.json, .jwt, .svg). We check it and do not keep it. At most 10 MB."
        ),
        render_kw={
            "accept": "image/*,.heic,.heif,.pdf,.json,.jsonld,.jwt,.png,.svg,.jpg,.jpeg,.webp"
        },
    )


class PolicyForm(SentFileForm):
    """A document that the school publishes."""

    file = FileField(
        _l("The document that the school publishes"),
        [FileRequired(_l("Choose the file."))],
        description=_l(
            "PDF, Word (.docx) or OpenDocument (.odt). We check it and do not keep it. At most 10 MB."
        ),
        render_kw={"accept": ".pdf,.docx,.odt"},
    )
