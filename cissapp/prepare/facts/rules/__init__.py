"""Rules for printed facts: facts and their keys, papers, and how long a confirmation is valid."""

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
