"""The forms of the self-assessment."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from msgspec import Struct
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from cissapp.foundation.web.forms import Form, tidy
from cissapp.foundation.web.text_checks import LINE_MOST, long_text
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

    level = RadioField(
        _l("Which sentence is true today?"),
        [InputRequired(_l("Choose a level."))],
        description=_l(
            "If you are between two levels, choose the lower one. Reviewers do the same."
        ),
    )
    text = TextAreaField(
        _l("How your school meets this"),
        long_text(),
        description=_l(
            "At least %(least)s characters. If it does not apply, explain why. No names or stories of children.",
            least=TEXT_LEAST,
        ),
    )
    documents = SelectMultipleField(
        _l("Documents that show it"),
        description=_l("At least one, from level 1 up."),
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

    def __init__(self, *arguments: Any, offer: "ScoreOffer") -> None:
        facts = offer.facts
        super().__init__(*arguments, data={**_said(facts, offer.level), "seen": offer.seen})
        self.level.choices = offer.levels
        # They may be saved empty but are required for submission, so no label says "optional".
        self.text.flags.required = offer.needs_text
        if not offer.needs_text:
            self.text.description = _l(
                "The sentence you chose is what counts. You can add what it does not say. No names or stories of children."
            )
        self.documents.flags.required = True
        self.documents.choices = [(str(one), title) for one, title in offer.documents]
        self.offered = {str(one) for one, _ in offer.documents}
        self.anchors.data = {
            one: said for one, said in self.anchors.data.items() if one in self.offered
        }

    def take_page(self, document_id: str, page: str) -> None:
        """Tick a document and add a page to those already named for it."""
        self.documents.data = list(dict.fromkeys([*(self.documents.data or ()), document_id]))
        named = self.anchors.data.get(document_id)
        if page not in [one.strip() for one in (named or "").split(",")]:
            self.anchors.data[document_id] = f"{named}, {page}" if named else page

    def take_text(self, text: str) -> None:
        """Put this text in the place of what was typed."""
        self.text.data = text

    def take_answer(self, facts: ScoreFacts) -> None:
        """Put an earlier answer in the place of what was typed; documents that are gone stay away."""
        said = _said(facts, NOT_APPLICABLE if facts.level is None else str(facts.level))
        offered = self.offered
        self.level.data, self.level.raw_data = said["level"], [said["level"]]
        self.text.data, self.pages.data = said["text"], said["pages"]
        self.documents.data = [one for one in said["documents"] if one in offered]
        self.anchors.data = {one: page for one, page in said["anchors"].items() if one in offered}

    def given(self) -> ScoreFacts:
        """Return the answer for the criterion."""
        chosen = self.level.data
        return ScoreFacts(
            level=None if chosen == NOT_APPLICABLE else int(chosen),
            text=self.text.data or "",
            pages=self.pages.data or "",
            document_ids=frozenset(UUID(one) for one in self.documents.data or ()),
            anchors={UUID(one): said for one, said in self.anchors.data.items()},
        )


class ScoreOffer(Struct, frozen=True):
    """What the form of a criterion begins with.

    `level` is the level that was saved, None before; `facts` are what was saved, else what can be taken
    over; `documents` are all of the school by id and title, `seen` is the stamp of the saved score.
    """

    facts: ScoreFacts
    level: str | None
    levels: list[tuple[str, str]]
    documents: list[tuple[UUID, str]]
    seen: str
    needs_text: bool


class PartEvidenceForm(Form):
    """The documents of a part."""

    documents = SelectMultipleField(
        _l("Documents for this part"),
        description=_l(
            "Choose them once here. Then you only need to tick what shows each criterion."
        ),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(
        self,
        *arguments: Any,
        documents: list[tuple[UUID, str]],
        chosen: Collection[UUID],
    ) -> None:
        super().__init__(*arguments, data={"documents": [str(one) for one in chosen]})
        self.documents.flags.required = True
        self.documents.choices = [(str(one), title) for one, title in documents]

    def given(self) -> frozenset[UUID]:
        """Return the documents that were chosen."""
        return frozenset(UUID(one) for one in self.documents.data or ())


def _said(facts: ScoreFacts, level: str | None) -> dict[str, Any]:
    return {
        "level": level,
        "text": facts.text,
        "pages": facts.pages,
        "documents": sorted(str(one) for one in facts.document_ids),
        "anchors": {str(one): said for one, said in facts.anchors.items()},
    }
