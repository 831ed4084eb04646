"""The forms of the lists: each is a search, sent with GET."""

from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from cissapp.certify.certificates.phrases.statuses import STATUS_NAMES
from cissapp.certify.certificates.rules import Status
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.regions import Choices, RegionField
from cissapp.verify.directory.queries import found_by
from cissapp.verify.directory.rules import (
    LEVELS,
    BulkSelection,
    Search,
    SearchedStatus,
)

SEARCHED_STATUS_NAMES = {
    SearchedStatus.VALID: N_("In force, not expiring soon"),
    SearchedStatus.EXPIRING: N_("In force, expires soon"),
}

MARKS = 100
E = TypeVar("E", SearchedStatus, Status)
# The statuses that an issued certificate can have.
FETCHED = (
    Status.VALID,
    Status.EXPIRING,
    Status.EXPIRED,
    Status.SUSPENDED,
    Status.WITHDRAWN,
    Status.REPLACED,
    Status.UPCOMING,
)


class PlaceForm(Form):
    """Country, region and level, each one or all; invalid choices are ignored."""

    class Meta:
        """Settings of WTForms."""

        marks_optional = False

    country = SelectField(_l("Country"), validate_choice=False)
    region = RegionField(_l("Region"), validate_choice=False)
    level = SelectField(_l("Level"), validate_choice=False)

    def __init__(
        self, *arguments: Any, countries: dict[str, str], regions: Choices, **values: Any
    ) -> None:
        super().__init__(*arguments, **values)
        self.country.choices = [("", _("All countries")), *countries.items()]
        self.region.choices = [("", _("All regions")), *regions]
        self.level.choices = [
            ("", _("All levels")),
            *((str(level), _("Level %(level)s", level=level)) for level in LEVELS),
        ]

    def chosen(self, field: SelectField) -> str:
        """Return the value of a field, or an empty string if it is not one of its choices."""
        known = {choice[0] for choice in field.choices or ()}
        return str(field.data) if field.data in known else ""

    def level_chosen(self) -> int | None:
        """Return the level, if one was chosen."""
        return int(self.chosen(self.level) or 0) or None


def _member(kind: type[E], value: str) -> E | None:
    return kind(value) if value else None


class RegisterSearchForm(PlaceForm):
    """What a visitor looks for in the list of certified schools."""

    exempt = {"words": "a search; not kept"}

    words = StringField(_l("School, town or district"), [Length(max=MARKS)])
    status = SelectField(_l("Status"), validate_choice=False)

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.status.choices = [
            ("", _("All in force")),
            *((status.value, _(name)) for status, name in SEARCHED_STATUS_NAMES.items()),
        ]

    def given(self) -> Search:
        """Return the search."""
        words = (self.words.data or "")[:MARKS]
        return Search(
            words,
            self.chosen(self.country),
            self.chosen(self.region),
            self.level_chosen(),
            _member(SearchedStatus, self.chosen(self.status)),
            found_by(words),
        )


class BulkForm(PlaceForm):
    """Which certificates are fetched together."""

    status = SelectField(_l("Status"), validate_choice=False)
    issued_from = DateField(_l("Issued on or after"), [Optional()])
    issued_to = DateField(_l("Issued on or before"), [Optional()])

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.status.choices = [
            ("", _("All statuses")),
            *((status.value, _(STATUS_NAMES[status])) for status in FETCHED),
        ]

    def given(self) -> BulkSelection:
        """Return the selection; an invalid date is ignored."""
        return BulkSelection(
            self.chosen(self.country),
            self.chosen(self.region),
            self.level_chosen(),
            _member(Status, self.chosen(self.status)),
            self.issued_from.data,
            self.issued_to.data,
        )
