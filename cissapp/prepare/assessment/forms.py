"""The form of the self-assessment."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from cissapp.foundation.web.forms import Form, tidy
from cissapp.foundation.web.text_checks import LINE_MOST, long_text
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.assessment.rules import TEXT_LEAST, ScoreFacts

NOT_APPLICABLE = "n/a"


class AnchorsField(Field):
    """The pages of each document: inputs named after the field and the document's id."""

    widget = TextInput()
    LONGEST = 200

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read what was saved, or what was typed."""
        self.process_errors, self.object_data = [], data
        self.data = dict(data) if data is not unset_value and data else {}
        if formdata:
            start = f"{self.name}-"
            typed = {
                name.removeprefix(start): tidy(formdata[name]) or ""
                for name in formdata
                if name.startswith(start)
            }
            self.data = {one: said[: self.LONGEST] for one, said in typed.items() if said}


class SelfScoreForm(Form):
    """A level, a text, and what shows it."""

    level = RadioField(_l("Where does your school stand?"), [InputRequired(_l("Choose a level."))])
    text = TextAreaField(
        _l("How your school meets this"),
        long_text(),
        description=_l(
            "At least %(least)s characters; if it does not apply, the reason. No names or stories of children.",
            least=TEXT_LEAST,
        ),
    )
    documents = SelectMultipleField(
        _l("Documents that show it"),
        description=_l("At least one, from level 1 on."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    anchors = AnchorsField()
    pages = StringField(
        _l("Where to look, in words"),
        [Length(max=LINE_MOST, message=_l("Use at most %(most)s characters.", most=LINE_MOST))],
        description=_l("For documents without page numbers. For example: the chapter on phones."),
    )
    seen = HiddenField()

    def __init__(
        self,
        *arguments: Any,
        row: SelfScore | None,
        levels: list[tuple[str, str]],
        documents: list[tuple[UUID, str]],
        seen: str,
    ) -> None:
        super().__init__(*arguments, data={**_said(row), "seen": seen})
        self.level.choices = levels
        # They can be saved empty, but the hand-in asks for them: nothing here says "optional".
        self.text.flags.required = self.documents.flags.required = True
        self.documents.choices = [(str(one), title) for one, title in documents]
        known = {str(one) for one, _ in documents}
        self.anchors.data = {one: said for one, said in self.anchors.data.items() if one in known}

    def given(self) -> ScoreFacts:
        """Return what is said of the criterion."""
        chosen = self.level.data
        return ScoreFacts(
            level=None if chosen == NOT_APPLICABLE else int(chosen),
            text=self.text.data or "",
            pages=self.pages.data or "",
            document_ids=frozenset(UUID(one) for one in self.documents.data or ()),
            anchors={UUID(one): said for one, said in self.anchors.data.items()},
        )


def _said(row: SelfScore | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "level": NOT_APPLICABLE if row.level is None else str(row.level),
        "text": row.text,
        "pages": row.pages,
        "documents": sorted(str(one) for one in row.document_ids),
        "anchors": {str(one): said for one, said in row.anchors.items()},
    }
