"""The forms of the list of schools: its filter, and the name under which a filter is saved."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.regions import RegionField
from cissapp.foundation.web.text_checks import short
from cissapp.review.followup.rules import (
    FILTER_NAME_LENGTH,
    ORDER_NAMES,
    STEP_NAMES,
    FollowupFilter,
    FollowupOrder,
    FollowupStep,
)

SEARCH_LENGTH = 200


class FollowupFilterForm(Form):
    """How the list is filtered and sorted; it comes with the address of the page."""

    exempt = {"search": "a search; not kept"}

    search = StringField(_l("Name, place or code"), [Length(max=SEARCH_LENGTH)])
    step = SelectField(_l("Step"))
    region = RegionField(_l("Region"))
    order = SelectField(_l("Order"))
    stuck = BooleanField(_l("Only schools that are stuck"))

    def __init__(self, *arguments: Any, regions: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.step.choices = [
            ("", _l("Every step")),
            *((one.value, _l(name)) for one, name in STEP_NAMES.items()),
        ]
        self.region.choices = [("", _l("All regions")), *regions]
        self.order.choices = [(one.value, _l(name)) for one, name in ORDER_NAMES.items()]

    def given(self) -> FollowupFilter:
        """Return the filter; a choice that does not exist is ignored."""
        self.validate()
        found = self.search_values()
        return FollowupFilter(
            search=found.get("search", ""),
            region_code=found.get("region", ""),
            step=FollowupStep(found["step"]) if "step" in found else None,
            stuck="stuck" in found,
            order=FollowupOrder(found.get("order", FollowupOrder.SILENCE)),
        )

    def search_values(self) -> dict[str, Any]:
        """Return the filter for the addresses of the other pages of the list."""
        fields = {"step": self.step, "region": self.region, "order": self.order}
        found = {key: str(one.data) for key, one in fields.items() if one.data and not one.errors}
        if found.get("order") == FollowupOrder.SILENCE:
            del found["order"]
        search = (self.search.data or "")[:SEARCH_LENGTH]
        return (
            ({"search": search} if search else {})
            | found
            | ({"stuck": "y"} if self.stuck.data else {})
        )


class SaveFilterForm(Form):
    """The name under which a filter is saved; the filter itself comes with the address."""

    exempt = {"name": "the name of a bookmark that nobody else sees"}

    name = StringField(_l("Name of the filter"), short(_l("Enter a name."), FILTER_NAME_LENGTH))

    def given(self) -> str:
        """Return the name."""
        return self.name.data or ""
