"""The form for a learner's preferences."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    SelectField,
)

from cissapp.foundation.web.forms import Form
from cissapp.learn.learning.rules import EXTRA_TIME_NAMES, ExtraTime


class LearningPreferencesForm(Form):
    """How much extra time a person takes in a timed quiz, and whether they want reminders."""

    extra_time = SelectField(_l("Time for a quiz"))
    reminders = BooleanField(_l("Remind me by email when I have not learned for two weeks"))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.extra_time.choices = [(one.value, _(EXTRA_TIME_NAMES[one])) for one in ExtraTime]
