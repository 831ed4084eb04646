"""The form that moves schools out of a region that a reform divided."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, InputRequired

from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.regions import Choices, RegionField


class MoveSchoolsForm(Form):
    """Schools, and the region that they are in now."""

    schools = Ticks(_l("Schools"), [DataRequired(_l("Choose at least one school."))])
    region = RegionField(
        _l("Current region"),
        [InputRequired(_l("Choose the region."))],
        whole=_l("%(region)s: district not specified"),
    )

    def __init__(self, *arguments: Any, schools: Choices, regions: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.schools.choices = schools
        self.region.choices = [("", _l("Choose")), *regions]

    def given(self) -> tuple[list[UUID], str]:
        """Return the ids of the schools, and the code of the region."""
        return [UUID(one) for one in self.schools.data or []], str(self.region.data)
