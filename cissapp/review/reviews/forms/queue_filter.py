"""The form that narrows the queue; it comes with the address of the page."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SearchField, SelectField

from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.regions import RegionField
from cissapp.prepare.applications.rules import STATE_NAMES
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.reviews.queries import QueueFilter
from cissapp.review.reviews.rules import UNDER_WAY
from cissapp.review.reviews.rules.waiting import parse_queue_key

NAME_MOST = 80


class QueueFilterForm(Form):
    """The name of a school, a state, a region, and whether only overdue cases are wanted."""

    name = SearchField(_l("Name of the school"))
    state = SelectField(_l("Status"))
    region = RegionField(_l("Region"))
    overdue = BooleanField(_l("Only overdue ones"))

    def __init__(self, *arguments: Any, regions: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.state.choices = [
            ("", _l("Any status")),
            *((one.value, _l(STATE_NAMES[one])) for one in UNDER_WAY),
        ]
        self.region.choices = [("", _l("All regions")), *regions]

    def given(self, after: str, behind: str = "") -> QueueFilter:
        """Return the filter; an unknown choice is ignored, and an unknown case means the beginning."""
        self.validate()
        state = "" if self.state.errors else self.state.data
        return QueueFilter(
            state=ApplicationState(state) if state else None,
            region_code="" if self.region.errors else self.region.data or "",
            overdue=bool(self.overdue.data),
            name=(self.name.data or "").strip()[:NAME_MOST],
            after=parse_queue_key(after),
            behind=_id_of(behind),
        )

    def search(self) -> dict[str, str]:
        """Return the filter for the addresses of the other pages of the list."""
        chosen = {"name": self.name, "state": self.state, "region": self.region}
        found = {key: str(one.data) for key, one in chosen.items() if one.data and not one.errors}
        return found | ({"overdue": "y"} if self.overdue.data else {})


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
