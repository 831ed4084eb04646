"""The forms of a join request: ask, invite, refuse."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from cissapp.foundation.web.forms import Form
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.people.enrolment.forms import InviteeForm
from cissapp.people.enrolment.rules import LONGEST
from cissapp.people.joining.rules import (
    NAME_MARKS,
    OFFICE_MARKS,
    REASON_MARKS,
    REFUSAL_LEAST,
    JoinFacts,
)
from cissapp.people.schools.rules import EMAIL_LENGTH

Choices = list[tuple[str, Any]]


class JoinRequestForm(Form):
    """A school's request to join."""

    exempt = {
        "person_name": "the name of an adult who asks for a school",
        "code": "a number of the ministry's register, which may look like one of a person",
    }

    country = SelectField(_l("Country"), [InputRequired(_l("Choose the country."))])
    school_name = StringField(
        _l("Name of the school"),
        [DataRequired(_l("Enter the name of the school.")), Length(max=LONGEST["name"])],
    )
    locality = StringField(
        _l("Town or village"),
        [DataRequired(_l("Enter the town or village.")), Length(max=LONGEST["locality"])],
    )
    code = StringField(
        _l("School code in the ministry’s register"),
        [Optional(), Length(max=LONGEST["code"])],
        description=_l("If you know it. It helps the national group to find your school."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("Email address of the school"),
        [
            DataRequired(_l("Enter the email address of the school.")),
            Email(_l("Enter an email address like name@school.example.")),
            Length(max=EMAIL_LENGTH),
        ],
        description=_l(
            "Use the school’s own address, not a private one. We will send a confirmation link there."
        ),
        render_kw={"inputmode": "email", "autocomplete": "email"},
    )
    person_name = StringField(
        _l("Your name"),
        [DataRequired(_l("Enter your name.")), Length(max=NAME_MARKS)],
        render_kw={"autocomplete": "name"},
    )
    office = StringField(
        _l("Your job title at the school"),
        [DataRequired(_l("Enter your job title, for example head.")), Length(max=OFFICE_MARKS)],
        description=_l("For example head, deputy head."),
    )
    reason = TextAreaField(
        _l("Why does your school want to join?"),
        [Optional(), Length(max=REASON_MARKS)],
        description=_l("Do not name any child or describe any case."),
    )

    def __init__(self, *arguments: Any, countries: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.country.choices = [("", _l("Choose")), *countries]

    def given(self) -> JoinFacts:
        """Return what the school says of itself."""
        return JoinFacts(
            country_code=self.country.data or "",
            school_name=self.school_name.data or "",
            locality=self.locality.data or "",
            code=self.code.data or "",
            email=self.email.data or "",
            person_name=self.person_name.data or "",
            office=self.office.data or "",
            reason=self.reason.data or "",
        )


class InviteFromRequestForm(InviteeForm):
    """The matching school in the register, and whom to invite."""

    school_id = RadioField(
        _l("Which school in the register is it?"), [InputRequired(_l("Choose the school."))]
    )
    duty = SelectField(
        _l("Role at the school"), [InputRequired(_l("Choose the role at the school."))]
    )

    def __init__(self, *arguments: Any, schools: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.school_id.choices = schools
        self.duty.choices = [(one.value, _l(DUTY_NAMES[one])) for one in Duty]

    def given(self) -> tuple[UUID, Duty, str, str]:
        """Return the school, the duty, the address and the name."""
        duty, email, name = Duty(self.duty.data), self.email.data or "", self.name.data or ""
        return UUID(self.school_id.data), duty, email, name


class RefuseJoinForm(Form):
    """Why a school is not invited."""

    reason = TextAreaField(
        _l("Why are you not inviting this school?"),
        [
            DataRequired(_l("Enter a reason.")),
            Length(min=REFUSAL_LEAST, max=REASON_MARKS),
        ],
        description=_l("We will email this text to the school in your words. It is not kept here."),
    )

    def given(self) -> str:
        """Return the reason."""
        return self.reason.data or ""
