"""The form that moves a deadline."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from cissapp.foundation.web.forms import Form
from cissapp.people.deadlines.rules import REASON_LEAST, REASON_MOST


class ChangeForm(Form):
    """The new date, and the reason."""

    due_on = DateField(_l("New date"), [InputRequired(_l("Choose a day."))])
    reason = TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Enter a reason.")),
            Length(
                min=REASON_LEAST,
                max=REASON_MOST,
                message=_l("Write between %(min)d and %(max)d characters."),
            ),
        ],
        description=_l(
            "Both the school and the national group can read this. Do not name any children."
        ),
    )

    def given(self) -> tuple[date, str]:
        """Return the date and the reason."""
        return cast("date", self.due_on.data), self.reason.data or ""
