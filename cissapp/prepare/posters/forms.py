"""The forms of posters and of the round."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.posters.rules.choices import (
    FORMAT_NAMES,
    READERS_NAMES,
    PosterChoice,
    PosterFormat,
    Readers,
)
from cissapp.prepare.posters.rules.rounds import PLACE_MOST


class PosterForm(Form):
    """What is printed, for whom, and in which languages; the choices are kept in the query string."""

    format = SelectField(_l("What"), [InputRequired(_l("Choose what to print."))])
    readers = SelectField(_l("Who it is for"), [InputRequired(_l("Choose who it is for."))])
    first = SelectField(
        _l("Language"),
        [InputRequired(_l("Choose at least one language."))],
        description=_l("The language most readers use. It is printed largest."),
    )
    second = SelectField(_l("Second language"), [Optional()])
    third = SelectField(_l("Third language"), [Optional()])
    large = BooleanField(
        _l("Large type"),
        description=_l("For people with low vision. It may need a second sheet."),
    )

    def __init__(self, *arguments: Any, offered: Sequence[str], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.format.choices = [(one.value, _(name)) for one, name in FORMAT_NAMES.items()]
        self.readers.choices = [(one.value, _(name)) for one, name in READERS_NAMES.items()]
        names = [(one, LANGUAGES[one]) for one in offered]
        self.first.choices = names
        self.second.choices = self.third.choices = [("", _("No other language")), *names]

    def given(self) -> PosterChoice:
        """Return what was chosen; a language that was chosen twice counts once."""
        chosen = [self.first.data, self.second.data, self.third.data]
        return PosterChoice(
            PosterFormat(self.format.data),
            Readers(self.readers.data),
            tuple(dict.fromkeys(one for one in chosen if one)),
            large=bool(self.large.data),
        )


class PosterPlaceForm(Form):
    """A place where a poster hangs."""

    name = StringField(
        _l("Place"),
        short(_l("Name the place."), PLACE_MOST),
        description=_l("For example: corridor, first floor. A place, never a person."),
    )
