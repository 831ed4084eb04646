"""The forms of complaints."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.review.complaints.rules import OUTCOME_NAMES, REPLY_MARKS, ComplaintOutcome

REASON_LEAST = 10
REASON_MOST = 1000


class ComplaintForm(Form):
    """Which promises are not kept; there is no free text, so that no case can be described."""

    promises = Ticks(
        _l("What is not being kept?"), [InputRequired(_l("Choose what is not being kept."))]
    )
    understood = BooleanField(
        _l("I understand that this is not the place to report what happened to a child"),
        [InputRequired(_l("Read the helpline numbers above first, then tick this."))],
    )

    def __init__(self, *arguments: Any, promises: dict[str, str], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.promises.choices = list(promises.items())

    def given(self) -> list[str]:
        """Return the ids of the criteria."""
        return list(self.promises.data or [])


class ReplyForm(Form):
    """What the school says."""

    text = TextAreaField(
        _l("How does your school keep this promise?"),
        [
            InputRequired(
                _l(
                    "Explain how your school keeps this promise, or what you will put right and by when."
                )
            ),
            Length(max=REPLY_MARKS, message=_l("Use at most 2,000 characters.")),
        ],
        description=_l(
            "Name the document, the job title and the date. Do not name any child, describe any case or write anything about who may have complained."
        ),
    )

    def given(self) -> str:
        """Return the text."""
        return self.text.data or ""


class ComplaintAnswerForm(Form):
    """What the group found."""

    outcome = RadioField(_l("What did you find?"), [InputRequired(_l("Choose one."))])
    reason = TextAreaField(
        _l("Reason for the suspension"),
        [Length(max=REASON_MOST, message=_l("Use at most 1,000 characters."))],
        description=_l(
            "Only for a suspension. The school and the secretariat will read it. Do not include names, a case or anything about a child."
        ),
    )

    def __init__(self, *arguments: Any, may_suspend: bool, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.outcome.choices = [
            (one.value, _(name))
            for one, name in OUTCOME_NAMES.items()
            if may_suspend or one is not ComplaintOutcome.SUSPENDED
        ]

    def validate_reason(self, field: TextAreaField) -> None:
        """Check that a suspension has a reason."""
        suspends = self.outcome.data == ComplaintOutcome.SUSPENDED.value
        if suspends and len(field.data or "") < REASON_LEAST:
            raise ValidationError(_("Enter the reason in 10 to 1,000 characters."))

    def given(self) -> tuple[ComplaintOutcome, str]:
        """Return outcome and reason."""
        return ComplaintOutcome(self.outcome.data), self.reason.data or ""
