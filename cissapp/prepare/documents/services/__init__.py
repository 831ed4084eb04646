"""Writes of the documents: versions, copies, pictures, days, the lock of the dossier."""

from cissapp.prepare.documents.services.copies import make_missing_copies, picture
from cissapp.prepare.documents.services.dates import dates_of, remind_of_lapsing, save_dates
from cissapp.prepare.documents.services.documents import (
    accept,
    add_document,
    add_version,
    examined,
    freeze,
    remove_draft,
)
from cissapp.prepare.documents.services.locks import lock, unlock

__all__ = [
    "accept",
    "add_document",
    "add_version",
    "dates_of",
    "examined",
    "freeze",
    "lock",
    "make_missing_copies",
    "picture",
    "remind_of_lapsing",
    "remove_draft",
    "save_dates",
    "unlock",
]
