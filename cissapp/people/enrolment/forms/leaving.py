"""The form on which a school tells its group that it leaves, closes or takes a break."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField
from wtforms.validators import InputRequired, Optional

from cissapp.foundation.web.forms import Form
from cissapp.people.enrolment.rules import LEAVING_NAMES, LeavingKind


class LeavingForm(Form):
    """What the school plans, and until when if it is a break."""

    kind = RadioField(
        _l("What do you want to tell your national group?"),
        [InputRequired(_l("Choose one."))],
    )
    until_on = DateField(
        _l("When do you expect to continue?"),
        [Optional()],
        description=_l("Only for a break. Leave it empty if you do not know yet."),
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.kind.choices = [(kind.value, _(name)) for kind, name in LEAVING_NAMES.items()]

    def given(self) -> tuple[LeavingKind, date | None]:
        """Return what is planned, and until when."""
        return LeavingKind(self.kind.data), self.until_on.data
