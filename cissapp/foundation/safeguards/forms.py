"""The form that takes something out for good."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from cissapp.foundation.safeguards.rules import REASON_NAMES, RemovalReason
from cissapp.foundation.web.forms import Form


class RemovalForm(Form):
    """What is taken out for good, and why."""

    part = RadioField(
        _l("What must be removed?"), [InputRequired(_l("Choose what must be removed."))]
    )
    reason = RadioField(_l("Why?"), [InputRequired(_l("Choose a reason."))])
    title_too = BooleanField(
        _l("Remove the title of the document too, because it reveals too much")
    )
    confirmed = BooleanField(
        _l(
            "I understand that it will be removed permanently, in every round, and that the school will be told"
        ),
        [InputRequired(_l("Confirm that you want to go ahead."))],
    )

    def ask(self, parts: list[tuple[str, str]]) -> None:
        """Fill the choices: the parts of the case and the reasons."""
        self.part.choices = parts
        self.reason.choices = [(one.value, _(name)) for one, name in REASON_NAMES.items()]

    def given(self) -> tuple[str, RemovalReason, bool]:
        """Return the code of the part, the reason, and whether the title goes too."""
        return self.part.data or "", RemovalReason(self.reason.data), bool(self.title_too.data)
