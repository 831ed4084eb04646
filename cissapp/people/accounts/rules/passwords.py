"""What a password must be."""

from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.rules.common_passwords import is_well_known

PASSWORD_LENGTH, STAFF_PASSWORD_LENGTH, PASSWORD_BYTES = 12, 15, 1024
CONTEXT_WORDS = ("ecpat", "ciss", "internetsafe", "safeschool")


def letters_and_digits(text: str) -> str:
    """Return the letters and digits of a text, case-folded."""
    return "".join(mark for mark in text.casefold() if mark.isalnum())


def password_length(role: Role) -> int:
    """Return the minimum number of characters of a password for a role."""
    return PASSWORD_LENGTH if role is Role.SCHOOL_MANAGER else STAFF_PASSWORD_LENGTH


def password_problems(password: str, role: Role, own_words: list[str]) -> list[Problem]:
    """List what is wrong with a new password: too short, too long, well known, or about the person.

    At least 12 characters, for staff 15; at most 1,024 bytes; no rules of composition (ASVS 6.2).
    """
    least = password_length(role)
    problems = []
    if len(password) < least:
        problems.append(
            Problem("short", N_("Use at least %(least)s characters."), {"least": least})
        )
    if len(password.encode()) > PASSWORD_BYTES:
        problems.append(Problem("long", N_("This password is too long.")))
    rest = letters_and_digits(password)
    if is_well_known(rest) or len(set(rest)) < 4:
        problems.append(Problem("common", N_("This password is too common. Choose another one.")))
    for word in [
        *CONTEXT_WORDS,
        *(letters_and_digits(word) for word in own_words if len(letters_and_digits(word)) > 3),
    ]:
        rest = rest.replace(word, "")
    # A password that is merely too short is not reported as based on the name.
    if len(rest) < min(least // 2, len(letters_and_digits(password))):
        problems.append(
            Problem(
                "context",
                N_(
                    "This password is based on your name, your school or this service. Choose another one."
                ),
            )
        )
    return problems
