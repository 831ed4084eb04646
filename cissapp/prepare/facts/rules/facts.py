"""What a fact is, how long a contact counts as confirmed, and which kinds of papers are made of facts."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.clock import months_after

# A contact or helpline that nobody confirmed for so many months is printed nowhere.
NUMBER_MONTHS = 6
HELPLINE, PAGE = "helpline", "page.address"
CONTACT = "contact"
# What is a fact of an entry of the reporting mechanism: name of the fact, and of the column that says it.
ENTRY_FIELDS = {
    "person": {"office": "office", CONTACT: CONTACT, "hours": "hours"},
    "channel": {"description": "description", CONTACT: CONTACT, "hours": "hours"},
    "step": {"body": "body", "when": "when_called", CONTACT: CONTACT},
    "told": {"office": "office", "learns": "learns"},
}
LIMITS = ("crime_hours", "answer_days", "plan_days")
RULES = ("confidentiality", "no_retaliation", "about_staff", "evidence_rule")
# They name whom one reaches, so they are contacts.
COVER = ("out_of_hours", "holiday_cover", "parents_contact")


class Fact(Struct, frozen=True):
    """A thing that papers of a school say: a number, an office, a limit.

    Keys: `school.name`, `staff.head`, `person.<id>.office`, `.contact`, `.hours`,
    `channel.<id>.description`, `.contact`, `.hours`, `step.<id>.body`, `.when`, `.contact`,
    `told.<id>.office`, `.learns`, `limits.crime_hours`, `rules.confidentiality`,
    `cover.out_of_hours`, `about.head`, `page.address`, `helpline.<CC>.<id>`.
    `confirmed_on` is None for what is no contact, or was never checked.
    """

    key: str
    value: str
    is_contact: bool = False
    confirmed_on: date | None = None

    @property
    def is_helpline(self) -> bool:
        """Whether it comes from the pack of a country, so that the school cannot confirm it."""
        return self.key.startswith(f"{HELPLINE}.")


class PaperKind(StrEnum):
    """What a paper is that was made of a school's facts."""

    POLICY = "policy"
    PRODUCT = "product"
    POSTER = "poster"
    PAGE = "page"


def said_by_entry(name: str, entry_id: UUID, column: Callable[[str], Any]) -> dict[str, str]:
    """Return what an entry says, by the keys of its facts; `column` returns what one of its columns says."""
    fields = ENTRY_FIELDS[name].items()
    return {f"{name}.{entry_id}.{field}": str(column(source)) for field, source in fields}


def said_by_agreement(column: Callable[[str], Any]) -> dict[str, str]:
    """Return what limits, rules and cover say, by the keys of their facts; empty where nothing is said."""
    parts = {"limits": LIMITS, "rules": RULES, "cover": COVER}
    said = {f"{part}.{name}": column(name) for part, names in parts.items() for name in names}
    return {key: "" if value is None else str(value) for key, value in said.items()}


def is_contact(key: str) -> bool:
    """Check whether the school confirms a fact with this key."""
    return key.endswith(f".{CONTACT}") or key.removeprefix("cover.") in COVER


def confirmed_until(fact: Fact) -> date | None:
    """Return the last day on which a contact is printed; None for what needs no confirmation, or has none."""
    if not fact.is_contact or fact.confirmed_on is None:
        return None
    return months_after(fact.confirmed_on, NUMBER_MONTHS)


def is_printed(fact: Fact, today: date) -> bool:
    """Check whether a paper of today may say it: a contact only within six months of its confirmation."""
    if not fact.is_contact:
        return True
    until = confirmed_until(fact)
    return until is not None and today <= until


def printed_facts(facts: Mapping[str, Fact], today: date) -> dict[str, str]:
    """Return what papers of today may say, by key."""
    return {key: fact.value for key, fact in facts.items() if is_printed(fact, today)}
