"""Writes of the evidence: documents, the reporting mechanism, the self-assessment, the lock."""

from cissapp.prepare.evidence.services.copies import make_missing_copies, picture
from cissapp.prepare.evidence.services.dates import dates_of, remind_of_lapsing, save_dates
from cissapp.prepare.evidence.services.documents import (
    accept,
    add_document,
    add_version,
    examined,
    freeze,
    remove_draft,
)
from cissapp.prepare.evidence.services.locks import lock, unlock
from cissapp.prepare.evidence.services.mechanism import (
    add_entry,
    change_entry,
    remove_entry,
    save_mechanism,
)
from cissapp.prepare.evidence.services.scores import save_score, save_scores

__all__ = [
    "accept",
    "add_document",
    "add_entry",
    "add_version",
    "change_entry",
    "dates_of",
    "examined",
    "freeze",
    "lock",
    "make_missing_copies",
    "picture",
    "remind_of_lapsing",
    "remove_draft",
    "remove_entry",
    "save_dates",
    "save_mechanism",
    "save_score",
    "save_scores",
    "unlock",
]
