"""The forms of mentoring: a message, what the school shows, dates of a meeting."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.review.mentoring.rules import MEETING_KIND_NAMES, MeetingKind, Shared, SharedPart
from cissapp.review.visits.forms import VisitDatesForm

MESSAGE_MARKS = 4000


class MessageForm(Form):
    """A message to the other side."""

    text = TextAreaField(
        _l("Your message"),
        [DataRequired(_l("Write a message.")), Length(max=MESSAGE_MARKS)],
        description=_l(
            "Write about procedures only. Do not name any child or describe any case. You cannot change the message later."
        ),
    )

    def given(self) -> str:
        """Return the text."""
        return self.text.data or ""


class ShareForm(Form):
    """What the school shows its mentor."""

    parts = Ticks(_l("Parts of your application"), [Optional()])
    documents = Ticks(_l("Documents"), [Optional()])

    def ask(self, parts: Sequence[tuple[str, str]], documents: Sequence[tuple[str, str]]) -> None:
        """Offer the parts and the documents of the school."""
        self.parts.choices = list(parts)
        self.documents.choices = list(documents)

    def show(self, now: Shared) -> None:
        """Tick what is shown now."""
        self.parts.data = [one.value for one in now.parts]
        self.documents.data = [str(one) for one in now.documents]

    def given(self) -> Shared:
        """Return what is to be shown."""
        return Shared(
            frozenset(SharedPart(one) for one in self.parts.data or []),
            frozenset(UUID(one) for one in self.documents.data or []),
        )


class MeetingForm(VisitDatesForm):
    """How the two meet, and one to three dates."""

    kind = RadioField(_l("How will you meet?"), [InputRequired(_l("Choose one."))])

    def ask(self) -> None:
        """Offer the kinds of meeting."""
        self.kind.choices = [(one.value, _(name)) for one, name in MEETING_KIND_NAMES.items()]

    def given_meeting(self, zone: str) -> tuple[MeetingKind, list[datetime]]:
        """Return the kind and the dates, which are entered in the given time zone."""
        return MeetingKind(self.kind.data), self.given(zone)
