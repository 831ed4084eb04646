"""Writes of the policy studio."""

from cissapp.prepare.policy.services.clauses import answer_update, choose_clause
from cissapp.prepare.policy.services.documents import forget_document, record_policy
from cissapp.prepare.policy.services.texts import (
    add_paragraph,
    change_paragraph,
    choose_language,
    remove_paragraph,
    save_answers,
)

__all__ = [
    "add_paragraph",
    "answer_update",
    "change_paragraph",
    "choose_clause",
    "choose_language",
    "forget_document",
    "record_policy",
    "remove_paragraph",
    "save_answers",
]
