"""The form of the public page: whether it is on, and what it shows."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from cissapp.foundation.web.forms import Form
from cissapp.prepare.reporting_page.rules import PART_NAMES, PagePart, shown_parts


class PageForm(Form):
    """Whether the page is on, and which readers it addresses."""

    is_on = BooleanField(_l("The page is on: everyone who has its address or QR code can read it"))
    parts = SelectMultipleField(
        _l("Who the page is for"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.parts.choices = [(part.value, _(name)) for part, name in PART_NAMES.items()]
        self.parts.flags.required = True

    def given(self) -> tuple[PagePart, ...]:
        """Return the parts that were chosen."""
        return shown_parts(self.parts.data or ())
