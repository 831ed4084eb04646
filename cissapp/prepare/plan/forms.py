"""The form of an action."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.plan.rules import ActionFacts


class ActionForm(Form):
    """What is done, who does it, by when."""

    what = TextAreaField(
        _l("What is done"),
        short(_l("Say what is done."), 400),
        description=_l(
            "One step that can be seen when it is done. No names or stories of children."
        ),
    )
    who = StringField(
        _l("Who does it"),
        short(_l("Name the office that does it."), 120),
        description=_l("An office of the school, for example: deputy head."),
    )
    due_on = DateField(_l("By when"), [InputRequired(_l("Choose a day."))])

    def given(self) -> ActionFacts:
        """Return what is said of the action."""
        due_on = self.due_on.data
        assert due_on is not None  # noqa: S101 -- the form was validated
        return ActionFacts(self.what.data or "", self.who.data or "", due_on)


class EmptyForm(Form):
    """Nothing to type: what a refusal is shown on."""

    upload = HiddenField()
