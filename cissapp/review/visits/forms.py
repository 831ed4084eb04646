"""The forms of a visit: plan, dates, an item of the checklist, the signature."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct
from wtforms import BooleanField, DateTimeLocalField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.forms import Form
from cissapp.review.visits.rules import (
    KIND_NAMES,
    MARK_NAMES,
    NOTE_MOST,
    REASON_MOST,
    ItemMark,
    VisitKind,
)


def in_utc(values: Sequence[datetime | None], zone: str) -> list[datetime]:
    """Convert times typed in the school's time zone to UTC, leaving out empty ones."""
    return [one.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in values if one]


class VisitDatesForm(Form):
    """One to three proposed times."""

    first = DateTimeLocalField(
        _l("Date and time"), [InputRequired(_l("Propose at least one date."))]
    )
    second = DateTimeLocalField(_l("Second choice"), [Optional()])
    third = DateTimeLocalField(_l("Third choice"), [Optional()])

    def given(self, zone: str) -> list[datetime]:
        """Return the times, typed in a time zone, in UTC."""
        return in_utc([self.first.data, self.second.data, self.third.data], zone)


class VisitPlan(Struct, frozen=True):
    """How the school is to be seen, and when or why not."""

    kind: VisitKind
    dates: list[datetime]
    reason: str


class PlanForm(VisitDatesForm):
    """Visit or interview with its dates, or the reason why there is neither."""

    first = DateTimeLocalField(_l("First choice"), [Optional()])
    kind = RadioField(_l("How will you see the school?"), [InputRequired(_l("Choose one."))])
    reason = TextAreaField(
        _l("Why is travel dangerous?"),
        [Optional(), Length(max=REASON_MOST)],
        description=_l(
            "Only for “desk only”. The person who decides will read it. Consider a video interview first."
        ),
    )

    def ask(self) -> None:
        """Set the choices of the kind."""
        self.kind.choices = [(one.value, _(KIND_NAMES[one])) for one in VisitKind]

    def given_plan(self, zone: str) -> VisitPlan:
        """Return the plan; desk only has no dates."""
        kind = VisitKind(self.kind.data)
        dates = [] if kind is VisitKind.DESK_ONLY else self.given(zone)
        return VisitPlan(kind, dates, self.reason.data or "")


class ItemForm(SharedForm):
    """What was seen of a criterion."""

    mark = RadioField(_l("Seen?"), [Optional()])
    note = TextAreaField(
        _l("Note, without names"),
        [Optional(), Length(max=NOTE_MOST)],
        # It stands beside the mark in the record that two people sign, so it is saved as the mark is.
        render_kw={"data-save-text": True},
    )

    def ask(self) -> None:
        """Set the choices of the mark."""
        self.mark.choices = [(one.value, _(MARK_NAMES[one])) for one in ItemMark]

    def given(self) -> tuple[ItemMark | None, str]:
        """Return mark and note."""
        return ItemMark(self.mark.data) if self.mark.data else None, self.note.data or ""


class SignForm(Form):
    """The signature under the text that is shown."""

    sha256 = HiddenField()
    confirmed = BooleanField(
        _l("I was there, or I read all the documents, and this record is true."),
        [InputRequired(_l("Confirm this statement before you sign."))],
    )

    def given(self) -> str:
        """Return the hash of the text that was shown."""
        return self.sha256.data or ""
