"""The filter of the audit trail, which comes with the query string."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from cissapp.foundation.web.forms import Form
from cissapp.oversee.trail.rules.lines import SHOWN_DAYS, THEME_NAMES, Theme, TrailFilter

SEARCH_LENGTH = 200
# No line is older, and dates at the limits of the calendar cannot be calculated with.
FIRST_DAY = date(2020, 1, 1)


class TrailFilterForm(Form):
    """Dates, theme and words; an invalid value is reported beside its field and ignored."""

    class Meta:
        """Settings of WTForms."""

        marks_optional = False

    exempt = {"search": "a search; not kept"}

    search = StringField(_l("Name, address, school or reference"), [Length(max=SEARCH_LENGTH)])
    theme = SelectField(_l("About"), default="")
    since = DateField(_l("First day"), [Optional()])
    until = DateField(_l("Last day"), [Optional()])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        named = ((one.value, _l(name)) for one, name in THEME_NAMES.items())
        self.theme.choices = [("", _l("Everything")), *named]

    def given(self, today: date) -> TrailFilter:
        """Return the filter, by default of the last thirty days."""
        self.validate()
        found = self.search_values()
        until_on = date.fromisoformat(found["until"]) if "until" in found else today
        until_on = min(max(until_on, FIRST_DAY), today)
        begin = date.fromisoformat(found["since"]) if "since" in found else until_on - SHOWN_DAYS
        return TrailFilter(
            min(max(begin, FIRST_DAY), until_on),
            until_on,
            Theme(found["theme"]) if "theme" in found else None,
            found.get("search", ""),
        )

    def search_values(self) -> dict[str, Any]:
        """Return the filter as parameters for links to the other pages of the list."""
        found = {"theme": self.theme, "since": self.since, "until": self.until}
        values = {key: str(one.data) for key, one in found.items() if one.data and not one.errors}
        search = (self.search.data or "").strip()[:SEARCH_LENGTH]
        return ({"search": search} if search else {}) | values
