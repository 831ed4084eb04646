"""The forms of the review: declaration, score, recommendation, decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cissapp.applications.rules import OUTCOME_NAMES, Outcome
from cissapp.content.schema import DecisionText
from cissapp.content.values import Criterion, Standard
from cissapp.web.forms import Form

NONE = "none"
NOT_APPLICABLE = "na"
NOTE_MARKS, REASON_MARKS, SUMMARY_MARKS = 1000, 4000, 6000
SUMMARY_LEAST = 40


class Ticks(SelectMultipleField):
    """A list of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take ticks one by one, or all in one value with blanks between, as a hidden field sends them."""
        super().process_formdata([tick for value in valuelist for tick in value.split()])


class DeclarationForm(Form):
    """The ties to a school, or that there is none."""

    grounds = Ticks(
        _l("Tick every question that you answer with yes"),
        [InputRequired(_l("Tick what is true, or that nothing of it is."))],
    )
    note = TextAreaField(
        _l("Note for your group"),
        [Optional(), Length(max=NOTE_MARKS)],
        description=_l("No names of children. Only your group reads it."),
    )

    def ask(self, text: DecisionText) -> None:
        """Put the questions of the standard."""
        self.grounds.choices = [
            *text.conflicts.items(),
            (NONE, _("No. None of these is true for me.")),
        ]

    def validate_grounds(self, field: Ticks) -> None:
        """Refuse "none" beside a tie."""
        if NONE in (field.data or []) and len(field.data or []) > 1:
            raise ValidationError(_("You ticked a tie and “none”. Take one of them back."))

    def given(self) -> tuple[list[str], str]:
        """Give the ties, empty if there are none, and the note."""
        return [one for one in self.grounds.data or [] if one != NONE], self.note.data or ""


class ScoreForm(Form):
    """The reviewer's level for a criterion, and why."""

    level = RadioField(_l("Which sentence is true?"), [InputRequired(_l("Choose a level."))])
    reason = TextAreaField(
        _l("Reason and page"),
        [InputRequired(_l("Give a reason.")), Length(max=REASON_MARKS)],
        description=_l(
            "The school will read this. Write where you found it. No names of children."
        ),
    )

    def ask(self, criterion: Criterion, language: str) -> None:
        """Put the four sentences of the criterion, and "not applicable" where that is allowed."""
        sentences = criterion.text(language).levels
        self.level.choices = [
            (level, f"{level} · {sentence}") for level, sentence in sorted(sentences.items())
        ]
        if not criterion.critical:
            self.level.choices.append((NOT_APPLICABLE, _("Not applicable, for the reason below")))

    def given(self) -> tuple[int | None, str]:
        """Give the level, None for "not applicable", and the reason."""
        chosen = self.level.data
        return (None if chosen == NOT_APPLICABLE else int(chosen)), self.reason.data or ""


@dataclass(frozen=True)
class Verdict:
    """What a person recommends or decides."""

    outcome: Outcome
    level: int | None
    needs: list[str]
    text: str


def level_with_certificate(form: Any, field: RadioField) -> None:
    """Ask for a level with a certificate; without one it may be left out."""
    if not field.data:
        field.errors = []
        certified = form.outcome.data == Outcome.CERTIFIED.value
        raise StopValidation(_("Choose the level of the certificate.") if certified else "")


class VerdictForm(Form):
    """Outcome, level and what was confirmed; the parent of recommendation and decision."""

    outcome = RadioField(_l("Outcome"), [InputRequired(_l("Choose an outcome."))])
    level = RadioField(
        _l("Level"),
        [level_with_certificate],
        description=_l("Needed if the outcome is “Certified”; else leave it out."),
    )
    needs = Ticks(
        _l("Confirmed for levels 2 and 3"),
        [Optional()],
        description=_l("Tick only what you saw or know yourself. Level 1 needs none of it."),
    )
    version = HiddenField()
    sha256 = HiddenField()

    def ask(self, standard: Standard, language: str, needs: Collection[str] | None = None) -> None:
        """Put the outcomes, levels and needs of the standard; of the needs perhaps only these."""
        text = standard.decision_text(language)
        self.outcome.choices = [
            (one.value, f"{_(OUTCOME_NAMES[one])}. {text.outcomes[one.value].meaning}")
            for one in Outcome
        ]
        self.level.choices = [
            (str(rule.level), f"{rule.level} · {text.levels[rule.name].name}")
            for rule in standard.decision.levels
        ]
        self.needs.choices = [
            (need, f"{text.needs[need].name}. {text.needs[need].meaning}")
            for rule in standard.decision.levels
            for need in rule.needs
            if needs is None or need in needs
        ]

    def bound(self) -> tuple[int, str]:
        """Give what the page showed: version of the review, hash of the dossier."""
        version = self.version.data or ""
        return int(version) if version.isdigit() else 0, self.sha256.data or ""

    def verdict(self, text: str | None) -> Verdict:
        """Give the answers; a level only with a certificate."""
        outcome = Outcome(self.outcome.data)
        level = int(self.level.data) if outcome is Outcome.CERTIFIED else None
        return Verdict(outcome, level, list(self.needs.data or []), text or "")


class RecommendationForm(VerdictForm):
    """What the assessor recommends."""

    summary = TextAreaField(
        _l("Summary for the person who decides"),
        [InputRequired(_l("Write a summary.")), Length(min=SUMMARY_LEAST, max=SUMMARY_MARKS)],
        description=_l("What convinced you, what did not. The school does not read this."),
    )

    def given(self) -> Verdict:
        """Give the recommendation."""
        return self.verdict(self.summary.data)


class DecisionForm(VerdictForm):
    """What another person decides."""

    reasons = TextAreaField(
        _l("Reasons"),
        [InputRequired(_l("Give the reasons.")), Length(min=SUMMARY_LEAST, max=SUMMARY_MARKS)],
        description=_l("The school will read this. Short whole sentences, no names of children."),
    )
    checked = HiddenField()
    change = SubmitField(_l("Change the answers"))

    def given(self) -> Verdict:
        """Give the decision."""
        return self.verdict(self.reasons.data)

    def is_checked(self) -> bool:
        """Say whether the answers were looked at once more."""
        return bool(self.checked.data)

    def to_check(self) -> "CheckedForm":
        """Give a form that holds the same answers out of sight, marked as looked at."""
        held: dict[str, Any] = {**self.data, "checked": "1"}
        return CheckedForm(formdata=None, **{**held, "needs": " ".join(held["needs"] or [])})


class CheckedForm(Form):
    """A decision whose answers are only shown."""

    outcome = HiddenField()
    level = HiddenField()
    needs = HiddenField()
    reasons = HiddenField()
    version = HiddenField()
    sha256 = HiddenField()
    checked = HiddenField()
