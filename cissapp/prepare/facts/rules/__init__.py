"""The rules of what is printed of a school: facts and their keys, papers, until when a contact counts."""

from cissapp.prepare.facts.rules.facts import (
    NUMBER_MONTHS,
    Fact,
    PaperKind,
    confirmed_until,
    is_printed,
    printed_facts,
)

__all__ = [
    "NUMBER_MONTHS",
    "Fact",
    "PaperKind",
    "confirmed_until",
    "is_printed",
    "printed_facts",
]
