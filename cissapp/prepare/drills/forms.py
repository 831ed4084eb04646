"""The forms of drills: choices and times only, so that nothing can be written about anybody."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, Field, RadioField, StringField
from wtforms.validators import InputRequired, Length, StopValidation

from cissapp.foundation.web.forms import Form
from cissapp.prepare.drills.rules import (
    ASKS_PERSON,
    CHOICES,
    TEMPLATE_NAMES,
    MessageTemplate,
    NextStepChoice,
    ResponseStep,
)
from cissapp.prepare.drills.rules.inputs import DrillOrder, StepReport


class StartForm(Form):
    """Asks which way is tested, with which message, and whether the school is told beforehand."""

    channel_id = RadioField(
        _l("Way to report"), [InputRequired(_l("Choose one of the declared ways to report."))]
    )
    template = RadioField(_l("Message"), [InputRequired(_l("Choose a message."))])
    announced = RadioField(_l("Does the school know?"), [InputRequired(_l("Choose one."))])

    def __init__(self, *arguments: Any, channels: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.channel_id.choices = channels
        self.template.choices = [(one.value, _(name)) for one, name in TEMPLATE_NAMES.items()]
        self.announced.choices = [
            (
                "yes",
                _("Announced: the school is told that a message will come, but not when or how."),
            ),
            ("no", _("Unannounced: the school finds out when it enters the code.")),
        ]

    def given(self) -> DrillOrder:
        """Return what was chosen."""
        return DrillOrder(
            UUID(self.channel_id.data),
            MessageTemplate(self.template.data),
            announced=self.announced.data == "yes",
        )


def readable(_form: Form, field: Field) -> None:
    """Stop at one message where day and time could not be read."""
    if field.process_errors:
        field.process_errors = []
        raise StopValidation(_("Enter the date and time."))


class MomentForm(Form):
    """Asks for a time, in the time zone of the country."""

    moment = DateTimeLocalField(
        _l("When"),
        [readable, InputRequired(_l("Enter the date and time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *arguments: Any, zone: str, now: datetime, **values: Any) -> None:
        self.zone, self.now = ZoneInfo(zone), now
        here = now.astimezone(self.zone).replace(tzinfo=None)
        values.setdefault("moment", here.replace(second=0, microsecond=0))
        super().__init__(*arguments, **values)

    def when(self) -> datetime:
        """Return the time; the current minute counts as now."""
        said = self.moment.data
        if said is None:
            raise ValueError("read it after the form was found valid")
        moment = said.replace(tzinfo=self.zone).astimezone(UTC)
        same = moment == self.now.replace(second=0, microsecond=0)
        return self.now if same else moment


class DrillCodeForm(Form):
    """The code of the message."""

    exempt = {"code": "the code of a drill; compared and not kept"}

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Enter the code.")), Length(max=60)],
        description=_l("For example DRILL-7Q4K, as it appears in the message."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class DrillStepForm(MomentForm):
    """The step that comes next; asks for a person or for a choice where the step needs one."""

    person_id = RadioField(_l("Job title"), [InputRequired(_l("Choose the job title."))])
    choice = RadioField(
        _l("What the school does next"), [InputRequired(_l("Choose the next step."))]
    )

    def __init__(
        self, *arguments: Any, step: ResponseStep, persons: list[tuple[str, str]], **values: Any
    ) -> None:
        super().__init__(*arguments, **values)
        self.step = step
        self.person_id.choices = persons
        self.choice.choices = [(one.value, _(name)) for one, name in CHOICES.items()]
        if step not in ASKS_PERSON:
            del self.person_id
        if step is not ResponseStep.NEXT_STEP:
            del self.choice

    def given(self) -> StepReport:
        """Return what is said of the step."""
        return StepReport(
            self.step,
            self.when(),
            UUID(self.person_id.data) if self.step in ASKS_PERSON else None,
            NextStepChoice(self.choice.data) if self.step is ResponseStep.NEXT_STEP else None,
        )
