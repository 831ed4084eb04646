"""The forms of the reporting mechanism."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, StopValidation

from cissapp.evidence.forms.checks import long_text, short
from cissapp.evidence.rules import CHANNEL_NAMES, ChannelKind
from cissapp.evidence.rules.mechanism import (
    ChannelFacts,
    PersonFacts,
    Rules,
    StepFacts,
    TimeLimits,
)
from cissapp.web.forms import Form


class PersonForm(Form):
    """An adult who takes reports."""

    office = StringField(
        _l("Office"),
        short(_l("Name the office of the person."), 120),
        description=_l("For example: school psychologist. The office, not the name."),
    )
    contact = StringField(
        _l("How to reach this person"),
        short(_l("Say how this person is reached.")),
        description=_l("Room, work telephone or work address. Nothing private."),
    )
    hours = StringField(_l("When"), short(_l("Say when this person is there."), 120))
    is_head = BooleanField(_l("This is the head of the school"))
    trained = BooleanField(_l("Trained to take reports"))
    alternate = BooleanField(_l("Stands in when another person is away"))

    def given(self) -> PersonFacts:
        """Give what is said of the person."""
        return PersonFacts(
            office=self.office.data or "",
            contact=self.contact.data or "",
            hours=self.hours.data or "",
            is_head=bool(self.is_head.data),
            trained=bool(self.trained.data),
            alternate=bool(self.alternate.data),
        )


class ChannelForm(Form):
    """A way to report."""

    kind = RadioField(_l("Kind"), [InputRequired(_l("Choose the kind."))])
    description = StringField(
        _l("What it is"),
        short(_l("Say what it is.")),
        description=_l("For example: letter box beside the library."),
    )
    contact = StringField(
        _l("Where or how"),
        short(_l("Say where it is or how it is reached.")),
        description=_l("Place, number or address, as pupils see it."),
    )
    hours = StringField(_l("When"), short(_l("Say when it can be used."), 120))
    in_holidays = BooleanField(_l("Works in the holidays"))
    anonymous = BooleanField(_l("Can be used without giving a name"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.kind.choices = [(one.value, _(name)) for one, name in CHANNEL_NAMES.items()]

    def given(self) -> ChannelFacts:
        """Give what is said of the channel."""
        return ChannelFacts(
            kind=ChannelKind(self.kind.data),
            description=self.description.data or "",
            contact=self.contact.data or "",
            hours=self.hours.data or "",
            in_holidays=bool(self.in_holidays.data),
            anonymous=bool(self.anonymous.data),
        )


class StepForm(Form):
    """An outside body that the school calls."""

    body = StringField(
        _l("Whom"),
        short(_l("Name the body.")),
        description=_l("For example: police, child-protection authority, helpline, hotline."),
    )
    when_called = StringField(
        _l("When"),
        short(_l("Say when it is called."), 400),
        description=_l("For example: at once, when a child is in danger."),
    )
    contact = StringField(_l("Number or address"), short(_l("Give the number or the address.")))

    def given(self) -> StepFacts:
        """Give what is said of the step."""
        return StepFacts(
            body=self.body.data or "",
            when_called=self.when_called.data or "",
            contact=self.contact.data or "",
        )


class WholeNumberField(IntegerField):
    """A whole number, with a message in plain words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Enter a whole number, such as 3.")) from error


def understood(_form: Form, field: Field) -> None:
    """Leave it at one message where the number could not be read."""
    if field.process_errors:
        raise StopValidation


def whole(most: int) -> list[Any]:
    """Need a whole number from 1 on."""
    outside = _l("Enter a number from 1 to %(most)s.", most=most)
    return [InputRequired(_l("Enter a number.")), understood, NumberRange(1, most, outside)]


class LimitsForm(Form):
    """The time limits."""

    crime_hours = WholeNumberField(
        _l("Hours until a suspected crime is passed on"),
        whole(999),
        description=_l("At most 24, or the shorter limit of your law. Danger now: at once."),
    )
    answer_days = WholeNumberField(
        _l("Working days until the child gets an answer"),
        whole(99),
        description=_l("1 means the next working day."),
    )
    plan_days = WholeNumberField(
        _l("Working days until there is a plan"), whole(99), description=_l("At most 3.")
    )

    def given(self) -> TimeLimits:
        """Give the limits."""
        return TimeLimits(self.crime_hours.data, self.answer_days.data, self.plan_days.data)


class RulesForm(Form):
    """The rules that protect those who report."""

    confidentiality = TextAreaField(_l("Who learns of a report"), long_text())
    no_retaliation = TextAreaField(_l("Nobody is punished for reporting"), long_text())
    about_staff = TextAreaField(_l("Reports about staff or about the head"), long_text())
    evidence_rule = TextAreaField(_l("Evidence, and sexual images of children"), long_text())
    never_handles_images = BooleanField(
        _l(
            "At our school nobody searches for, views, copies, photographs, forwards, prints or stores sexual images of children."
        )
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        # They can be saved empty, but the hand-in asks for them: nothing here says "optional".
        for field in (
            self.confidentiality,
            self.no_retaliation,
            self.about_staff,
            self.evidence_rule,
        ):
            field.flags.required = True

    def given(self) -> Rules:
        """Give the rules; what is empty is not written yet."""
        return Rules(
            confidentiality=self.confidentiality.data or None,
            no_retaliation=self.no_retaliation.data or None,
            about_staff=self.about_staff.data or None,
            evidence_rule=self.evidence_rule.data or None,
            never_handles_images=bool(self.never_handles_images.data),
        )
