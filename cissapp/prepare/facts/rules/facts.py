"""What a fact is, how long a contact counts as confirmed, and which kinds of papers are made of facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cissapp.foundation.core.clock import months_after

# A contact or helpline that nobody confirmed for so many months is printed nowhere.
NUMBER_MONTHS = 6
HELPLINE, PAGE = "helpline", "page.address"


@dataclass(frozen=True)
class Fact:
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
