"""The forms of recommendation and decision."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct
from wtforms import (
    HiddenField,
    RadioField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    Optional,
    StopValidation,
)

from cissapp.foundation.content.values import Standard
from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.prepare.applications.rules import OUTCOME_NAMES
from cissapp.prepare.applications.rules.states import ApplicationOutcome
from cissapp.review.reviews.rules.standard import VISIT_NEED

SUMMARY_LEAST, SUMMARY_MARKS = 40, 6000


class OutcomeChoice(Struct, frozen=True):
    """What a person recommends or decides."""

    outcome: ApplicationOutcome
    level: int | None
    needs: list[str]
    text: str


def _number(text: str) -> int:
    """Parse the number of a version; 0, which no version has, unless it is a number of at most 9 digits."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def level_with_certificate(form: Any, field: RadioField) -> None:
    """Check that a certificate has a level; any other outcome may leave it out."""
    if not field.data:
        field.errors = []
        certified = form.outcome.data == ApplicationOutcome.CERTIFIED.value
        raise StopValidation(_("Choose the certificate level.") if certified else "")


class OutcomeForm(Form):
    """Outcome, level and confirmed needs; the base of recommendation and decision."""

    outcome = RadioField(_l("Outcome"), [InputRequired(_l("Choose an outcome."))])
    level = RadioField(
        _l("Level"),
        [level_with_certificate],
        description=_l("Required if the outcome is “Certified”. Otherwise leave it out."),
    )
    needs = Ticks(
        _l("Confirmed for levels 2 and 3"),
        [Optional()],
        description=_l(
            "Only tick what you saw or know yourself, and write below where you saw it. Level 1 does not need any of these."
        ),
    )
    version = HiddenField()
    sha256 = HiddenField()

    def ask(self, standard: Standard, language: str, needs: Collection[str] | None = None) -> None:
        """Offer the outcomes, levels and needs of the standard; the needs optionally limited to `needs`."""
        text = standard.decision_text(language)
        self.outcome.choices = [
            (one.value, f"{_(OUTCOME_NAMES[one])}. {text.outcomes[one.value].meaning}")
            for one in ApplicationOutcome
        ]
        self.level.choices = [
            (str(rule.level), f"{rule.level} · {text.levels[rule.name].name}")
            for rule in standard.decision.levels
        ]
        self.needs.choices = [
            (need, f"{text.needs[need].name}. {text.needs[need].meaning}")
            for rule in standard.decision.levels
            for need in rule.needs
            if need != VISIT_NEED and (needs is None or need in needs)
        ]

    def bound(self) -> tuple[int, str]:
        """Return what the page showed: version of the review, hash of the submission."""
        version = self.version.data or ""
        return _number(version), self.sha256.data or ""

    def outcome_choice(self, text: str | None) -> OutcomeChoice:
        """Return the answers, with a level only for a certificate."""
        outcome = ApplicationOutcome(self.outcome.data)
        level = int(self.level.data) if outcome is ApplicationOutcome.CERTIFIED else None
        return OutcomeChoice(outcome, level, list(self.needs.data or []), text or "")


class ThirdReviewForm(Form):
    """The summary of a third reviewer, who recommends nothing."""

    summary = TextAreaField(
        _l("Summary for the person who decides"),
        [InputRequired(_l("Write a summary.")), Length(min=SUMMARY_LEAST, max=SUMMARY_MARKS)],
        description=_l("Why you scored as you did. The school does not read this."),
    )
    version = HiddenField()

    def bound(self) -> int:
        """Return the version of the review that the page showed."""
        version = self.version.data or ""
        return _number(version)


class RecommendationForm(OutcomeForm):
    """What the reviewer recommends."""

    summary = TextAreaField(
        _l("Summary for the person who decides"),
        [InputRequired(_l("Write a summary.")), Length(min=SUMMARY_LEAST, max=SUMMARY_MARKS)],
        description=_l("What convinced you and what did not. The school does not read this."),
    )

    def given(self) -> OutcomeChoice:
        """Return the recommendation."""
        return self.outcome_choice(self.summary.data)


class DecisionForm(OutcomeForm):
    """The decision of a person other than the reviewer."""

    reasons = TextAreaField(
        _l("To the school"),
        [InputRequired(_l("Enter the reasons.")), Length(min=SUMMARY_LEAST, max=SUMMARY_MARKS)],
        description=_l(
            "This is a draft based on the scores, in the school’s language. Change it as you like. Do not name any child."
        ),
    )
    opening = TextAreaField(
        _l("How the letter begins"),
        [Optional(), Length(max=SUMMARY_MARKS)],
        description=_l(
            "In the school’s language. If you leave this blank, the usual words are used. The next page shows them."
        ),
    )
    departure = TextAreaField(
        _l("Why is this different from what the rule gives?"),
        [Optional(), Length(max=SUMMARY_MARKS)],
        description=_l(
            "Only if you choose a different outcome or level from the rule. The school does not read this."
        ),
    )
    checked = HiddenField()
    change = SubmitField(_l("Change the answers"))

    def given(self) -> OutcomeChoice:
        """Return the decision."""
        return self.outcome_choice(self.reasons.data)

    def is_checked(self) -> bool:
        """Return whether the person has confirmed the answers on the page that checks them."""
        return bool(self.checked.data)

    def to_check(self) -> "CheckedDecisionForm":
        """Return a form that holds the same answers in hidden fields, marked as checked."""
        held: dict[str, Any] = {**self.data, "checked": "1"}
        return CheckedDecisionForm(
            formdata=None, **{**held, "needs": " ".join(held["needs"] or [])}
        )


class CheckedDecisionForm(Form):
    """A decision whose answers are shown but cannot be edited."""

    outcome = HiddenField()
    level = HiddenField()
    needs = HiddenField()
    reasons = HiddenField()
    opening = HiddenField()
    departure = HiddenField()
    version = HiddenField()
    sha256 = HiddenField()
    checked = HiddenField()
