"""Reads of results and answers, added up by group in the database; never those of a single person."""

from cissapp.oversee.evaluation.queries.answers import asked_of, bundles
from cissapp.oversee.evaluation.queries.found import module_of, question_of
from cissapp.oversee.evaluation.queries.kept import all_answers, items, results
from cissapp.oversee.evaluation.queries.results import scores

__all__ = [
    "all_answers",
    "asked_of",
    "bundles",
    "items",
    "module_of",
    "question_of",
    "results",
    "scores",
]
