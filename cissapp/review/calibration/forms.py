"""The form of calibration: why a person may begin reviewing after a talk."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from cissapp.foundation.web.forms import Form

REASON_MARKS = 1000


class ReleaseForm(Form):
    """What was discussed, and why the person may begin."""

    reason = TextAreaField(
        _l("What you talked about, and why this person may begin"),
        [InputRequired(_l("Write what you talked about.")), Length(max=REASON_MARKS)],
    )

    def given(self) -> str:
        """Return the reason."""
        return (self.reason.data or "").strip()
