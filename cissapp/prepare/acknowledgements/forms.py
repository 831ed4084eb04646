"""The forms for asking the staff to read a policy."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from cissapp.foundation.web.forms import Form
from cissapp.prepare.acknowledgements.rules import CHANGE_MOST, STAFF_MOST, ReadingRequest

YES, NO = "yes", "no"


class StaffReadingForm(Form):
    """Asks for the number of staff and, for a later version, whether the change is one of substance."""

    staff = IntegerField(
        _l("How many staff does the school have?"),
        [
            InputRequired(_l("Enter the number of staff.")),
            NumberRange(1, STAFF_MOST, _l("Enter a number from 1 to %(most)s.", most=STAFF_MOST)),
        ],
        description=_l("Everyone who works with pupils, including non-teaching staff."),
        render_kw={"inputmode": "numeric"},
    )
    substantive = RadioField(
        _l("Does this version change what anyone has to do or know?"),
        [InputRequired(_l("Tell us whether this version changes what anyone has to do or know."))],
    )
    change = StringField(
        _l("What changed, in one sentence"),
        [Length(max=CHANGE_MOST, message=_l("Use at most %(most)s characters.", most=CHANGE_MOST))],
        description=_l("Staff see this on the page. Required if the change is significant."),
    )

    def __init__(self, *arguments: Any, later: bool, **values: Any) -> None:
        super().__init__(*arguments, **values)
        if not later:
            del self.substantive
            del self.change
            return
        self.substantive.choices = [
            (YES, _("Yes. Everyone reads it again, and the count starts again at 0.")),
            (NO, _("No. Only wording, contacts or layout changed. The count carries on.")),
        ]

    def given(self) -> ReadingRequest:
        """Return what was entered."""
        if "substantive" not in self._fields:
            return ReadingRequest(self.staff.data or 0)
        return ReadingRequest(
            self.staff.data or 0, self.substantive.data == YES, self.change.data or ""
        )
