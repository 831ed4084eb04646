"""The forms of the policy studio; those of a section are built from its questions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cissapp.foundation.content.schema.toolkit import FieldKind, PolicyQuestionKey
from cissapp.foundation.content.toolkit import PolicyQuestion
from cissapp.foundation.web import content_warnings
from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.policy.rules.answers import NO, YES, Answer, Answers, day_of
from cissapp.prepare.policy.rules.clauses import (
    OWN_TEXT_MOST,
    REASON_MOST,
    Audience,
    ClauseChoice,
)
from cissapp.prepare.policy.services.clauses import ClauseFacts

# Field names of questions have a prefix, so that none clashes with an attribute of the form.
START = "q_"
LONG_TEXT = 160
CHOSEN = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO})


class WatchedForm(SharedForm):
    """A form that warns beside each field whose text seems to name a child."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the form, and mark the fields that seem to name or describe a child."""
        good = super().validate(extra_validators)
        if self.warning:
            for name, field in self._fields.items():
                if self.is_watched(name, type(field)) and self._seems_to_name(field):
                    message = _(
                        "This seems to name a child or describe a case. Use job titles only."
                    )
                    field.errors = [*field.errors, message]
        return good

    @staticmethod
    def _seems_to_name(field: Field) -> bool:
        return isinstance(field.data, str) and bool(content_warnings.watcher().count(field.data))


class AnswersForm(WatchedForm):
    """The questions of a section; the fields are added by `answers_form`."""

    questions: tuple[PolicyQuestion, ...] = ()

    def given(self) -> dict[str, list[str]]:
        """Return the answers by question, an empty one for a question that was not answered."""
        return {one.id: _answer(self[f"{START}{one.id}"].data) for one in self.questions}

    def mark(self, question_id: str, message: str) -> None:
        """Show beside a question what is wrong with its answer."""
        field = self[f"{START}{question_id}"]
        field.errors = [*field.errors, message]


def answers_form(
    questions: Sequence[PolicyQuestion], answers: Answers, language: str
) -> AnswersForm:
    """Build the form of some questions, filled with what was answered before."""
    fields: dict[str, Any] = {"questions": tuple(questions)}
    fields |= {f"{START}{one.id}": _field(one, language) for one in questions}
    kind = type("AnswersForm", (AnswersForm,), fields)
    data = {f"{START}{one.id}": _shown(one, answers.get(one.id, ())) for one in questions}
    form: AnswersForm = kind(data=data)
    for one in questions:
        # It may be saved empty, but the policy needs an answer, so it is not marked as optional.
        field: Any = form[f"{START}{one.id}"]
        field.flags.required = one.key.needed
        if one.key.kind in CHOSEN:
            field.choices = _choices(one, language)
    return form


def _field(question: PolicyQuestion, language: str) -> Any:
    """Build the field of a question by its kind; it may be left empty."""
    words, key = question.text(language), question.key
    about: dict[str, Any] = {"label": words.text, "description": words.hint or ""}
    kind, checks = _kind_and_checks(key)
    return kind(validators=checks, **about)


def _choices(question: PolicyQuestion, language: str) -> list[tuple[str, str]]:
    if question.key.kind is FieldKind.YES_NO:
        return [(YES, _("Yes")), (NO, _("No"))]
    words = question.text(language)
    return [(one, words.options.get(one, one)) for one in question.key.options]


def _kind_and_checks(key: PolicyQuestionKey) -> tuple[type[Field], list[Any]]:
    number = _("Enter a whole number from %(least)s to %(most)s.", least=key.least, most=key.most)
    too_long = _("Use at most %(most)s characters.", most=key.most)
    line = TextAreaField if key.most > LONG_TEXT else StringField
    found: dict[FieldKind, tuple[type[Field], list[Any]]] = {
        FieldKind.CHOICE: (RadioField, [Optional()]),
        FieldKind.CHOICES: (Ticks, []),
        FieldKind.YES_NO: (RadioField, [Optional()]),
        FieldKind.NUMBER: (IntegerField, [Optional(), NumberRange(key.least, key.most, number)]),
        FieldKind.DATE: (DateField, [Optional()]),
        FieldKind.TEXT: (line, [Length(max=key.most, message=too_long)]),
    }
    return found[key.kind]


