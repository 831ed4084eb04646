"""Writes of the documents: versions, copies, pictures, dates, the lock of a school's evidence."""

from cissapp.prepare.documents.services.copies import make_missing_copies
from cissapp.prepare.documents.services.dates import dates_of, remind_of_expiry, save_dates
from cissapp.prepare.documents.services.documents import (
    accept_versions,
    add_document,
    add_version,
    check_file,
    freeze_versions,
    remove_draft,
)
from cissapp.prepare.documents.services.locks import lock_evidence, unlock_evidence
from cissapp.prepare.documents.services.machine_reading import read_waiting_scans
from cissapp.prepare.documents.services.pictures import draw_later, draw_picture

__all__ = [
    "accept_versions",
    "add_document",
    "add_version",
    "check_file",
    "dates_of",
    "draw_later",
    "draw_picture",
    "freeze_versions",
    "lock_evidence",
    "make_missing_copies",
    "read_waiting_scans",
    "remind_of_expiry",
    "remove_draft",
    "save_dates",
    "unlock_evidence",
]
