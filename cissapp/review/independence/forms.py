"""The forms of independence: declaration, mentoring, background, absence, assignment, exception, guest."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from cissapp.foundation.content.schema import DecisionText
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.fields import Ticks
from cissapp.foundation.web.forms import Form, shown
from cissapp.people.accounts.models import User
from cissapp.review.independence.rules import CaseRole, ConflictAnswer, PossibleConflict
from cissapp.review.independence.services import GuestInvitation

NONE = "none"
NOTE_MARKS, REASON_MARKS, NAME_MARKS = 1000, 1000, 200
REASON_LEAST = 10
HINT = "hint_"


class DeclarationForm(Form):
    """The conflicts of interest with a school, or that there are none."""

    grounds = Ticks(
        _l("Tick every question that you answer “yes” to"),
        [InputRequired(_l("Tick what is true for you, or tick that none of it is."))],
    )
    note = TextAreaField(
        _l("Note for your group"),
        [Optional(), Length(max=NOTE_MARKS)],
        description=_l("Do not name any child. Only your group will read it."),
    )

    def ask(self, text: DecisionText) -> None:
        """Offer the questions of the standard."""
        self.grounds.choices = [
            *text.conflicts.items(),
            (NONE, _("No. None of these is true for me.")),
        ]

    def validate_grounds(self, field: Ticks) -> None:
        """Refuse "none" together with a conflict of interest."""
        if NONE in (field.data or []) and len(field.data or []) > 1:
            raise ValidationError(
                _(
                    "You ticked a conflict of interest, and also that you have none. Untick one of them."
                )
            )

    def given(self) -> tuple[list[str], str]:
        """Return the conflicts of interest, empty if there are none, and the note."""
        return [one for one in self.grounds.data or [] if one != NONE], self.note.data or ""

    @property
    def possible_conflicts(self) -> list[RadioField]:
        """The questions about the possible conflicts."""
        return [field for field in self if field.name.startswith(HINT)]

    def answers(self) -> dict[str, ConflictAnswer]:
        """Return the answer to each possible conflict."""
        return {
            one.name.removeprefix(HINT): ConflictAnswer(one.data) for one in self.possible_conflicts
        }


def declaration_form(possible_conflicts: Sequence[Problem], text: DecisionText) -> DeclarationForm:
    """Build the form of a declaration with a question for each possible conflict."""

    class DeclarationWithConflicts(DeclarationForm):
        """The questions of the standard, and those about this person and school."""

    for one in possible_conflicts:
        question = RadioField(
            shown(one).text,
            [InputRequired(_l("Choose whether this is true."))],
        )
        setattr(DeclarationWithConflicts, f"{HINT}{one.code}", question)
    form = DeclarationWithConflicts()
    form.ask(text)
    for field in form.possible_conflicts:
        field.choices = [
            (ConflictAnswer.TRUE.value, _("Yes, this is true.")),
            (ConflictAnswer.UNTRUE.value, _("No, this is a mistake or a coincidence.")),
        ]
    return form


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


class HandBackForm(Form):
    """Why a person cannot continue with a case; with a conflict of interest, the case closes to them."""

    grounds = Ticks(
        _l("Is it a conflict of interest? Tick every question that you now answer “yes” to"),
        [Optional()],
        description=_l(
            "If you tick one, you leave the case at once and cannot open it any more. You cannot undo this."
        ),
    )
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Enter a reason.")), Length(min=REASON_LEAST, max=REASON_MARKS)],
        description=_l("Your group will read it. Do not name any child."),
    )

    def ask(self, text: DecisionText) -> None:
        """Offer the questions of the standard."""
        self.grounds.choices = list(text.conflicts.items())

    def given(self) -> tuple[list[str], str]:
        """Return the conflicts of interest, empty if there are none, and the reason."""
        return list(self.grounds.data or []), self.reason.data or ""


class LateDeclarationForm(DeclarationForm):
    """The conflict of interest that a person found after submitting a review, or handing the task back."""

    grounds = Ticks(
        _l("Tick every question that you now answer “yes” to"),
        [InputRequired(_l("Tick the conflict of interest that you have."))],
    )

    def ask(self, text: DecisionText) -> None:
        """Offer the questions of the standard."""
        self.grounds.choices = list(text.conflicts.items())


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
