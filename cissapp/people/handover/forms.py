"""The forms of handovers and of acts that two people do together."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from cissapp.foundation.web.forms import Form
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import DUTY_NAMES
from cissapp.people.accounts.services import Invitee
from cissapp.people.enrolment.rules import NAME_LENGTH
from cissapp.people.handover.rules.handovers import AFTERWARDS_NAMES, Afterwards
from cissapp.people.handover.services import Replacement, Successor
from cissapp.people.schools.rules import EMAIL_LENGTH

NEW = "new"
REASON_MARKS = 1000


class NewPersonForm(Form):
    """A choice among people, or a new person with name and address."""

    exempt = {"name": "the name of an adult with an account"}

    name = StringField(
        _l("Name of the new person"),
        [Length(max=NAME_LENGTH)],
        description=_l("Only if you chose a new person."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        _l("Work email address of the new person"),
        [
            Optional(),
            Email(_l("Enter an email address like name@school.example.")),
            Length(max=EMAIL_LENGTH),
        ],
        description=_l(
            "Only if you chose a new person. We will send a link that works once to this address. It must be the person’s own address."
        ),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )

    def names_new_person(self, chosen: str) -> bool:
        """Check whether a chosen new person has name and address; report what is missing."""
        missing = False
        if chosen == NEW and not self.name.data:
            self.name.errors = [*self.name.errors, _("Enter the name.")]
            missing = True
        if chosen == NEW and not self.email.data:
            self.email.errors = [*self.email.errors, _("Enter the email address.")]
            missing = True
        return not missing


class HandoverForm(NewPersonForm):
    """Who becomes head, and what becomes of the account of the one who hands over."""

    successor = RadioField(_l("Who will become the head?"), [InputRequired(_l("Choose a person."))])
    afterwards = RadioField(
        _l("What happens to the head who is handing over?"),
        [InputRequired(_l("Choose what happens."))],
    )
    confirmed = BooleanField(
        _l("I have read what will happen and want to go ahead"),
        [InputRequired(_l("Confirm that you want to go ahead."))],
    )

    def __init__(self, *arguments: Any, has_head: bool, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.afterwards.choices = [(one.value, _(name)) for one, name in AFTERWARDS_NAMES.items()]
        if not has_head:
            del self.afterwards

    def ask(self, colleagues: list[User]) -> None:
        """Offer the people of the school or a new person."""
        self.successor.choices = [
            *((str(one.id), _named(one)) for one in colleagues),
            (NEW, _("A new person")),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the form; a new person needs name and address."""
        good = super().validate(extra_validators)
        return self.names_new_person(self.successor.data or "") and good

    def given(self) -> tuple[Successor, Afterwards]:
        """Return the successor, and what becomes of the head."""
        chosen = self.successor.data or ""
        successor = (
            Successor(email=self.email.data or "", name=self.name.data or "")
            if chosen == NEW
            else Successor(user_id=UUID(chosen))
        )
        asked = "afterwards" in self
        return successor, Afterwards(self.afterwards.data) if asked else Afterwards.CLOSED


def _named(person: User) -> str:
    duty = _(DUTY_NAMES[person.duty]) if person.duty else ""
    return str(_("%(name)s, %(duty)s", name=person.name, duty=duty))


def person_chosen(value: str | None) -> UUID | None:
    """Return the person of a choice; None for a new person and for nobody."""
    try:
        return UUID(value or "")
    except ValueError:
        return None


class ReplaceCoordinatorForm(NewPersonForm):
    """Who becomes coordinator of a group that has lost its only one, and why."""

    person = RadioField(
        _l("Who will become the coordinator?"), [InputRequired(_l("Choose a person."))]
    )
    language = SelectField(_l("Language of the email to a new person"))
    reason = TextAreaField(
        _l("Why can the coordinator not continue?"),
        [
            InputRequired(_l("Enter the reason.")),
            Length(
                min=10, max=REASON_MARKS, message=_l("Enter the reason in 10 to 1,000 characters.")
            ),
        ],
        description=_l(
            "The secretariat reads this. Do not include anything about health or private life."
        ),
    )

    def ask(self, reviewers: list[User], languages: list[tuple[str, str]]) -> None:
        """Offer the reviewers or a new person, and the languages."""
        self.person.choices = [
            *((str(one.id), one.name) for one in reviewers),
            (NEW, _("A new person")),
        ]
        self.language.choices = languages

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the form; a new person needs name and address."""
        good = super().validate(extra_validators)
        return self.names_new_person(self.person.data or "") and good

    def given(self) -> tuple[Replacement, str]:
        """Return who follows, and the reason."""
        chosen, reason = self.person.data or "", self.reason.data or ""
        if chosen != NEW:
            return Replacement(reviewer_id=UUID(chosen)), reason
        invitee = Invitee(self.email.data or "", self.name.data or "", self.language.data or "en")
        return Replacement(invitee=invitee), reason
