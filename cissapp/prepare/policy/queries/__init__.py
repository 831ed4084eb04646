"""Reads of the policy studio."""

from cissapp.prepare.policy.queries.drafts import (
    PolicyState,
    language_of,
    languages_of,
    state_of,
)
from cissapp.prepare.policy.queries.rows import (
    answers,
    clause_rows,
    draft_row,
    pages_named,
    paragraph,
    paragraphs,
    suggested_evidence,
)

__all__ = [
    "PolicyState",
    "answers",
    "clause_rows",
    "draft_row",
    "language_of",
    "languages_of",
    "pages_named",
    "paragraph",
    "paragraphs",
    "state_of",
    "suggested_evidence",
]
