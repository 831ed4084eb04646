"""Reads of the facts that are printed for a school."""

from cissapp.prepare.facts.queries.gathering import GatheredFacts, facts_of, gather, page_asked
from cissapp.prepare.facts.queries.values import FactTable, tables_of, values_in

__all__ = [
    "FactTable",
    "GatheredFacts",
    "facts_of",
    "gather",
    "page_asked",
    "tables_of",
    "values_in",
]
