"""The rules of the evidence: words, closing, documents, mechanism and scores."""

from cissapp.evidence.rules.closing import MECHANISM_PART, is_open, refuse_if_closed
from cissapp.evidence.rules.mechanism import PART_NAMES, Part, mechanism_problems
from cissapp.evidence.rules.scores import PartCount, completed, score_problems
from cissapp.evidence.rules.words import (
    CHANNEL_NAMES,
    SERVED_AS,
    VERSION_STATE_NAMES,
    ChannelKind,
    MediaType,
    VersionState,
)

__all__ = [
    "CHANNEL_NAMES",
    "MECHANISM_PART",
    "PART_NAMES",
    "SERVED_AS",
    "VERSION_STATE_NAMES",
    "ChannelKind",
    "MediaType",
    "Part",
    "PartCount",
    "VersionState",
    "completed",
    "is_open",
    "mechanism_problems",
    "refuse_if_closed",
    "score_problems",
]
