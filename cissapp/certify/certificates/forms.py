"""The forms of certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from cissapp.foundation.web.forms import Form

REASON_MARKS = 1000
CURE_MARKS = 2000


class CureForm(Form):
    """What the school has mended."""

    text = TextAreaField(
        _l("What have you put right?"),
        [
            InputRequired(_l("Enter what you have put right, or what you will do and by when.")),
            Length(max=CURE_MARKS, message=_l("Use at most 2,000 characters.")),
        ],
        description=_l(
            "Name the office, the document and the date. No names of children, no case."
        ),
    )

    def given(self) -> str:
        """Return the text."""
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
        """Return the reason."""
        return self.reason.data or ""
