"""The form of a score: the level of a criterion, the reason, and where the evidence was seen."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from cissapp.foundation.content.schema import NotApplicableRule
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.review.reviews.phrases.reasons import ReadySentence
from cissapp.review.reviews.rules.references import MECHANISM, VISIT

NOT_APPLICABLE = "na"
REASON_MARKS = 4000


def reason_or_sentence(form: Any, field: TextAreaField) -> None:
    """Check that there is a reason in the reviewer's own words, or at least one ready sentence."""
    if not field.data and not form.phrases.data:
        raise StopValidation(_("Enter a reason."))


reason_or_sentence.field_flags = {"required": True}  # type: ignore[attr-defined] # read by WTForms


class ReviewScoreForm(Form):
    """The reviewer's level for a criterion, the reason, and where the evidence was seen."""

    level = RadioField(_l("Which sentence is true?"), [InputRequired(_l("Choose a level."))])
    seen_in = SelectField(
        _l("Where did you see it?"),
        [Optional()],
        description=_l(
            "Required for levels 0, 1 and 3, and where the school’s level is very different."
        ),
    )
    page = IntegerField(
        _l("Page"),
        [Optional(), NumberRange(min=1, max=9999, message=_l("Enter a page number."))],
        description=_l("In the document."),
    )
    phrases = Ticks(
        _l("Ready-made sentences"),
        [Optional()],
        description=_l(
            "From the standard. What you tick is added to your reason, and nothing you typed is lost."
        ),
    )
    reason = TextAreaField(
        _l("Reason"),
        [reason_or_sentence, Length(max=REASON_MARKS)],
        description=_l(
            "The school will read this. Use short, complete sentences. Do not name any child."
        ),
    )

    def ask(
        self,
        criterion: Criterion,
        language: str,
        places: Sequence[tuple[str, str]],
        rule: NotApplicableRule,
        ready: Sequence[ReadySentence],
    ) -> None:
        """Offer the criterion's sentences, "not applicable" if allowed, the places, and ready sentences."""
        text = criterion.text(language)
        self.level.choices = [
            (level, f"{level} · {sentence}") for level, sentence in sorted(text.levels.items())
        ]
        if rule.allows(criterion.key):
            said = [str(_("Not applicable, for the reason below")), text.not_applicable]
            self.level.choices.append(
                (NOT_APPLICABLE, BETWEEN_FACTS.join(one for one in said if one))
            )
        self.seen_in.choices = [("", _("Choose one")), *places]
        self.sentences = list(ready)
        self.phrases.choices = [(one.key, one.shown) for one in ready]

    def given(self) -> tuple[int | None, str, list[str]]:
        """Return the level (None for "not applicable"), the reason, and the references as they are stored."""
        chosen = self.level.data
        ticked = [one.written for one in self.sentences if one.key in (self.phrases.data or [])]
        reason = self.reason.data or ""
        reason = "\n\n".join(
            [*[reason] * bool(reason), *(one for one in ticked if one not in reason)]
        )
        return (None if chosen == NOT_APPLICABLE else int(chosen)), reason, self._references()

    def _references(self) -> list[str]:
        seen_in = self.seen_in.data
        in_document = seen_in not in {MECHANISM, VISIT}
        # A preselected document without a page is no reference, and level 2 needs none.
        if not seen_in or (in_document and not self.page.data and self.level.data == "2"):
            return []
        return [seen_in if seen_in in {MECHANISM, VISIT} else f"{seen_in}#{self.page.data or 0}"]


class AgreementForm(Form):
    """The criteria on which the reviewer agrees with the school, all of them ticked at first."""

    criteria = Ticks(
        _l("I agree with the school on"),
        [InputRequired(_l("Tick at least one criterion."))],
        description=_l("Untick those that you want to score yourself."),
    )

    def ask(self, criteria: Sequence[Criterion], content: SubmissionContent, language: str) -> None:
        """Offer criteria, each with the school's level and its sentence."""
        self.criteria.choices = [
            (one.id, f"{one.id} · {text.title}. {own.level} · {text.levels[str(own.level)]}")
            for one in criteria
            for text, own in [(one.text(language), content.score(one.id))]
            if own is not None and own.level is not None
        ]

    def given(self) -> list[str]:
        """Return the ids of the criteria that are ticked."""
        return list(self.criteria.data or [])
