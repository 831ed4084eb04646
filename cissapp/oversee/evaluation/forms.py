"""The form for taking out a faulty question, with the reason."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from cissapp.foundation.web.forms import Form

REASON_LEAST, REASON_MOST = 10, 1000


class VoidForm(Form):
    """What is wrong with the question."""

    reason = TextAreaField(
        _l("What is wrong with the question"),
        [
            InputRequired(_l("Enter what is wrong with the question.")),
            Length(
                min=REASON_LEAST,
                max=REASON_MOST,
                message=_l("Write one sentence of 10 to 1,000 characters."),
            ),
        ],
        description=_l("Do not name anyone. The reason is kept."),
    )

    def given(self) -> str:
        """Return the reason."""
        return (self.reason.data or "").strip()
