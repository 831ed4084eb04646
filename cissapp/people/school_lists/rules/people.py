"""Reads the people of a row: their duties and addresses, and what is wrong with them."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.people.accounts.rules import Duty
from cissapp.people.enrolment.rules import NAME_LENGTH
from cissapp.people.school_lists.rules.cells import addresses_in, has_two_alphabets, without_office
from cissapp.people.school_lists.rules.columns import ListColumn as C
from cissapp.people.schools.rules import is_email

NAME_ALONE = N_("“%(name)s” has no email address.")
NOT_INVITED = N_("“%(name)s” is not invited because the list has no email address.")
FIRST_INVITED = N_("The cell holds several email addresses; “%(email)s” is used.")
NO_EMAIL = N_("“%(email)s” is not an email address.")
TWO_ALPHABETS = N_(
    "“%(email)s” has Latin and Cyrillic letters in one word. Enter the address again, with letters of one alphabet."
)
NAME_TOO_LONG = N_("“%(column)s” can have up to %(most)s characters.")
NO_DUTY = N_("“%(text)s” is not a role at a school. Use head, deputy or designated person.")
NO_PERSON = N_("The row does not name a person.")

PAIRS = (
    (Duty.HEAD, C.HEAD_EMAIL, C.HEAD_NAME),
    (Duty.DEPUTY, C.DEPUTY_EMAIL, C.DEPUTY_NAME),
    (Duty.DESIGNATED_PERSON, C.DESIGNATED_EMAIL, C.DESIGNATED_NAME),
)


class PersonOnList(Struct, frozen=True):
    """A person of a school whom a list names."""

    duty: Duty
    email: str
    name: str


def read_people(
    texts: Mapping[C, str], duty_of: Callable[[str], Duty | None]
) -> tuple[list[PersonOnList], list[Problem], list[Problem]]:
    """Return the people of a row, what is wrong with it, and remarks about people who are not invited."""
    named = [
        (duty, texts[email], texts.get(name, "")) for duty, email, name in PAIRS if texts.get(email)
    ]
    people, problems, notes = [], [], _names_alone(texts)
    if texts.get(C.EMAIL) or texts.get(C.PERSON_NAME):
        duty = duty_of(texts.get(C.DUTY, ""))
        if duty is None:
            text = texts.get(C.DUTY, "")
            problems.append(Problem("duty", NO_DUTY, {"text": text[:40]}))
        else:
            named.append((duty, texts.get(C.EMAIL, ""), texts.get(C.PERSON_NAME, "")))
    for duty, said, called in named:
        (email, *others), name = addresses_in(said), without_office(called)
        wrong = _person_problem(email, name)
        if wrong:
            problems.append(wrong)
        elif email:
            people.append(PersonOnList(duty, email, name))
            notes += [Problem("email", FIRST_INVITED, {"email": email})] if others else []
    return people, problems, notes


def _names_alone(texts: Mapping[C, str]) -> list[Problem]:
    """Return remarks on people who are named without an address."""
    return [
        Problem("email", NOT_INVITED, {"name": texts[name][:NAME_LENGTH]})
        for _duty, email, name in PAIRS
        if texts.get(name) and not texts.get(email)
    ]


def _person_problem(email: str, name: str) -> Problem | None:
    if name and not email:
        return Problem("email", NAME_ALONE, {"name": name[:NAME_LENGTH]})
    if len(name) > NAME_LENGTH:
        return Problem(
            "name", NAME_TOO_LONG, {"column": N_("Name of the person"), "most": NAME_LENGTH}
        )
    if has_two_alphabets(email):
        return Problem("email", TWO_ALPHABETS, {"email": email[:80]})
    if email and not is_email(email):
        return Problem("email", NO_EMAIL, {"email": email[:80]})
    return None
