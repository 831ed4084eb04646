"""The base of every form: tidy text, and the problems that a rule found, beside the field's own errors."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field

from cissapp.core.db import SAFE_METHODS
from cissapp.core.errors import Problem, Refused
from cissapp.web import filters


@dataclass(frozen=True)
class Shown:
    """A problem as a page shows it."""

    text: str
    href: str | None


def shown(problem: Problem) -> Shown:
    """Translate a problem and find its address."""
    values = {key: _worded(value) for key, value in problem.values.items()}
    text = gettext(problem.message, **values)
    href = url_for(problem.link[0], **problem.link[1]) if problem.link else None
    return Shown(text, href)


def _worded(value: Any) -> Any:
    """Write a value of a problem as people read it: words translated, days and moments in words."""
    if isinstance(value, str):
        return gettext(value) if value else value
    if isinstance(value, datetime):
        return filters.moment(value)
    return filters.day(value) if isinstance(value, date) else value


def tidy(value: str | None) -> str | None:
    """Take typed text as one form of Unicode, without control characters and outer blanks."""
    if value is None:
        return None
    kept = "".join(
        mark
        for mark in unicodedata.normalize("NFC", value).replace("\r\n", "\n")
        if mark in "\n\t" or unicodedata.category(mark) not in {"Cc", "Cs", "Co", "Cn"}
    )
    return kept.strip()


class Form(FlaskForm):
    """A form: CSRF is checked by the guard, text is tidied, rules may refuse."""

    class Meta:
        """Settings of WTForms."""

        csrf = False

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Field:
            """Tidy the text of every field but passwords."""
            if unbound.field_class.__name__ in {"StringField", "TextAreaField", "EmailField"}:
                options["filters"] = [*options.get("filters", ()), tidy]
            bound: Field = unbound.bind(form=form, **options)
            return bound

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.problems: list[Shown] = []

    def refuse(self, refused: Refused) -> None:
        """Show what a rule refused: at the field of the problem's code, or above the form."""
        for problem in refused.problems:
            if problem.code in self._fields:
                field = self._fields[problem.code]
                field.errors = [*field.errors, shown(problem).text]
            else:
                self.problems.append(shown(problem))


def answer(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    """Show a form's page. After a POST the status is 422, so that nothing half done is kept."""
    status = 200 if request.method in SAFE_METHODS else 422
    return render_template(template, form=form, **values), status
