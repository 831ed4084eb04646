"""The forms of the lists of the reporting mechanism."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.foundation.web.text_checks import short
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES, MEDIUM_NAMES, ChannelKind, ChannelMedium
from cissapp.prepare.mechanism.rules.channels import clock_text, is_mail_address
from cissapp.prepare.mechanism.rules.parts import (
    ChannelFacts,
    EscalationFacts,
    PersonFacts,
    RecipientFacts,
)

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


def languages_field(label: Any, description: Any) -> SelectMultipleField:
    """Build a list of boxes to tick; the form offers the languages of the programme in it."""
    return SelectMultipleField(
        label,
        description=description,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ReportingPersonForm(SharedForm):
    """An adult who takes reports."""

    office = StringField(
        _l("Job title"),
        short(_l("Enter the person’s job title."), 120),
        description=_l("For example: school psychologist. The job title, not the name."),
    )
    contact = StringField(
        _l("How to reach this person"),
        short(_l("Enter how to reach this person.")),
        description=_l("Room, work phone number or work address. Nothing private."),
    )
    hours = StringField(_l("When"), short(_l("Enter when this person is there."), 120))
    is_head = BooleanField(_l("This is the head of the school"))
    trained = BooleanField(_l("Trained to take reports"))
    alternate = BooleanField(_l("Covers when another person is away"))
    independent = BooleanField(_l("Does not answer to the head"))

    def given(self) -> PersonFacts:
        """Return the details of the person."""
        return PersonFacts(
            office=self.office.data or "",
            contact=self.contact.data or "",
            hours=self.hours.data or "",
            is_head=bool(self.is_head.data),
            trained=bool(self.trained.data),
            alternate=bool(self.alternate.data),
            independent=bool(self.independent.data),
        )


class ChannelForm(SharedForm):
    """A way to report."""

    kind = RadioField(_l("Kind"), [InputRequired(_l("Choose the kind."))])
    description = StringField(
        _l("What it is"),
        short(_l("Enter what it is.")),
        description=_l("For example: letter box next to the library."),
    )
    contact = StringField(
        _l("Where or how"),
        short(_l("Enter where it is or how to reach it.")),
        description=_l("Place, number or address, as pupils see it."),
    )
    medium = RadioField(
        _l("How the report is sent"),
        [Optional()],
        description=_l("For email, the address under “Where or how” is enough."),
    )
    languages = languages_field(
        _l("Languages"), _l("Languages a child can use it in. Tick all that work.")
    )
    hours = StringField(_l("When"), short(_l("Enter when it can be used."), 120))
    opens = StringField(
        _l("On working days, from"),
        [Optional(), Regexp(CLOCK, message=_l("Enter a time, for example 08:30."))],
        filters=[clock_text],
        description=_l("For example 08:30. Leave both empty if it works at any time."),
    )
    closes = StringField(
        _l("On working days, until"),
        [Optional(), Regexp(CLOCK, message=_l("Enter a time, for example 16:00."))],
        filters=[clock_text],
    )
    in_holidays = BooleanField(_l("Works in the holidays"))
    anonymous = BooleanField(_l("Can be used without giving a name"))
    for_adults = BooleanField(_l("Parents and neighbours can use it too"))
    past_head = BooleanField(_l("Bypasses the head: the head does not see it first"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.kind.choices = [(one.value, _(name)) for one, name in CHANNEL_NAMES.items()]
        self.languages.choices = list(LANGUAGES.items())
        self.medium.choices = [(one.value, _(name)) for one, name in MEDIUM_NAMES.items()]

    def validate_contact(self, field: Field) -> None:
        """Require one address and nothing else where the report comes by e-mail."""
        if self.medium.data == ChannelMedium.MAIL and not is_mail_address(field.data or ""):
            raise ValidationError(_("Enter one email address here and nothing else."))

    def validate_opens(self, _field: Field) -> None:
        """Require both times or none; an empty field is not validated, so each checks the other."""
        if not self.closes.data:
            raise ValidationError(_("Enter both times, or leave both empty."))

    def validate_closes(self, field: Field) -> None:
        """Require both times or none, the first one earlier."""
        if not self.opens.data:
            raise ValidationError(_("Enter both times, or leave both empty."))
        if not self.opens.errors and field.data <= self.opens.data:
            raise ValidationError(_("The second time must be later than the first."))

    def given(self) -> ChannelFacts:
        """Return the details of the channel."""
        return ChannelFacts(
            kind=ChannelKind(self.kind.data),
            description=self.description.data or "",
            contact=self.contact.data or "",
            hours=self.hours.data or "",
            in_holidays=bool(self.in_holidays.data),
            anonymous=bool(self.anonymous.data),
            medium=ChannelMedium(self.medium.data) if self.medium.data else None,
            languages=[one for one in LANGUAGES if one in (self.languages.data or ())],
            opens=self.opens.data or None,
            closes=self.closes.data or None,
            for_adults=bool(self.for_adults.data),
            past_head=bool(self.past_head.data),
        )


class EscalationForm(SharedForm):
    """An outside body that the school calls."""

    body = StringField(
        _l("Which organisation"),
        short(_l("Name the organisation.")),
        description=_l("For example: police, child-protection authority, helpline, hotline."),
    )
    when_called = StringField(
        _l("When"),
        short(_l("Enter when it is called."), 400),
        description=_l("For example: at once, when a child is in danger."),
    )
    contact = StringField(_l("Number or address"), short(_l("Enter the number or address.")))

    def given(self) -> EscalationFacts:
        """Return the details of the step."""
        return EscalationFacts(
            body=self.body.data or "",
            when_called=self.when_called.data or "",
            contact=self.contact.data or "",
        )


class RecipientForm(SharedForm):
    """A job title that is told of a report."""

    place = RadioField(
        _l("Order"),
        [InputRequired(_l("Choose the order."))],
        coerce=lambda value: int(value) if value else 0,
        description=_l(
            "Choose 1 for whoever is told first. Two people can have the same place in the order."
        ),
    )
    office = StringField(
        _l("Job title"),
        short(_l("Enter the job title."), 120),
        description=_l("For example: designated person. The job title, not the name."),
    )
    learns = StringField(
        _l("What they are told"),
        short(_l("Enter what this person is told."), 400),
        description=_l("For example: everything, or only that there is a report and what to do."),
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.place.choices = [(number, str(number)) for number in range(1, 10)]

    def given(self) -> RecipientFacts:
        """Return who is told."""
        return RecipientFacts(self.place.data, self.office.data or "", self.learns.data or "")
