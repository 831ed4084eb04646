"""The forms of the review: score, recommendation, decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.prepare.applications.rules import OUTCOME_NAMES, ApplicationOutcome
from cissapp.prepare.documents.forms.documents import file_field, read_file
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.review.reviews.rules.references import MECHANISM, VISIT
from cissapp.review.reviews.rules.standard import VISIT_NEED

NOT_APPLICABLE, ALL = "na", "all"
PASSES, RETURNS = "passes", "returns"
NOTE_MARKS, REASON_MARKS, SUMMARY_MARKS = 1000, 4000, 6000
SUMMARY_LEAST = 40


def reason_or_sentence(form: Any, field: TextAreaField) -> None:
    """Ask for a reason in words of one's own, or at least one ready sentence."""
    if not field.data and not form.phrases.data:
        raise StopValidation(_("Give a reason."))


reason_or_sentence.field_flags = {"required": True}  # type: ignore[attr-defined] # read by WTForms


class ScoreForm(Form):
    """The reviewer's level for a criterion, why, and where that was seen."""

    level = RadioField(_l("Which sentence is true?"), [InputRequired(_l("Choose a level."))])
    seen_in = SelectField(
        _l("Where did you see it?"),
        [Optional()],
        description=_l("Needed for levels 0, 1 and 3, and where the school chose far from it."),
    )
    page = IntegerField(
        _l("Page"),
        [Optional(), NumberRange(min=1, max=9999, message=_l("Give the number of a page."))],
        description=_l("Of the document."),
    )
    phrases = Ticks(
        _l("Ready sentences"),
        [Optional()],
        description=_l("Typical mistakes. What you tick is added to your reason when you save."),
    )
    reason = TextAreaField(
        _l("Reason"),
        [reason_or_sentence, Length(max=REASON_MARKS)],
        description=_l("The school will read this. Short whole sentences, no names of children."),
    )

    def ask(self, criterion: Criterion, language: str, places: Sequence[tuple[str, str]]) -> None:
        """Put the four sentences of the criterion, "not applicable" where allowed, and what can be shown."""
        text = criterion.text(language)
        self.level.choices = [
            (level, f"{level} · {sentence}") for level, sentence in sorted(text.levels.items())
        ]
        if not criterion.critical:
            self.level.choices.append((NOT_APPLICABLE, _("Not applicable, for the reason below")))
        self.seen_in.choices = [("", _("Choose one")), *places]
        self.sentences = [(str(n), one) for n, one in enumerate(text.mistakes)]
        self.phrases.choices = list(self.sentences)

    def given(self) -> tuple[int | None, str, list[str]]:
        """Give the level, None for "not applicable", the reason, and the references as they are kept."""
        chosen = self.level.data
        ticked = [one for key, one in self.sentences if key in (self.phrases.data or [])]
        reason = self.reason.data or ""
        reason = "\n\n".join(
            [*[reason] * bool(reason), *(one for one in ticked if one not in reason)]
        )
        return (None if chosen == NOT_APPLICABLE else int(chosen)), reason, self._references()

    def _references(self) -> list[str]:
        seen_in = self.seen_in.data
        in_document = seen_in not in {MECHANISM, VISIT}
        # What stands there from the start is no reference without a page, and level 2 needs none.
        if not seen_in or (in_document and not self.page.data and self.level.data == "2"):
            return []
        return [seen_in if seen_in in {MECHANISM, VISIT} else f"{seen_in}#{self.page.data or 0}"]


REMARKS = 6


class RemarksForm(Form):
    """A few remarks, each about a criterion, a document or the whole."""

    def ask(self, things: Sequence[tuple[str, str]]) -> None:
        """Offer what a remark can be about."""
        for number in range(REMARKS):
            self[f"about_{number}"].choices = [("", _("Choose one")), *things]

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The pairs of fields."""
        return [(self[f"about_{n}"], self[f"text_{n}"]) for n in range(REMARKS)]

    def given(self) -> dict[str, str]:
        """Give the remarks by what they are about; several about one thing become one text."""
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
        TextAreaField(_l("What is to be mended"), [Optional(), Length(max=NOTE_MARKS)]),
    )


class SiftForm(RemarksForm):
    """The first look: it may pass, or goes back with remarks."""

    result = RadioField(
        _l("Can this dossier be reviewed?"), [InputRequired(_l("Choose what happens."))]
    )

    def put(self, things: Sequence[tuple[str, str]], *, may_return: bool) -> None:
        """Put the question; a dossier goes back once only."""
        self.ask(things)
        self.result.choices = [(PASSES, _("Yes. The review may begin."))]
        if may_return:
            self.result.choices.append(
                (RETURNS, _("Not yet. It goes back with the remarks below."))
            )

    def remarks(self) -> dict[str, str]:
        """Give the remarks, none where it passes."""
        return {} if self.result.data == PASSES else self.given()

    def validate_result(self, field: RadioField) -> None:
        """Ask for a remark with a return, and for none where the dossier passes."""
        if field.data == RETURNS and not self.given():
            raise ValidationError(_("Write at least one remark: what is to be mended?"))
        if field.data == PASSES and self.given():
            raise ValidationError(_("You wrote a remark. Send it back, or take the remark out."))


class AttachmentForm(Form):
    """A file for the school."""

    file = file_field()

    def given(self) -> UploadedFile:
        """Give the file."""
        return read_file(self.file)


@dataclass(frozen=True)
class Verdict:
    """What a person recommends or decides."""

    outcome: ApplicationOutcome
    level: int | None
    needs: list[str]
    text: str


def level_with_certificate(form: Any, field: RadioField) -> None:
    """Ask for a level with a certificate; without one it may be left out."""
    if not field.data:
        field.errors = []
        certified = form.outcome.data == ApplicationOutcome.CERTIFIED.value
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
        description=_l(
            "Tick only what you saw or know yourself, and write below where you saw it. "
            "Level 1 needs none of it."
        ),
    )
    version = HiddenField()
    sha256 = HiddenField()

    def ask(self, standard: Standard, language: str, needs: Collection[str] | None = None) -> None:
        """Put the outcomes, levels and needs of the standard; of the needs perhaps only these."""
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
        """Give what the page showed: version of the review, hash of the dossier."""
        version = self.version.data or ""
        return int(version) if version.isdigit() else 0, self.sha256.data or ""

    def verdict(self, text: str | None) -> Verdict:
        """Give the answers; a level only with a certificate."""
        outcome = ApplicationOutcome(self.outcome.data)
        level = int(self.level.data) if outcome is ApplicationOutcome.CERTIFIED else None
        return Verdict(outcome, level, list(self.needs.data or []), text or "")


class ThirdForm(Form):
    """The summary of a third assessor, who recommends nothing."""

    summary = TextAreaField(
        _l("Summary for the person who decides"),
        [InputRequired(_l("Write a summary.")), Length(min=SUMMARY_LEAST, max=SUMMARY_MARKS)],
        description=_l("Why you scored as you did. The school does not read this."),
    )
    version = HiddenField()

    def bound(self) -> int:
        """Give the version of the review that the page showed."""
        version = self.version.data or ""
        return int(version) if version.isdigit() else 0


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
    opening = TextAreaField(
        _l("How the letter begins"),
        [Optional(), Length(max=SUMMARY_MARKS)],
        description=_l(
            "In the language of the school. Left empty, the usual words stand there; the next page shows them."
        ),
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
    opening = HiddenField()
    version = HiddenField()
    sha256 = HiddenField()
    checked = HiddenField()
