"""The forms for one's own data, and for holding documents back from deletion."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, PasswordField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from cissapp.foundation.web.forms import Form
from cissapp.oversee.personal_data.rules.retention import REASON_MARKS

PASSWORD_MARKS = 1024
ASKED = [InputRequired(_l("Enter your password.")), Length(max=PASSWORD_MARKS)]


class DownloadForm(Form):
    """The password that is required before people download their own data."""

    download_password = PasswordField(
        _l("Your password"), ASKED, render_kw={"autocomplete": "current-password"}
    )


class EraseOwnForm(Form):
    """The password that is required before people ask for their own erasure."""

    erase_password = PasswordField(
        _l("Your password"), ASKED, render_kw={"autocomplete": "current-password"}
    )


class HoldForm(Form):
    """Why nothing of a school may be deleted, and until when."""

    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Explain why.")), Length(max=REASON_MARKS)],
        description=_l("For example: “The court asked for the documents.” Do not name people."),
        render_kw={"maxlength": REASON_MARKS},
    )
    until_on = DateField(_l("Until"), [InputRequired(_l("Choose the last day."))])

    def given(self) -> tuple[str, date]:
        """Return reason and last day."""
        assert self.until_on.data  # noqa: S101 -- asked only of a valid form
        return self.reason.data or "", self.until_on.data
