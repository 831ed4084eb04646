"""The forms of an action and of a date."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.plan.rules import ActionFacts
from cissapp.prepare.plan.rules.actions import WHAT_MOST, WHO_MOST

# The datalist of job titles for the field; browsers suggest them, but any text may be entered.
OFFICES_LIST = "offices"


class DateForm(SharedForm):
    """Who does it and by when, for a date that the plan suggests."""

    who = StringField(
        _l("Who does it"),
        short(_l("Enter the job title of the person who does it."), WHO_MOST),
        description=_l("A job title at the school, for example: deputy head."),
        render_kw={"list": OFFICES_LIST},
    )
    due_on = DateField(_l("By when"), [InputRequired(_l("Choose a day."))])

    def __init__(self, *arguments: Any, offices: Sequence[str] = (), **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.offices = offices

    def given(self, what: str = "") -> ActionFacts:
        """Return the details of the step; `what` if the form does not ask for it."""
        due_on = self.due_on.data
        assert due_on is not None  # noqa: S101 -- the form was validated
        typed = self["what"].data if "what" in self._fields else None
        return ActionFacts(typed or what, self.who.data or "", due_on)


class ActionForm(DateForm):
    """What is done, who does it, by when."""

    what = TextAreaField(
        _l("What needs to be done"),
        short(_l("Enter what needs to be done."), WHAT_MOST),
        description=_l("One step that you can see is done. No names or stories of children."),
    )


class EmptyForm(Form):
    """A form without fields, on which errors are shown."""

    upload = HiddenField()
