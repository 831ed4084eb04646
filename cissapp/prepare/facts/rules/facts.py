"""What a fact is, how long a contact counts as confirmed, and which kinds of papers are made of facts."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.clock import months_after

# The months without confirmation after which a contact or helpline is no longer printed.
NUMBER_MONTHS = 6
HELPLINE, PAGE = "helpline", "page.address"
CONTACT = "contact"
# The facts of an entry of the reporting mechanism: the name of each fact and its column.
ENTRY_FIELDS = {
    "person": {"office": "office", CONTACT: CONTACT, "hours": "hours"},
    "channel": {"description": "description", CONTACT: CONTACT, "hours": "hours"},
    "step": {"body": "body", "when": "when_called", CONTACT: CONTACT},
    "told": {"office": "office", "learns": "learns"},
}
LIMITS = ("crime_hours", "answer_days", "plan_days")
RULES = ("confidentiality", "no_retaliation", "about_staff", "evidence_rule")
# These name someone to reach, so they are contacts.
COVER = ("out_of_hours", "holiday_cover", "parents_contact")


class Fact(Struct, frozen=True):
    """A value that is printed in papers of a school: a contact, a job title, a limit.

    Keys: `school.name`, `staff.head`, `person.<id>.office`, `.contact`, `.hours`,
    `channel.<id>.description`, `.contact`, `.hours`, `step.<id>.body`, `.when`, `.contact`,
    `told.<id>.office`, `.learns`, `limits.crime_hours`, `rules.confidentiality`,
    `cover.out_of_hours`, `about.head`, `page.address`, `helpline.<CC>.<id>`.
    `confirmed_on` is None for a fact that is not a contact, or was never checked.
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
    """The kind of a paper made from a school's facts."""

    POLICY = "policy"
    PRODUCT = "product"
    POSTER = "poster"
    PAGE = "page"


def said_by_entry(name: str, entry_id: UUID, column: Callable[[str], Any]) -> dict[str, str]:
    """Return the values of an entry by fact key; `column` returns the value of one of its columns."""
    fields = ENTRY_FIELDS[name].items()
    return {f"{name}.{entry_id}.{field}": str(column(source)) for field, source in fields}


def said_by_agreement(column: Callable[[str], Any]) -> dict[str, str]:
    """Return limits, rules and cover by fact key; empty where nothing was entered."""
    parts = {"limits": LIMITS, "rules": RULES, "cover": COVER}
    said = {f"{part}.{name}": column(name) for part, names in parts.items() for name in names}
    return {key: "" if value is None else str(value) for key, value in said.items()}


def is_contact(key: str) -> bool:
    """Check whether the school confirms a fact with this key."""
    return key.endswith(f".{CONTACT}") or key.removeprefix("cover.") in COVER


def confirmed_until(fact: Fact) -> date | None:
    """Return the last date on which a contact is printed; None if it needs no confirmation or has none."""
    if not fact.is_contact or fact.confirmed_on is None:
        return None
    return months_after(fact.confirmed_on, NUMBER_MONTHS)


def is_printed(fact: Fact, today: date) -> bool:
    """Check whether a fact may be printed today: a contact only for six months after its confirmation."""
    if not fact.is_contact:
        return True
    until = confirmed_until(fact)
    return until is not None and today <= until


def printed_facts(facts: Mapping[str, Fact], today: date) -> dict[str, str]:
    """Return the facts that may be printed today, by key."""
    return {key: fact.value for key, fact in facts.items() if is_printed(fact, today)}
