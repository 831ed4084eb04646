"""The base of every form: tidy text, and the problems that a rule found, beside the field's own errors."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any, ClassVar

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from msgspec import Struct
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, fields

from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.errors import N_, Busy, ConfirmationNeeded, Problem, Refused
from cissapp.foundation.core.unicode import is_unseen, normalised
from cissapp.foundation.web import content_warnings, filters, languages

SECONDS_WHEN_BUSY = 60
FILE_NOT_KEPT = N_("Choose the file again. Your browser does not send it a second time.")


class ShownValue(Struct, frozen=True):
    """A field's value in a draft, or as it was sent, next to the value it conflicts with."""

    name: str
    label: str
    draft: str
    other: str


class ShownProblem(Struct, frozen=True):
    """A problem as a page shows it."""

    text: str
    href: str | None


def shown(problem: Problem) -> ShownProblem:
    """Translate a problem and find its address."""
    href = url_for(problem.link[0], **problem.link[1]) if problem.link else None
    return ShownProblem(text_of(problem), href)


def text_of(problem: Problem, say: Callable[[str], str] = gettext) -> str:
    """Translate a problem; without its address it can stand in a mail, too.

    A file of many rows gives `say`, which need not look up the language each time.
    """
    text = say(problem.message)
    if not problem.values:
        return str(text)
    return str(text % {key: _worded(value, say) for key, value in problem.values.items()})


def _worded(value: Any, say: Callable[[str], str]) -> Any:
    """Format a problem's value for people: words translated, dates, times and figures localised."""
    if isinstance(value, str):
        return say(value) if value else value
    if isinstance(value, datetime):
        return filters.moment(value)
    if isinstance(value, Decimal):
        return filters.decimal(value)
    return filters.day(value) if isinstance(value, date) else value


def tidy(value: str | None) -> str | None:
    """Return typed text in NFC, without control or invisible characters or surrounding white space."""
    if value is None:
        return None
    kept = "".join(
        mark
        for mark in normalised("NFC", value).replace("\r\n", "\n")
        if mark in "\n\t" or not is_unseen(mark)
    )
    return kept.strip()


TAKES_FILES = fields.FileField, fields.MultipleFileField
# No database takes a null character, and nobody sees what a search for an invisible one looks for.
TYPED = {
    fields.StringField,
    fields.TextAreaField,
    fields.EmailField,
    fields.SearchField,
    fields.TelField,
    fields.URLField,
}

LARGEST_NUMBER = 2**63 - 1


def within_reach(value: int | None) -> int | None:
    """Return a typed whole number, or None, which no range accepts, if a database could not hold it."""
    return value if value is not None and abs(value) <= LARGEST_NUMBER else None


# Fields that hold no sentence: choices, numbers, days, files, and texts of one word. Any other is watched.
NO_SENTENCE: tuple[type[Field], ...] = (
    fields.BooleanField,
    fields.SelectField,
    fields.SelectMultipleField,
    fields.FileField,
    fields.MultipleFileField,
    fields.IntegerField,
    fields.DecimalField,
    fields.FloatField,
    fields.DateField,
    fields.DateTimeField,
    fields.TimeField,
    fields.MonthField,
    fields.HiddenField,
    fields.EmailField,
    fields.PasswordField,
    fields.SearchField,
    fields.TelField,
    fields.URLField,
)


TOO_MUCH = N_("Your texts are too long in total. Make this one shorter.")


