"""The forms for the agreements of the reporting mechanism: cover, reports about adults, limits, rules."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation

from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.foundation.web.text_checks import long_text
from cissapp.prepare.mechanism.forms.entries import languages_field
from cissapp.prepare.mechanism.rules.parts import AboutAdults, Coverage, ProtectionRules, TimeLimits


def _line(label: Any, hint: Any) -> StringField:
    return StringField(
        label,
        [Length(max=400, message=_l("Use at most %(most)s characters.", most=400))],
        description=hint,
    )


class CoverageForm(SharedForm):
    """Languages, cover while the school is closed, and contacts for parents and neighbours."""

    pupil_languages = languages_field(
        _l("Languages that pupils read"),
        _l("If you do not tick any, the language of instruction counts."),
    )
    out_of_hours = _line(
        _l("A child is in danger and the school is closed"),
        _l("Who the child calls, by job title or number. For example: the emergency number."),
    )
    holiday_cover = _line(
        _l("In the holidays"),
        _l("Who reads the reports in the holidays (job title), how often, and how to reach them."),
    )
    parents_contact = _line(
        _l("Parents and neighbours"), _l("How adults outside the school can tell you something.")
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.pupil_languages.choices = list(LANGUAGES.items())

    def given(self) -> Coverage:
        """Return the coverage that was entered."""
        chosen = self.pupil_languages.data or ()
        return Coverage(
            [one for one in LANGUAGES if one in chosen],
            self.out_of_hours.data or None,
            self.holiday_cover.data or None,
            self.parents_contact.data or None,
        )


class AboutAdultsForm(SharedForm):
    """Where reports go that concern an adult who would otherwise receive them."""

    about_head_id = RadioField(
        _l("A report about the head goes to"),
        [Optional()],
        description=_l("Only people and ways that bypass the head are offered here."),
    )
    about_person_id = RadioField(
        _l("A report about one of the people who take reports goes to"),
        [Optional()],
        description=_l("Choose someone the child can reach without going through that person."),
    )

    def offer(self, past_head: list[tuple[str, str]], everybody: list[tuple[str, str]]) -> None:
        """Set the choices: ids with their labels."""
        self.about_head_id.choices = past_head
        self.about_person_id.choices = everybody

    def given(self) -> AboutAdults:
        """Return what was chosen."""
        head, person = self.about_head_id.data, self.about_person_id.data
        return AboutAdults(UUID(head) if head else None, UUID(person) if person else None)


class WholeNumberField(IntegerField):
    """A whole number, with a plain error message."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; raise `ValueError` with a plain message if it is not a whole number."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Enter a whole number, such as 3.")) from error


def readable_number(_form: Form, field: Field) -> None:
    """Stop validation if the number could not be read, so that only one message is shown."""
    if field.process_errors:
        raise StopValidation


def whole_number(most: int) -> list[Any]:
    """Require a whole number from 1 to `most`."""
    outside = _l("Enter a number from 1 to %(most)s.", most=most)
    return [InputRequired(_l("Enter a number.")), readable_number, NumberRange(1, most, outside)]


class LimitsForm(SharedForm):
    """The time limits."""

    crime_hours = WholeNumberField(
        _l("Hours until a suspected crime is passed on"),
        whole_number(999),
        description=_l("At most 24, or the shorter limit in your law. Immediate danger: at once."),
    )
    answer_days = WholeNumberField(
        _l("Working days until the child gets an answer"),
        whole_number(99),
        description=_l("1 means the next working day."),
    )
    plan_days = WholeNumberField(
        _l("Working days until there is a plan"), whole_number(99), description=_l("At most 3.")
    )

    def given(self) -> TimeLimits:
        """Return the limits."""
        return TimeLimits(self.crime_hours.data, self.answer_days.data, self.plan_days.data)


class RulesForm(SharedForm):
    """The rules that protect those who report."""

    confidentiality = TextAreaField(
        _l("Who learns of a report"),
        long_text(),
        description=_l(
            "Explain: Who learns what, and why? Is the child told before? When do parents learn of it, and when not?"
        ),
    )
    no_retaliation = TextAreaField(
        _l("Nobody is punished for reporting"),
        long_text(),
        description=_l(
            "Explain: What about a report that proves wrong, one that comes late, and a broken device rule? Who checks after one and three months whether anyone was punished?"
        ),
    )
    about_staff = TextAreaField(
        _l("Reports about staff or about the head"),
        long_text(),
        description=_l(
            "Explain: Who outside the school does it go to? Who keeps the person away from children in the meantime, and who decides that?"
        ),
    )
    evidence_rule = TextAreaField(
        _l("Evidence, and sexual images of children"),
        long_text(),
        description=_l(
            "Explain: What must nobody do with pictures? What happens to the device? What is noted, and who calls the police or the hotline?"
        ),
    )
    never_handles_images = BooleanField(
        _l(
            "At our school nobody searches for, views, copies, photographs, forwards, prints or stores sexual images of children."
        )
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        # They may be saved empty, but are required for submission, so they are not marked as optional.
        for field in (
            self.confidentiality,
            self.no_retaliation,
            self.about_staff,
            self.evidence_rule,
        ):
            field.flags.required = True

    def given(self) -> ProtectionRules:
        """Return the rules; None for those not written yet."""
        return ProtectionRules(
            confidentiality=self.confidentiality.data or None,
            no_retaliation=self.no_retaliation.data or None,
            about_staff=self.about_staff.data or None,
            evidence_rule=self.evidence_rule.data or None,
            never_handles_images=bool(self.never_handles_images.data),
        )
