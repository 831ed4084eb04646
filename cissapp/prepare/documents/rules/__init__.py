"""The rules of the documents: words, closing, limits, pages, days, texts and their differences."""

from cissapp.prepare.documents.rules.closing import is_open, refuse_if_closed
from cissapp.prepare.documents.rules.words import VERSION_STATE_NAMES, PictureSize, VersionState

__all__ = [
    "VERSION_STATE_NAMES",
    "PictureSize",
    "VersionState",
    "is_open",
    "refuse_if_closed",
]
