"""Fields that the forms of several rooms use."""

from collections.abc import Sequence

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class Ticks(SelectMultipleField):
    """A list of checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read ticks one by one, or all in one value with blanks between, as a hidden field sends them."""
        super().process_formdata([tick for value in valuelist for tick in value.split()])
