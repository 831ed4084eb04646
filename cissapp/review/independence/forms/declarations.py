"""The forms about conflicts of interest: the declaration, a task handed back, and a conflict found late."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from cissapp.foundation.content.schema import DecisionText
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form, shown
from cissapp.review.independence.rules import ConflictAnswer

NONE = "none"
NOTE_MARKS, REASON_LEAST, REASON_MARKS = 1000, 10, 1000
HINT = "hint_"


class DeclarationForm(Form):
    """The conflicts of interest with a school, or that there are none."""

    grounds = Ticks(
        _l("Tick every question that you answer “yes” to"),
        [InputRequired(_l("Tick what is true for you, or tick that none of it is."))],
    )
    note = TextAreaField(
        _l("Note for your group"),
        [Optional(), Length(max=NOTE_MARKS)],
        description=_l("Do not name any child. Only your group will read it."),
    )

    def ask(self, text: DecisionText) -> None:
        """Offer the questions of the standard."""
        self.grounds.choices = [
            *text.conflicts.items(),
            (NONE, _("No. None of these is true for me.")),
        ]

    def validate_grounds(self, field: Ticks) -> None:
        """Refuse "none" together with a conflict of interest."""
        if NONE in (field.data or []) and len(field.data or []) > 1:
            raise ValidationError(
                _(
                    "You ticked a conflict of interest, and also that you have none. Untick one of them."
                )
            )

    def given(self) -> tuple[list[str], str]:
        """Return the conflicts of interest, empty if there are none, and the note."""
        return [one for one in self.grounds.data or [] if one != NONE], self.note.data or ""

    @property
    def possible_conflicts(self) -> list[RadioField]:
        """The questions about the possible conflicts."""
        return [field for field in self if field.name.startswith(HINT)]

    def answers(self) -> dict[str, ConflictAnswer]:
        """Return the answer to each possible conflict."""
        return {
            one.name.removeprefix(HINT): ConflictAnswer(one.data) for one in self.possible_conflicts
        }


def declaration_form(possible_conflicts: Sequence[Problem], text: DecisionText) -> DeclarationForm:
    """Build the form of a declaration with a question for each possible conflict."""

    class DeclarationWithConflicts(DeclarationForm):
        """The questions of the standard, and those about this person and school."""

    for one in possible_conflicts:
        question = RadioField(
            shown(one).text,
            [InputRequired(_l("Choose whether this is true."))],
        )
        setattr(DeclarationWithConflicts, f"{HINT}{one.code}", question)
    form = DeclarationWithConflicts()
    form.ask(text)
    for field in form.possible_conflicts:
        field.choices = [
            (ConflictAnswer.TRUE.value, _("Yes, this is true.")),
            (ConflictAnswer.UNTRUE.value, _("No, this is a mistake or a coincidence.")),
        ]
    return form


class HandBackForm(Form):
    """Why a person cannot continue with a case; with a conflict of interest, the case closes to them."""

    grounds = Ticks(
        _l("Is it a conflict of interest? Tick every question that you now answer “yes” to"),
        [Optional()],
        description=_l(
            "If you tick one, you leave the case at once and cannot open it any more. You cannot undo this."
        ),
    )
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Enter a reason.")), Length(min=REASON_LEAST, max=REASON_MARKS)],
        description=_l("Your group will read it. Do not name any child."),
    )

    def ask(self, text: DecisionText) -> None:
        """Offer the questions of the standard."""
        self.grounds.choices = list(text.conflicts.items())

    def given(self) -> tuple[list[str], str]:
        """Return the conflicts of interest, empty if there are none, and the reason."""
        return list(self.grounds.data or []), self.reason.data or ""


class LateDeclarationForm(DeclarationForm):
    """The conflict of interest that a person found after submitting a review, or handing the task back."""

    grounds = Ticks(
        _l("Tick every question that you now answer “yes” to"),
        [InputRequired(_l("Tick the conflict of interest that you have."))],
    )

    def ask(self, text: DecisionText) -> None:
        """Offer the questions of the standard."""
        self.grounds.choices = list(text.conflicts.items())
