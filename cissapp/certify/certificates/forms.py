"""The forms of certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from cissapp.foundation.web.forms import Form

REASON_MARKS = 1000
CURE_MARKS = 2000


class CureForm(Form):
    """What the school has put right."""

    text = TextAreaField(
        _l("What have you put right?"),
        [
            InputRequired(_l("Enter what you have put right, or what you will do and by when.")),
            Length(max=CURE_MARKS, message=_l("Use at most 2,000 characters.")),
        ],
        description=_l(
            "Name the job title, the document and the date. Do not name any child or describe any case."
        ),
    )

    def given(self) -> str:
        """Return the text."""
        return self.text.data or ""


class ReasonForm(Form):
    """The reason for an action on a certificate, and the confirmation that it is intended."""

    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Enter the reason.")),
            Length(
                min=10,
                max=REASON_MARKS,
                message=_l("Enter the reason in 10 to 1,000 characters."),
            ),
        ],
        description=_l(
            "The school and the secretariat will read it. Do not include names, details of a case or anything about a child."
        ),
    )
    confirmed = BooleanField(
        _l("I have read what will happen and want to go ahead"),
        [InputRequired(_l("Confirm that you want to go ahead."))],
    )

    def given(self) -> str:
        """Return the reason."""
        return self.reason.data or ""
