"""Answers of the policy studio: which are valid, and how they are written in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list

from cissapp.foundation.content.languages import locale_of
from cissapp.foundation.content.schema.toolkit import FieldKind
from cissapp.foundation.content.toolkit import PolicyQuestion, Toolkit
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.office.filling import Value, plain

# A list of strings: names of options, a text, a number, or a date as YYYY-MM-DD; empty if not answered.
Answer = Sequence[str]
Answers = Mapping[str, Answer]
YES, NO = "yes", "no"
# Years allowed for dates of a policy; the plan calculates dates from them.
YEARS = range(1990, 2100)


def answer_problem(question: PolicyQuestion, answer: Answer) -> Problem | None:
    """Return the problem with an answer, if any; an empty one is valid, as unfinished work may be saved."""
    if not answer:
        return None
    return CHECKS[question.key.kind](question, answer)


def _choice(question: PolicyQuestion, answer: Answer) -> Problem | None:
    several = question.key.kind is FieldKind.CHOICES
    known = (YES, NO) if question.key.kind is FieldKind.YES_NO else question.key.options
    if set(answer) <= set(known) and (several or len(answer) == 1):
        return None
    return Problem(question.id, N_("Choose one of the answers offered."))


def _text(question: PolicyQuestion, answer: Answer) -> Problem | None:
    if len(answer[0]) <= question.key.most:
        return None
    message = N_("Use at most %(most)s characters.")
    return Problem(question.id, message, {"most": question.key.most})


def _number(question: PolicyQuestion, answer: Answer) -> Problem | None:
    least, most = question.key.least, question.key.most
    if answer[0].isdecimal() and len(answer[0]) < 10 and least <= int(answer[0]) <= most:
        return None
    message = N_("Enter a whole number from %(least)s to %(most)s.")
    return Problem(question.id, message, {"least": least, "most": most})


def _day(question: PolicyQuestion, answer: Answer) -> Problem | None:
    if day_of(answer) is not None:
        return None
    return Problem(question.id, N_("Choose a day."))


CHECKS: dict[FieldKind, Callable[[PolicyQuestion, Answer], Problem | None]] = {
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choice,
    FieldKind.YES_NO: _choice,
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _day,
}


def day_of(answer: Answer | None) -> date | None:
    """Return the date in an answer; None if there is none or its year is out of range."""
    try:
        day = date.fromisoformat(answer[0]) if answer else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def number_of(answer: Answer | None) -> int | None:
    """Return the number that an answer names; None, if it names none."""
    return int(answer[0]) if answer and answer[0].isdecimal() else None


def answer_values(toolkit: Toolkit, answers: Answers, language: str) -> dict[str, Value]:
    """Return the text for each answered question, in the language of the policy."""
    return {
        question.id: Value(_written(question, answer, language))
        for question in toolkit.questions
        if (answer := answers.get(question.id)) and answer_problem(question, answer) is None
    }


def _written(question: PolicyQuestion, answer: Answer, language: str) -> str:
    kind = question.key.kind
    if kind is FieldKind.DATE:
        return written_day(date.fromisoformat(answer[0]), language)
    if kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        words = question.text(language).options
        # In the order of the library, whatever the order of the ticks.
        return listed([words[one] for one in question.key.options if one in answer], language)
    return plain(answer[0])


def listed(words: Sequence[str], language: str) -> str:
    """Join words as a list in the style of the language."""
    try:
        return format_list(list(words), "standard", locale_of(language))
    except (UnknownLocaleError, ValueError):
        return ", ".join(words)


def written_day(day: date, language: str) -> str:
    """Format a date in the style of the language; as YYYY-MM-DD if the language is unknown."""
    try:
        return format_date(day, "long", locale_of(language))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
