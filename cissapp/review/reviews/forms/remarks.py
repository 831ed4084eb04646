"""The forms of remarks: the completeness check, and questions to the school."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    Optional,
    ValidationError,
)

from cissapp.foundation.web.forms import Form

ALL = "all"
PASSES, RETURNS = "passes", "returns"
NOTE_MARKS = 1000
REMARKS = 6


class RemarksForm(Form):
    """A few remarks, each about a criterion, a document or the whole."""

    def ask(self, things: Sequence[tuple[str, str]]) -> None:
        """Offer the subjects that a remark can have."""
        for number in range(REMARKS):
            self[f"about_{number}"].choices = [("", _("Choose one")), *things]

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The pairs of fields."""
        return [(self[f"about_{n}"], self[f"text_{n}"]) for n in range(REMARKS)]

    def given(self) -> dict[str, str]:
        """Return the remarks by subject; several about one subject are joined into one text."""
        found: dict[str, str] = {}
        for about, text in self.rows:
            if about.data or text.data:
                key = about.data or ALL
                found[key] = "\n\n".join(filter(None, [found.get(key), text.data or ""]))
        return found


for _number in range(REMARKS):
    setattr(RemarksForm, f"about_{_number}", SelectField(_l("About"), [Optional()]))
    setattr(
        RemarksForm,
        f"text_{_number}",
        TextAreaField(_l("What needs to be corrected"), [Optional(), Length(max=NOTE_MARKS)]),
    )


class QuestionsForm(RemarksForm):
    """Questions to the school, each about a criterion."""

    def ask(self, things: Sequence[tuple[str, str]]) -> None:
        """Offer the subjects, and name the texts as what they are here."""
        super().ask(things)
        for _about, text in self.rows:
            text.label.text = _("Question")


class CompletenessForm(RemarksForm):
    """The completeness check: the application passes, or goes back with remarks."""

    result = RadioField(
        _l("Can this application be reviewed?"), [InputRequired(_l("Choose what happens."))]
    )

    def put(self, things: Sequence[tuple[str, str]], *, may_return: bool) -> None:
        """Offer the results; an application goes back once only."""
        self.ask(things)
        self.result.choices = [(PASSES, _("Yes. The review may begin."))]
        if may_return:
            self.result.choices.append(
                (RETURNS, _("Not yet. It goes back with the remarks below."))
            )

    def remarks(self) -> dict[str, str]:
        """Return the remarks; none if the application passes."""
        return {} if self.result.data == PASSES else self.given()

    def validate_result(self, field: RadioField) -> None:
        """Check that there is a remark if the application goes back, and none if it passes."""
        if field.data == RETURNS and not self.given():
            raise ValidationError(_("Write at least one remark to say what needs to be corrected."))
        if field.data == PASSES and self.given():
            raise ValidationError(
                _("You wrote a remark. Send the application back, or delete the remark.")
            )
