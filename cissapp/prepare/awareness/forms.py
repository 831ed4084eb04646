"""The form of a round, and the four questions to a pupil."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange

from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.phrases import ASKED_OF_PUPILS, HINTS, KINDS, OPTION_WORDS
from cissapp.prepare.awareness.rules.questions import ASKED, OPTIONS, Question
from cissapp.prepare.awareness.rules.rounds import (
    LABEL_MOST,
    LEAST_EXPECTED,
    MOST_EXPECTED,
    RoundFacts,
    RoundKind,
)


class RoundForm(Form):
    """Which classes are asked, how many answers are expected, until when."""

    label = StringField(
        _l("Name of the round"),
        short(_l("Give the round a name."), LABEL_MOST),
        description=_l("Only your school sees it. For example: October, classes 5 to 9."),
    )
    kind = RadioField(_l("When will you ask?"), [InputRequired(_l("Choose one."))])
    expected = IntegerField(
        _l("How many answers do you expect?"),
        [
            InputRequired(_l("Enter the number of answers you expect.")),
            NumberRange(
                LEAST_EXPECTED,
                MOST_EXPECTED,
                _l(
                    "Enter a number from %(least)s to %(most)s.",
                    least=LEAST_EXPECTED,
                    most=MOST_EXPECTED,
                ),
            ),
        ],
        description=_l(
            "The number of pupils you will ask. Level 3 needs at least 30, or all pupils if there are fewer."
        ),
        render_kw={"inputmode": "numeric"},
    )
    ends_on = DateField(_l("Last day"), [InputRequired(_l("Choose a day."))])
    compared_with = SelectField(_l("Compare with an earlier round"), default="")

    def __init__(
        self, *arguments: Any, earlier: Sequence[AwarenessRound] = (), **values: Any
    ) -> None:
        super().__init__(*arguments, **values)
        self.kind.choices = [(one.value, _(words)) for one, words in KINDS.items()]
        self.compared_with.choices = [
            ("", _("Do not compare")),
            *((str(one.id), one.label) for one in earlier),
        ]

    def given(self) -> RoundFacts:
        """Return what is said of the round."""
        ends_on = self.ends_on.data
        assert isinstance(ends_on, date)  # noqa: S101 -- the form was validated
        chosen = self.compared_with.data
        return RoundFacts(
            self.label.data or "",
            RoundKind(self.kind.data),
            self.expected.data or 0,
            ends_on,
            UUID(chosen) if chosen else None,
        )


class PupilForm(Form):
    """Four taps; the ticket is that of the page, in place of a token in a cookie."""

    ticket = HiddenField()
    in_school = RadioField()
    outside = RadioField()
    would_tell = RadioField()
    poster = RadioField()

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        for number, question in enumerate(ASKED, 1):
            field = self[question.value]
            field.label.text = _(ASKED_OF_PUPILS[question])
            field.description = _(HINTS[question])
            words = OPTION_WORDS[question]
            field.choices = [(one, _(words[one])) for one in OPTIONS[question]]
            field.validators = [
                InputRequired(_("Question %(number)s: tap one answer.", number=number))
            ]

    def given(self) -> dict[Question, str]:
        """Return the answers by question."""
        return {question: self[question.value].data for question in ASKED}
