"""The forms about people of a group and of a case: mentoring, background, absence, assignment, exception, guest."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import Form
from cissapp.people.accounts.models import User
from cissapp.review.independence.forms.declarations import REASON_LEAST, REASON_MARKS
from cissapp.review.independence.rules import CaseRole, PossibleConflict
from cissapp.review.independence.services import GuestInvitation

NAME_MARKS = 200


def person_chosen(value: str | None) -> UUID | None:
    """Return the person of a choice, which may be followed by a possible conflict; None if there is none."""
    try:
        return UUID((value or "").partition(" ")[0])
    except ValueError:
        return None


def _people(users: Sequence[User]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in users]


class MentoringForm(Form):
    """The person who mentored or trained a school."""

    person_id = SelectField(_l("Person"), [InputRequired(_l("Choose a person."))])
    from_on = DateField(_l("First day"), [InputRequired(_l("Enter the first day."))])
    to_on = DateField(
        _l("Last day"),
        [Optional()],
        description=_l(
            "Leave this blank while the mentoring continues, so that the school and the mentor can write to each other here. Fill it in to record mentoring or training that has ended."
        ),
    )

    def ask(self, users: Sequence[User]) -> None:
        """Offer the people of the group."""
        self.person_id.choices = _people(users)

    def given(self) -> tuple[UUID, date, date | None]:
        """Return the person, the first and the last day."""
        return UUID(self.person_id.data), self.from_on.data or date.min, self.to_on.data


class BackgroundForm(Form):
    """What people state about themselves, used for possible conflicts only."""

    exempt = {
        "phone": "a telephone number of a member of the group, which may look like an identity number"
    }

    employer = StringField(_l("Your employer"), [Optional(), Length(max=NAME_MARKS)])
    locality = StringField(
        _l("Town or village where you live or work"), [Optional(), Length(max=NAME_MARKS)]
    )
    phone = StringField(_l("Your work phone number"), [Optional(), Length(max=40)])

    def given(self) -> dict[str, str]:
        """Return what was stated, empty where nothing was."""
        return {
            "employer": self.employer.data or "",
            "locality": self.locality.data or "",
            "phone": self.phone.data or "",
        }


class AbsenceForm(Form):
    """When a person is away."""

    from_on = DateField(_l("First day away"), [InputRequired(_l("Enter the first day."))])
    to_on = DateField(_l("Last day away"), [InputRequired(_l("Enter the last day."))])

    def given(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return self.from_on.data or date.min, self.to_on.data or date.min


class MemberAbsenceForm(AbsenceForm):
    """When a person of the group is away."""

    person_id = SelectField(_l("Person"), [InputRequired(_l("Choose a person."))])

    def ask(self, users: Sequence[User]) -> None:
        """Offer the people of the group."""
        self.person_id.choices = _people(users)

    def of(self) -> UUID:
        """Return the person."""
        return UUID(self.person_id.data)


class AssignForm(Form):
    """The person who gets a role of a case."""

    seat = SelectField(_l("Task"), [InputRequired(_l("Choose a task."))])
    person_id = SelectField(_l("Person"), [InputRequired(_l("Choose a person."))])

    def ask(self, roles: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]]) -> None:
        """Offer the roles that are free, and people."""
        self.seat.choices = list(roles)
        self.person_id.choices = list(people)

    def given(self) -> tuple[UUID, CaseRole]:
        """Return person and role."""
        return UUID(self.person_id.data), CaseRole(self.seat.data)


class HandoverForm(Form):
    """The person to whom a role goes, and why."""

    person_id = SelectField(_l("New person"), [InputRequired(_l("Choose a person."))])
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Enter a reason.")), Length(min=REASON_LEAST, max=REASON_MARKS)],
        description=_l("Your group will read it. Do not name any child."),
    )

    def ask(self, people: Sequence[tuple[str, str]]) -> None:
        """Offer those who may take the role."""
        self.person_id.choices = list(people)

    def given(self) -> tuple[UUID, str]:
        """Return the person and the reason."""
        return UUID(self.person_id.data), self.reason.data or ""


class WaiverForm(Form):
    """An exception: the possible conflict, the person for whom it is no obstacle, and the reason."""

    hint = SelectField(
        _l("Person and possible conflict"), [InputRequired(_l("Choose a possible conflict."))]
    )
    reason = TextAreaField(
        _l("Why is it not an obstacle?"),
        [InputRequired(_l("Enter a reason.")), Length(min=REASON_LEAST, max=REASON_MARKS)],
        description=_l("It is kept in the log of exceptions, which the secretariat reads."),
    )

    def ask(self, possible_conflicts: Sequence[tuple[str, str]]) -> None:
        """Offer the possible conflicts of everyone on the case; a value joins person and conflict."""
        self.hint.choices = list(possible_conflicts)

    def given(self) -> tuple[UUID, PossibleConflict, str]:
        """Return person, possible conflict and reason."""
        person_id, _blank, kind = self.hint.data.partition(" ")
        return UUID(person_id), PossibleConflict(kind), self.reason.data or ""


class GuestForm(Form):
    """A guest of one case: who it is, until when, and for what purpose."""

    exempt = {"name": "the name of an adult with an account"}

    name = StringField(
        _l("Name"), [InputRequired(_l("Enter the name of the guest.")), Length(max=NAME_MARKS)]
    )
    email = EmailField(
        _l("Email address"),
        [
            InputRequired(_l("Enter the email address of the guest.")),
            Email(_l("Check the email address.")),
        ],
    )
    language = SelectField(_l("Language of the invitation"))
    ends_on = DateField(
        _l("Last day of the visit"),
        [InputRequired(_l("Enter the last day."))],
        description=_l("At most 60 days ahead. The guest cannot open anything after this day."),
    )
    purpose = TextAreaField(
        _l("What is the guest looking for?"),
        [InputRequired(_l("Enter the purpose.")), Length(min=REASON_LEAST, max=REASON_MARKS)],
    )

    def ask(self) -> None:
        """Offer the languages."""
        self.language.choices = list(languages.NAMES.items())

    def given(self) -> GuestInvitation:
        """Return whom to invite, for what purpose and until when."""
        return GuestInvitation(
            email=self.email.data or "",
            name=self.name.data or "",
            language=self.language.data,
            purpose=self.purpose.data or "",
            ends_on=self.ends_on.data or date.min,
        )


class AssignmentProposalForm(Form):
    """The ticked lines of a proposal: case, role and person of each, as they were shown."""

    lines = SelectMultipleField(validate_choice=False)

    def given(self) -> list[tuple[UUID, CaseRole, UUID]]:
        """Return the lines; refuse values that are no lines of a proposal, and an empty choice."""
        if not self.lines.data:
            raise Refused(Problem("nothing", N_("Tick at least one task.")))
        try:
            found = [line.split(":") for line in self.lines.data]
            return [(UUID(case), CaseRole(role), UUID(person)) for case, role, person in found]
        except ValueError as error:
            raise Refused(Problem("stale", N_("Open this page again."))) from error
