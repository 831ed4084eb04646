"""The forms for the upkeep of a certificate."""

from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from cissapp.certify.upkeep.services import YearStatement
from cissapp.foundation.web.forms import Form

MOST = 9999
COUNT = _l("Enter a number from 0 to 9,999.")


class ConfirmationForm(Form):
    """What the head confirms for a year; numbers and dates only."""

    persons_right = BooleanField(
        _l("The people who take reports are those named in your application"),
        [InputRequired(_l("Confirm this, or correct your application first."))],
    )
    phones_tested_on = DateField(
        _l("Date when every phone, mailbox and box was tested"),
        [InputRequired(_l("Choose a day."))],
    )
    policy_review_on = DateField(
        _l("Date by which the policy will next be reviewed"),
        [InputRequired(_l("Choose a day."))],
        description=_l("A policy is reviewed once a year and after a change in the law."),
    )
    staff_total = IntegerField(
        _l("People who work at the school"),
        [InputRequired(COUNT), NumberRange(1, MOST, COUNT)],
    )
    staff_trained = IntegerField(
        _l("Of these, trained on the policy in the last 12 months"),
        [InputRequired(COUNT), NumberRange(0, MOST, COUNT)],
    )
    classes_taught = IntegerField(
        _l("Classes that had a lesson on online safety in the last 12 months"),
        [InputRequired(COUNT), NumberRange(0, MOST, COUNT)],
    )
    true = BooleanField(
        _l("This is true to the best of my knowledge"),
        [InputRequired(_l("Confirm that it is true."))],
    )

    def given(self) -> YearStatement:
        """Return what was entered."""
        return YearStatement(
            phones_tested_on=cast("date", self.phones_tested_on.data),
            policy_review_on=cast("date", self.policy_review_on.data),
            staff_total=self.staff_total.data or 0,
            staff_trained=self.staff_trained.data or 0,
            classes_taught=self.classes_taught.data or 0,
        )
