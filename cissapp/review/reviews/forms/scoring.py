"""The form of a score: the level of a criterion, the reason, and where that was seen."""

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
from cissapp.review.reviews.rules.references import MECHANISM, VISIT

NOT_APPLICABLE = "na"
REASON_MARKS = 4000


def reason_or_sentence(form: Any, field: TextAreaField) -> None:
    """Check that there is a reason in own words, or at least one ready sentence."""
    if not field.data and not form.phrases.data:
        raise StopValidation(_("Give a reason."))


reason_or_sentence.field_flags = {"required": True}  # type: ignore[attr-defined] # read by WTForms


class ReviewScoreForm(Form):
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

    def ask(
        self,
        criterion: Criterion,
        language: str,
        places: Sequence[tuple[str, str]],
        rule: NotApplicableRule,
    ) -> None:
        """Offer the four sentences of the criterion, "not applicable" where allowed, and what can be shown."""
        text = criterion.text(language)
        self.level.choices = [
            (level, f"{level} · {sentence}") for level, sentence in sorted(text.levels.items())
        ]
        if rule.allows(criterion.key):
            said = [str(_("Not applicable, for the reason below")), text.not_applicable]
            self.level.choices.append((NOT_APPLICABLE, " · ".join(one for one in said if one)))
        self.seen_in.choices = [("", _("Choose one")), *places]
        self.sentences = [(str(n), one) for n, one in enumerate(text.mistakes)]
        self.phrases.choices = list(self.sentences)

    def given(self) -> tuple[int | None, str, list[str]]:
        """Return the level, None for "not applicable", the reason, and the references as they are stored."""
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
