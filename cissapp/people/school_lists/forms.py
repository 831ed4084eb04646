"""The forms of lists: the file, its columns, the meanings of texts, and merging two schools."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.enrolment.rules import one_line
from cissapp.people.school_lists.list_files.cells import LONGEST_CELL
from cissapp.people.school_lists.list_files.charsets import EIGHT_BIT, UTF8
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.rules import (
    COLUMN_NAMES,
    FOR_ALL,
    ListColumn,
    mapping_problems,
)

Choices = list[tuple[str, Any]]

CHARSET_NAMES = {
    "cp1251": _l("Windows-1251: Ukrainian, Russian, Belarusian"),
    "cp1250": _l("Windows-1250: Romanian"),
    "cp1252": _l("Windows-1252: Western Europe"),
    "koi8-u": _l("KOI8-U: Ukrainian, Russian"),
    "cp866": _l("CP866: Russian, Belarusian, from DOS"),
    UTF8: _l("UTF-8"),
}
EXAMPLES = 3
LONGEST_EXAMPLE = 40
NO_LANGUAGE = N_("No column gives the language of the schools. Choose it.")
# A form may have 300 parts.
MOST_ASKED = 200


class SchoolListForm(Form):
    """A file with a list of schools or people."""

    file = FileField(
        _l("List of schools or people, CSV or XLSX"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "At most 250 MB. Nothing is imported before you have seen what it would do."
        ),
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
    )

    def given(self) -> tuple[BinaryIO, str]:
        """Return the open file and its name."""
        sent = self.file.data
        return sent.stream, sent.filename or ""


class ColumnsForm(Form):
    """What each column of a list holds; the fields are created for the head of a particular list."""

    headings: ClassVar[Sequence[str]] = ()
    languages: ClassVar[Choices] = []

    all_region = SelectField(_l("Region of all schools"))
    all_locality = StringField(_l("Town or village of all schools"))
    all_language = SelectField(_l("Language of all schools"))
    changes_schools = BooleanField(
        _l("Change schools in the register where the list says something different"),
        description=_l("If you do not tick this, they stay as they are and are listed."),
    )
    keeps_duplicates = BooleanField(
        _l("Also register schools that look like one already in the register"),
        description=_l("If you do not tick this, they are left out and listed side by side."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that the columns and what is so for all schools make a list; show all that is missing."""
        is_valid = super().validate(extra_validators)
        held = self.given().values()
        problems = mapping_problems(held, self.given_for_all())
        is_said = ListColumn.LANGUAGE in held or self.all_language.data
        if ListColumn.NAME in held and not is_said and len(self.languages) > 1:
            problems.append(Problem("all_language", NO_LANGUAGE))
        self.refuse(Refused(*problems))
        return is_valid and not problems

    def columns(self) -> list[Any]:
        """Return the fields of the columns, in the order of the file."""
        return [self[f"column_{place}"] for place in range(len(self.headings))]

    def given(self) -> dict[str, ListColumn]:
        """Return what the columns hold, without those that are not read."""
        pairs = zip(self.headings, self.columns(), strict=True)
        return {heading: ListColumn(field.data) for heading, field in pairs if field.data}

    def fields_for_all(self) -> list[Any]:
        """Return the fields for what is the same in all rows."""
        return [self[f"all_{column}"] for column in FOR_ALL]

    def given_for_all(self) -> dict[ListColumn, str]:
        """Return what is so for all schools of the list, by column."""
        pairs = zip(FOR_ALL, self.fields_for_all(), strict=True)
        # As long as a cell: it is read again for each row.
        said = {column: one_line((field.data or "")[:LONGEST_CELL]) for column, field in pairs}
        return {column: text for column, text in said.items() if text}


def columns_form(found: SchoolList, regions: Choices, languages: Choices) -> ColumnsForm:
    """Return the form for the head of a list, with the first cells of each column beside it."""
    head, rows, chosen = found.head, found.first_rows, found.columns
    kept = {f"all_{column}": found.meanings.get(column, {}).get("", "") for column in FOR_ALL}
    ticks = {
        "changes_schools": found.changes_schools,
        "keeps_duplicates": found.keeps_duplicates,
    }
    choices = [
        ("", _("Do not read")),
        *((one.value, _(name)) for one, name in COLUMN_NAMES.items()),
    ]
    made: dict[str, Any] = {"headings": tuple(head), "languages": languages}
    for place, heading in enumerate(head):
        default, examples = chosen.get(heading, ""), _examples(rows, place)
        made[f"column_{place}"] = SelectField(heading, default=default, description=examples)
    form: ColumnsForm = type("ColumnsForm", (ColumnsForm,), made)(data=ticks | kept)
    for field in form.columns():
        field.choices = choices
    not_one = ("", _("Not the same for all"))
    form.all_region.choices = [not_one, *regions]
    form.all_language.choices = [not_one, *languages]
    return form


def _examples(rows: Sequence[Sequence[Any]], place: int) -> str:
    texts = [cells[place][:LONGEST_EXAMPLE] for _number, cells in rows if place < len(cells)]
    shown = [text for text in texts if text and "\0" not in text][:EXAMPLES]
    if not shown:
        return str(_("The first rows are empty"))
    return str(_("For example: %(cells)s", cells=BETWEEN_FACTS.join(shown)))


class MeaningsForm(Form):
    """What unknown texts of a list mean; the fields are created for a particular list."""

    texts: ClassVar[Sequence[tuple[str, str]]] = ()

    def meanings(self) -> list[Any]:
        """Return the fields, in their order."""
        return [self[f"meaning_{place}"] for place in range(len(self.texts))]

    def given(self) -> dict[str, dict[str, str]]:
        """Return the chosen meanings, by column and text; texts without a choice are left out."""
        said: dict[str, dict[str, str]] = {}
        for (column, text), field in zip(self.texts, self.meanings(), strict=True):
            if field.data:
                said.setdefault(column, {})[text] = field.data
        return said


def meanings_form(
    unknown: Mapping[str, Mapping[str, int]], regions: Choices, languages: Choices
) -> MeaningsForm:
    """Return the form for the unknown texts of a list."""
    duties = [(duty.value, _(name)) for duty, name in DUTY_NAMES.items()]
    choices = {
        ListColumn.REGION: regions,
        ListColumn.LANGUAGE: languages,
        ListColumn.DUTY: duties,
    }
    asked = [
        (column, text, number)
        for column in choices
        for text, number in unknown.get(column, {}).items()
    ][:MOST_ASKED]
    made: dict[str, Any] = {"texts": [(column.value, text) for column, text, _number in asked]}
    for place, (column, text, number) in enumerate(asked):
        rows = ngettext(
            "%(column)s, %(num)d row",
            "%(column)s, %(num)d rows",
            number,
            column=_(COLUMN_NAMES[column]),
        )
        made[f"meaning_{place}"] = SelectField(text, description=rows)
    form: MeaningsForm = type("MeaningsForm", (MeaningsForm,), made)()
    for field, (column, _text, _number) in zip(form.meanings(), asked, strict=True):
        field.choices = [("", _("None of these: refuse the rows")), *choices[column]]
    return form


class CharsetForm(Form):
    """The encoding in which a file is read."""

    charset = SelectField(_l("Character encoding"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.charset.choices = [(one, CHARSET_NAMES[one]) for one in (*EIGHT_BIT, UTF8)]

    def given(self) -> str:
        """Return the encoding."""
        return str(self.charset.data)
