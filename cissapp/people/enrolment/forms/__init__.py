"""The forms of enrolling."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    widgets,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional

from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.drafts.shared_forms import SharedForm
from cissapp.foundation.web.forms import Form
from cissapp.foundation.web.regions import RegionField
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.people.accounts.services import Invitee, Scope
from cissapp.people.enrolment.rules import LONGEST, NAME_LENGTH, PUPILS_MOST
from cissapp.people.schools.queries import SchoolSearch
from cissapp.people.schools.rules import EMAIL_LENGTH, PROGRESS_NAMES, Progress, RegisterFacts

Choices = list[tuple[str, Any]]

CHOOSE = ("", _l("Choose"))


class SchoolSearchForm(Form):
    """The filters of a list of schools, taken from the query string."""

    exempt = {"search": "a search; not kept"}

    search = StringField(_l("Name, place or code"), [Length(max=LONGEST["name"])])
    region = RegionField(_l("Region"))
    progress = SelectField(_l("Progress"))

    def __init__(self, *arguments: Any, regions: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.region.choices = [("", _l("All regions")), *regions]
        self.progress.choices = [
            ("", _l("Any progress")),
            *((one.value, _l(name)) for one, name in PROGRESS_NAMES.items()),
        ]

    def given(self) -> SchoolSearch:
        """Return what is searched for; a choice that does not exist is ignored."""
        self.validate()
        return SchoolSearch(
            search=(self.search.data or "")[: LONGEST["name"]],
            region_code="" if self.region.errors else self.region.data or "",
            progress=Progress(self.progress.data)
            if self.progress.data and not self.progress.errors
            else None,
        )


class SchoolForm(SharedForm):
    """The facts of a school."""

    exempt = {"code": "a number of the ministry's register, which may look like one of a person"}

    region_code = RegionField(
        _l("Region"),
        [InputRequired(_l("Choose the region."))],
        whole=_l("%(region)s: district not specified"),
        description=_l("Choose the district if it is listed."),
    )
    code = StringField(
        _l("School code in the ministry’s register"),
        [DataRequired(_l("Enter the code.")), Length(max=LONGEST["code"])],
        description=_l("The code that the ministry gave the school."),
        render_kw={"autocomplete": "off"},
    )
    name = StringField(
        _l("Name of the school"),
        [DataRequired(_l("Enter the name of the school.")), Length(max=LONGEST["name"])],
        description=_l("As it should appear on the certificate."),
    )
    locality = StringField(
        _l("Town or village"),
        [DataRequired(_l("Enter the town or village.")), Length(max=LONGEST["locality"])],
    )
    language = SelectField(
        _l("Language of the school"),
        [InputRequired(_l("Choose the language."))],
        description=_l("Emails and the certificate will be in this language."),
    )
    pupils = IntegerField(
        _l("Number of pupils"),
        [
            Optional(),
            NumberRange(0, PUPILS_MOST, _l("Enter a whole number up to %(max)s.", max=PUPILS_MOST)),
        ],
    )

    def __init__(
        self, *arguments: Any, regions: Choices, languages: Choices, **values: Any
    ) -> None:
        super().__init__(*arguments, **values)
        self.region_code.choices = [CHOOSE, *regions]
        self.language.choices = [CHOOSE, *languages] if len(languages) > 1 else languages

    def given(self) -> RegisterFacts:
        """Return the facts; the region says in which country."""
        region_code = self.region_code.data or ""
        return RegisterFacts(
            country_code=region_code.partition("-")[0],
            region_code=region_code,
            code=self.code.data or "",
            name=self.name.data or "",
            locality=self.locality.data or "",
            language=self.language.data or "",
            pupils=self.pupils.data,
        )


class InviteeForm(Form):
    """Whom an invitation goes to."""

    exempt = {"name": "the name of an adult with an account"}

    name = StringField(_l("Name"), [DataRequired(_l("Enter the name.")), Length(max=NAME_LENGTH)])
    email = EmailField(
        _l("Email address"),
        [
            DataRequired(_l("Enter the email address.")),
            Email(_l("Enter an email address like name@school.example.")),
            Length(max=EMAIL_LENGTH),
        ],
        description=_l(
            "We will send a link that works once to this address. It must be the person’s own address."
        ),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )


class InviteForm(InviteeForm):
    """An invitation to a duty at a school."""

    duty = SelectField(
        _l("Role at the school"), [InputRequired(_l("Choose the role at the school."))]
    )

    def __init__(self, *arguments: Any, duties: list[Duty], **values: Any) -> None:
        super().__init__(*arguments, **values)
        named = [(duty.value, _l(DUTY_NAMES[duty])) for duty in duties]
        self.duty.choices = [CHOOSE, *named]

    def given(self) -> tuple[Duty, str, str]:
        """Return duty, address and name."""
        return Duty(self.duty.data), self.email.data or "", self.name.data or ""


class CountryForm(Form):
    """A country of the packs."""

    code = SelectField(_l("Country"), [InputRequired(_l("Choose the country."))])

    def __init__(self, *arguments: Any, countries: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.code.choices = [CHOOSE, *countries]

    def given(self) -> str:
        """Return the code of the country."""
        return self.code.data or ""


class CoveredCountriesForm(Form):
    """The countries that a national group covers."""

    country_codes = SelectMultipleField(
        _l("Countries"),
        [InputRequired(_l("Choose at least one country."))],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )

    def __init__(self, *arguments: Any, countries: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.country_codes.choices = countries

    def given_countries(self) -> list[str]:
        """Return the codes of the countries."""
        return list(self.country_codes.data or [])


class GroupForm(CoveredCountriesForm):
    """A national group and its countries."""

    name = StringField(
        _l("Name of the national group"),
        [DataRequired(_l("Enter the name.")), Length(max=NAME_LENGTH)],
    )

    def given(self) -> tuple[str, list[str]]:
        """Return name and countries."""
        return self.name.data or "", self.given_countries()


class OfficerRegionForm(Form):
    """The region that a region officer is to see."""

    region_code = RegionField(_l("Region"), [InputRequired(_l("Choose the region."))])

    def __init__(self, *arguments: Any, regions: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.region_code.choices = [("", _l("Choose")), *regions]


# --- invitations of people outside schools ---------------------------------------------------


class StaffInvitationForm(InviteeForm):
    """An invitation to a role that is bound to no place."""

    language = SelectField(_l("Language of the email"), [InputRequired()])

    def __init__(self, *arguments: Any, languages: Choices, places: Choices, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.language.choices = languages
        place = self._fields.get(self.place_field)
        if isinstance(place, SelectField):
            place.choices = [CHOOSE, *places]

    place_field = ""

    def given(self) -> tuple[Invitee, Scope]:
        """Return the person, and the place that the role is bound to."""
        invitee = Invitee(self.email.data or "", self.name.data or "", self.language.data or "en")
        return invitee, self.scope()

    def scope(self) -> Scope:
        """Return the place that the role is bound to: none."""
        return Scope()


class GroupStaffForm(StaffInvitationForm):
    """An invitation to a national group."""

    group_id = SelectField(_l("National group"), [InputRequired(_l("Choose the national group."))])
    place_field = "group_id"

    def scope(self) -> Scope:
        """Return the national group."""
        return Scope(group_id=UUID(self.group_id.data))


class MinistryForm(StaffInvitationForm):
    """An invitation to the ministry of a country."""

    country_code = SelectField(_l("Country"), [InputRequired(_l("Choose the country."))])
    place_field = "country_code"

    def scope(self) -> Scope:
        """Return the country."""
        return Scope(country_code=self.country_code.data)


class RegionForm(StaffInvitationForm):
    """An invitation to the office of a region."""

    region_code = RegionField(_l("Region"), [InputRequired(_l("Choose the region."))])
    place_field = "region_code"

    def scope(self) -> Scope:
        """Return the region and its country."""
        region_code = self.region_code.data or ""
        return Scope(country_code=region_code.partition("-")[0], region_code=region_code)


STAFF_FORMS: dict[Role, type[StaffInvitationForm]] = {
    Role.REVIEWER: GroupStaffForm,
    Role.COORDINATOR: GroupStaffForm,
    Role.MINISTRY: MinistryForm,
    Role.REGION_OFFICER: RegionForm,
    Role.SECRETARIAT: StaffInvitationForm,
}
