"""Possible conflicts of interest between a person and a school: each a sentence, none decides anything."""

import re
from collections.abc import Collection

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.review.independence.rules import PossibleConflict

# Addresses at these providers do not show where a person belongs.
FREE_PROVIDERS = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
        "yahoo.com", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.net",
        "gmx.de", "gmx.com", "web.de", "mail.com", "zoho.com", "mail.ru", "list.ru", "bk.ru",
        "inbox.ru", "yandex.ru", "yandex.by", "yandex.com", "ya.ru", "rambler.ru", "tut.by",
        "ukr.net", "i.ua", "meta.ua", "mail.md", "abv.bg", "seznam.cz", "wp.pl", "o2.pl",
        "orange.fr", "free.fr", "libero.it",
    }
)  # fmt: skip

LEAST_DIGITS, SAME_DIGITS, LEAST_LETTERS = 7, 8, 4
NUMBER = re.compile(r"\+?\d[\d ()./-]{5,}\d")


class PersonDetails(Struct, frozen=True):
    """What is known about a person of the group; an empty value means that nothing was stated."""

    email: str
    employer: str = ""
    locality: str = ""
    phone: str = ""


class SchoolDetails(Struct, frozen=True):
    """What is known about a school and its people."""

    name: str
    locality: str
    emails: Collection[str] = ()
    contacts: Collection[str] = ()


def domain(email: str) -> str:
    """Return the domain of an e-mail address in lower case."""
    return email.rpartition("@")[2].casefold()


def phone_numbers(text: str) -> set[str]:
    """Find the phone numbers in a text: those of at least seven digits, reduced to the last eight.

    This way numbers match with and without their country code.
    """
    found = (re.sub(r"\D", "", one) for one in NUMBER.findall(text))
    return {one[-SAME_DIGITS:] for one in found if len(one) >= LEAST_DIGITS}


def folded(text: str) -> str:
    """Return a name in lower case with single spaces and without punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def named_in(one: str, other: str) -> bool:
    """Return whether a name of at least four characters occurs in another one as whole words."""
    small, large = folded(one), folded(other)
    return len(small) >= LEAST_LETTERS and f" {small} " in f" {large} "


def find_possible_conflicts(person: PersonDetails, school: SchoolDetails) -> list[Problem]:
    """List possible conflicts of interest (programme rule 5.3), each with its `PossibleConflict` as code."""
    found = []

    def add(kind: PossibleConflict, message: str, **values: str) -> None:
        found.append(Problem(kind.value, message, values))

    own = domain(person.email)
    if own not in FREE_PROVIDERS and own in {domain(one) for one in school.emails}:
        message = N_("Your email address ends in %(domain)s, like those of people at the school.")
        add(PossibleConflict.DOMAIN, message, domain=own)
    if phone_numbers(person.phone) & {
        one for text in school.contacts for one in phone_numbers(text)
    }:
        add(PossibleConflict.PHONE, N_("Your phone number is also one of the school’s contacts."))
    if named_in(person.employer, school.name) or named_in(school.name, person.employer):
        add(
            PossibleConflict.EMPLOYER,
            N_("Your employer, %(employer)s, has the same name as the school."),
            employer=person.employer,
        )
    elif named_in(school.locality, person.employer):
        add(
            PossibleConflict.EMPLOYER_PLACE,
            N_("Your employer, %(employer)s, is named after the school’s town."),
            employer=person.employer,
        )
    if folded(person.locality) and folded(person.locality) == folded(school.locality):
        message = N_("You live or work in %(locality)s, where the school is.")
        add(PossibleConflict.LOCALITY, message, locality=person.locality)
    return found
