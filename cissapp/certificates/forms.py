"""The forms of certificates."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from cissapp.certificates.queries import Search
from cissapp.certificates.rules import is_code, normalise_code
from cissapp.web.forms import Form

REASON_MARKS = 1000
CURE_MARKS = 2000


class CodeForm(Form):
    """The code of a certificate."""

    exempt = {"code": "the code of a certificate; checked by its last mark and not kept"}

    code = StringField(
        _l("Code on the certificate"),
        [InputRequired(_l("Type the code that stands below the square of dots.")), Length(max=200)],
        description=_l("Five groups of four, such as ABCD-EFGH-1234-5678-9ABC."),
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "code",
        },
    )

    def validate_code(self, field: StringField) -> None:
        """Tell a slip of the finger at once."""
        if not is_code(normalise_code(field.data or "")):
            raise ValidationError(
                _("There is a mistake in this code. Compare it with the certificate, mark by mark.")
            )

    def given(self) -> str:
        """Give the code."""
        return normalise_code(self.code.data or "")


class FileForm(Form):
    """The file of a certificate."""

    file = FileField(
        _l("The certificate as PDF"),
        [FileRequired(_l("Choose the file."))],
        description=_l("The file is looked at and not kept. At most 10 MB."),
        render_kw={"accept": ".pdf"},
    )

    def given(self) -> bytes:
        """Give the content of the file."""
        with self.file.data.stream as stream:
            content: bytes = stream.read()
        return content


class SearchForm(Form):
    """What a visitor looks for in the list of certified schools."""

    exempt = {"words": "a search; not kept"}

    words = StringField(_l("School or place"), [Length(max=100)])
    country = SelectField(_l("Country"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)

    def __init__(
        self, *arguments: Any, countries: dict[str, str], regions: dict[str, str], **values: Any
    ) -> None:
        super().__init__(*arguments, **values)
        self.known = {*countries, *regions}
        self.country.choices = [("", _("All countries")), *countries.items()]
        self.region.choices = [("", _("All regions")), *regions.items()]

    def given(self) -> Search:
        """Give the search; what is no choice is left out."""
        country, region = self.country.data or "", self.region.data or ""
        return Search(
            (self.words.data or "")[:100],
            country if country in self.known else "",
            region if region in self.known else "",
        )


class CureForm(Form):
    """What the school has mended."""

    text = TextAreaField(
        _l("What have you mended?"),
        [
            InputRequired(_l("Say what you have mended, or what you do and by when.")),
            Length(max=CURE_MARKS, message=_l("Use at most 2,000 characters.")),
        ],
        description=_l(
            "Name the office, the document and the date. No names of children, no case."
        ),
    )

    def given(self) -> str:
        """Give the text."""
        return self.text.data or ""


class ReasonForm(Form):
    """Why something happens to a certificate, and that it is meant."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Give the reason.")),
            Length(
                min=10,
                max=REASON_MARKS,
                message=_l("Give the reason in 10 to 1,000 characters."),
            ),
        ],
        description=_l(
            "The school and the secretariat read it. No names, no case, nothing about a child."
        ),
    )
    confirmed = BooleanField(
        _l("I have read what happens and want it"),
        [InputRequired(_l("Confirm that you want it."))],
    )

    def given(self) -> str:
        """Give the reason."""
        return self.reason.data or ""