def _shown(question: PolicyQuestion, answer: Answer) -> Any:
    match question.key.kind:
        case FieldKind.CHOICES:
            return list(answer)
        case FieldKind.NUMBER:
            return int(answer[0]) if answer and answer[0].isdecimal() else None
        case FieldKind.DATE:
            return day_of(answer)
        case _:
            return answer[0] if answer else None


def _answer(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, date):
        return [value.isoformat()]
    return [] if value is None or value == "" else [str(value)]


class ClauseForm(WatchedForm):
    """What the school does with a clause."""

    choice = RadioField(
        _l("What do you want to do with this clause?"),
        [InputRequired(_l("Choose what to do with it."))],
    )
    adults = TextAreaField(
        _l("In our own words, for adults"),
        [
            Length(
                max=OWN_TEXT_MOST,
                message=_l("Use at most %(most)s characters.", most=OWN_TEXT_MOST),
            )
        ],
        description=_l(
            "Words in braces, such as {channels}, are filled in from your answers. Leave them as they are, or write your own words instead. No names or stories of children."
        ),
    )
    younger = TextAreaField(
        _l("The same for younger pupils (6–10)"),
        [
            Length(
                max=OWN_TEXT_MOST,
                message=_l("Use at most %(most)s characters.", most=OWN_TEXT_MOST),
            )
        ],
    )
    older = TextAreaField(
        _l("The same for older pupils (11–17)"),
        [
            Length(
                max=OWN_TEXT_MOST,
                message=_l("Use at most %(most)s characters.", most=OWN_TEXT_MOST),
            )
        ],
    )
    reason = TextAreaField(
        _l("Why your school leaves it out"),
        [Length(max=REASON_MOST, message=_l("Use at most %(most)s characters.", most=REASON_MOST))],
        description=_l("Only if you leave it out. Nobody outside your school sees the reason."),
    )

    def __init__(self, *arguments: Any, is_checked: bool, **values: Any) -> None:
        super().__init__(*arguments, **values)
        as_it_is = [(ClauseChoice.TAKEN.value, _("Use it as it is"))]
        self.choice.choices = [
            *(as_it_is if is_checked else ()),
            (ClauseChoice.CHANGED.value, _("Use it in our own words")),
            (ClauseChoice.LEFT_OUT.value, _("Leave it out")),
        ]

    def given(self, language: str) -> ClauseFacts:
        """Return the school's choice for the clause."""
        own = {one.value: self[one.value].data or "" for one in Audience}
        return ClauseFacts(
            ClauseChoice(self.choice.data),
            own if self.choice.data == ClauseChoice.CHANGED else {},
            language,
            self.reason.data or "",
        )


class ParagraphForm(WatchedForm):
    """A paragraph of the school's own."""

    text = TextAreaField(
        _l("Your paragraph"),
        short(_l("Write the paragraph, or go back without saving."), OWN_TEXT_MOST),
        description=_l(
            "It goes at the end of the section, exactly as you type it. Use job titles, and never name children."
        ),
    )


class LanguageForm(Form):
    """The language of the policy."""

    language = SelectField(_l("Language of the policy"))


class TargetForm(Form):
    """Which document the policy becomes."""

    NEW = "new"

    target = RadioField(
        _l("Where do you want to save it?"), [InputRequired(_l("Choose where to save the policy."))]
    )
    upload = HiddenField()

    def __init__(self, *arguments: Any, documents: Sequence[tuple[str, str]], usual: str) -> None:
        super().__init__(*arguments, data={"target": usual})
        self.target.choices = [
            *((key, _("As a new version of “%(title)s”", title=title)) for key, title in documents),
            (self.NEW, _("As a separate document")),
        ]