def _text_of(value: Any) -> str:
    """Write all that was typed into a field, which may be several inputs."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple | set):
        return "\n".join(_text_of(one) for one in value)
    return value if isinstance(value, str) else ""


class Form(FlaskForm):
    """A form: the guard checks CSRF, text is tidied and checked for signs, and rules may refuse it.

    Every text is checked before any of it is kept (`content_warnings`), except in the fields that `exempt`
    names with the reason.
    """

    exempt: ClassVar[dict[str, str]] = {}
    busy = False
    warning: content_warnings.ContentWarning | None = None
    # Whether it replaces what several people write (`SharedForm`): its page has to say what it has shown.
    is_shared: ClassVar[bool] = False
    # The fields that somebody changed after the page was shown, and digests of what all hold now.
    overtaken: Sequence[ShownValue] = ()
    base_now: Mapping[str, str] | None = None

    class Meta:
        """Settings of WTForms."""

        csrf = False
        # Whether labels say which fields are optional; in a search, all are.
        marks_optional = True

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Return what was sent: files for the fields that take files, texts for all others."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if request.method in SAFE_METHODS or not (request.files or request.form):
                return None
            # A file would reach filters and rules that expect a text.
            takers = [field.name for field in form if isinstance(field, TAKES_FILES)]
            files = MultiDict((name, one) for name in takers for one in request.files.getlist(name))
            return CombinedMultiDict((files, request.form))

        def get_translations(self, _form: Any) -> Any:
            """Return the words of the built-in messages."""
            return languages.of_forms()

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Field:
            """Tidy the text of every field but passwords, and drop numbers that no database holds."""
            # Options replace what the field was made with, so its own filters are named again.
            own = unbound.kwargs.get("filters", ())
            if unbound.field_class in TYPED:
                options["filters"] = [tidy, *own]
            if issubclass(unbound.field_class, fields.IntegerField):
                options["filters"] = [*own, within_reach]
            bound: Field = unbound.bind(form=form, **options)
            return bound

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.problems: list[ShownProblem] = []

    @classmethod
    def is_watched(cls, name: str, kind: type[Any]) -> bool:
        """Return whether the text of a field of this kind is checked."""
        return not issubclass(kind, NO_SENTENCE) and name not in cls.exempt

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the form, then its texts for signs: both must pass.

        A text that failed its own check, such as that of its length, is not checked for signs.
        """
        good: bool = super().validate(extra_validators)
        if request.method in SAFE_METHODS:
            return good
        texts = {
            name: _text_of(field.data)
            for name, field in self._fields.items()
            if self.is_watched(name, type(field)) and not field.errors
        }
        text = "\n\n".join(texts.values())
        if len(text) > content_warnings.letters_left():
            longest = self._fields[max(texts, key=lambda name: len(texts[name]))]
            longest.errors = [*longest.errors, gettext(TOO_MUCH)]
            return False
        self.warning = content_warnings.check_text(text)
        return good and self.warning is None

    def keeps_files(self) -> bool:
        """Return whether the files of a form that comes back are kept here."""
        return False

    def ask_for_files_again(self) -> None:
        """Ask once more for files that had nothing wrong with them: a browser sends none of them twice."""
        for field in self:
            if isinstance(field, fields.FileField) and field.data and not field.errors:
                field.errors = [gettext(FILE_NOT_KEPT)]

    def catch_refusals(self) -> "CaughtRefusals":
        """Return a `with` block that ends where a rule refuses, and shows on this form what was refused.

        A view writes the change and its redirect into the block, and below it the page with the form.
        """
        return CaughtRefusals(self.refuse)

    def refuse(self, refused: Refused) -> None:
        """Show what a rule refused: at the field of the problem's code, or above the form."""
        if isinstance(refused, ConfirmationNeeded):
            self.warning = content_warnings.warning_of(refused.counts)
            return
        self.busy = isinstance(refused, Busy)
        for problem in refused.problems:
            if problem.code in self._fields:
                field = self._fields[problem.code]
                field.errors = [*field.errors, shown(problem).text]
            else:
                self.problems.append(shown(problem))


class CaughtRefusals:
    """A block whose refusals are shown to the person; every other error goes on."""

    # A class, as type checkers take a `contextmanager` for one that never ends an error.

    def __init__(self, show: Callable[[Refused], None]) -> None:
        self.show = show

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, Refused):
            return False
        self.show(error)
        return True


def flash_refusals() -> CaughtRefusals:
    """Return a `with` block as `Form.catch_refusals` does, where no form is: the next page shows the reasons."""
    return CaughtRefusals(_flash_problems)


def _flash_problems(refused: Refused) -> None:
    flash(" ".join(text_of(problem) for problem in refused.problems), "error")


def in_page_order(form: Form, body: str) -> list[Field]:
    """List the fields of a form in the order in which its body shows them: a child's own come after its parent's."""
    return sorted(form, key=lambda field: body.find(f'id="{field.id}"'))


def answer(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    """Render a form's page; after a POST with status 422, so that nothing is committed, or 503 if busy."""
    if request.method not in SAFE_METHODS and not form.keeps_files():
        form.ask_for_files_again()
    page = render_template(template, form=form, **values)
    if form.busy:
        return page, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(SECONDS_WHEN_BUSY)}
    return page, HTTPStatus.OK if request.method in SAFE_METHODS else 422
