"""The rules of the documents: states, locking, limits, pages, dates, texts and their differences."""

from cissapp.prepare.documents.rules.closure import is_open, refuse_if_closed
from cissapp.prepare.documents.rules.states import (
    VERSION_STATE_NAMES,
    PictureSize,
    TextSource,
    VersionState,
)

__all__ = [
    "VERSION_STATE_NAMES",
    "PictureSize",
    "TextSource",
    "VersionState",
    "is_open",
    "refuse_if_closed",
]
