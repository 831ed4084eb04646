"""The forms of appeals."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.review.appeals.rules import GROUNDS_LEAST, GROUNDS_MOST, OUTCOME_NAMES, AppealOutcome
from cissapp.review.independence.forms import REASON_LEAST, REASON_MARKS, person_chosen

NAME_MARKS = 100
NOTE_MARKS = 2000
LEVELS = range(4)
SAME = ""


class AppealForm(Form):
    """The contested findings, and the grounds."""

    criteria = Ticks(
        _l("Which findings are you appealing against?"), [InputRequired(_l("Choose at least one."))]
    )
    grounds = TextAreaField(
        _l("Why do you disagree?"),
        [
            InputRequired(_l("Explain why you disagree.")),
            Length(
                min=GROUNDS_LEAST,
                max=GROUNDS_MOST,
                message=_l("Write between 30 and 4,000 characters."),
            ),
        ],
        description=_l(
            "Name the criterion, the document and the page. Do not name any child or describe any case."
        ),
    )
    confirmed = BooleanField(
        _l("I am filing this appeal on behalf of the school"),
        [InputRequired(_l("Confirm that you want to go ahead."))],
    )

    def __init__(self, *arguments: Any, findings: dict[str, str], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.criteria.choices = list(findings.items())

    def given(self) -> tuple[list[str], str]:
        """Return criteria and grounds."""
        return list(self.criteria.data or []), self.grounds.data or ""


class PanelForm(Form):
    """Who hears the appeal; a search for others keeps those ticked."""

    name = StringField(_l("Name of the person"), [Optional(), Length(max=NAME_MARKS)])
    search = SubmitField(_l("Search"))
    members = Ticks(
        _l("People who can hear the appeal"), [InputRequired(_l("Choose at least one person."))]
    )

    def offer(self, people: dict[str, str]) -> None:
        """Offer people, by id."""
        self.members.choices = list(people.items())

    def ticked(self) -> list[UUID]:
        """Return the ids of those ticked so far, whatever else is in the form."""
        return [one for one in map(person_chosen, self.members.data or []) if one]

    def given(self) -> list[UUID]:
        """Return the ids of the people."""
        return [UUID(one) for one in self.members.data or []]


class LeavePanelForm(Form):
    """Why a member cannot continue to hear an appeal."""

    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Enter a reason.")), Length(min=REASON_LEAST, max=REASON_MARKS)],
        description=_l(
            "The secretariat and the school’s national group will read it. Do not name any child."
        ),
    )


class PanelProposalForm(Form):
    """A decision of the panel: outcome, level, the levels of the contested criteria, reasons."""

    outcome = RadioField(_l("The panel’s decision"), [InputRequired(_l("Choose one."))])
    level = SelectField(
        _l("Certificate level"),
        [Optional()],
        description=_l("Only if the school is certified."),
    )
    reasons = TextAreaField(
        _l("Reasons"),
        [
            InputRequired(_l("Enter the reasons. The school will read them.")),
            Length(
                min=GROUNDS_LEAST,
                max=GROUNDS_MOST,
                message=_l("Write between 30 and 4,000 characters."),
            ),
        ],
        description=_l("The school will read them. Cover each finding. Do not name any child."),
    )

    def __init__(self, *arguments: Any, levels: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.outcome.choices = [(one.value, _(name)) for one, name in OUTCOME_NAMES.items()]
        self.level.choices = [(SAME, "–"), *[(str(number), name) for number, name in levels]]
        for one in self.contested:
            as_before = (SAME, _("As before"))
            self[one].choices = [as_before, *[(str(level), str(level)) for level in LEVELS]]

    contested: Sequence[str] = ()

    def sheet(self) -> list[Field]:
        """Return the fields of the contested criteria, in their order."""
        return [self[one] for one in self.contested]

    def given(self) -> tuple[AppealOutcome, int | None, dict[str, int], str]:
        """Return outcome, level, the new levels of contested criteria, reasons."""
        level = int(self.level.data) if self.level.data else None
        levels = {one: int(self[one].data) for one in self.contested if self[one].data}
        return AppealOutcome(self.outcome.data), level, levels, self.reasons.data or ""


def proposal_form(contested: dict[str, str]) -> type[PanelProposalForm]:
    """Build the form of a proposal: a level for each contested criterion, "as before" unless chosen."""
    fields: dict[str, Any] = {
        one: SelectField(label, [Optional()]) for one, label in contested.items()
    }
    return type(
        "ProposalFormOfAppeal", (PanelProposalForm,), {**fields, "contested": list(contested)}
    )


class VoteForm(Form):
    """Yes or no to a proposal."""

    agrees = RadioField(_l("Do you agree?"), [InputRequired(_l("Choose one."))])
    note = TextAreaField(
        _l("What you disagree with"),
        [Optional(), Length(max=NOTE_MARKS, message=_l("Use at most 2,000 characters."))],
        description=_l(
            "Required if you choose “No”. Only the panel and the secretariat will read it."
        ),
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.agrees.choices = [("yes", _("Yes")), ("no", _("No"))]

    def given(self) -> tuple[bool, str]:
        """Return the vote and the note."""
        return self.agrees.data == "yes", self.note.data or ""
