"""The rules of the evidence: words, closing, documents, mechanism and scores."""

from cissapp.foundation.intake.media import SERVED_AS, MediaType
from cissapp.prepare.evidence.rules.advice import Record, checks, mechanism_problems
from cissapp.prepare.evidence.rules.closing import MECHANISM_PART, is_open, refuse_if_closed
from cissapp.prepare.evidence.rules.mechanism import PART_NAMES, Part
from cissapp.prepare.evidence.rules.scores import PartCount, completed, score_problems
from cissapp.prepare.evidence.rules.words import (
    CHANNEL_NAMES,
    MEDIUM_NAMES,
    VERSION_STATE_NAMES,
    ChannelKind,
    ChannelMedium,
    PictureSize,
    VersionState,
)

__all__ = [
    "CHANNEL_NAMES",
    "MECHANISM_PART",
    "MEDIUM_NAMES",
    "PART_NAMES",
    "SERVED_AS",
    "VERSION_STATE_NAMES",
    "ChannelKind",
    "ChannelMedium",
    "MediaType",
    "Part",
    "PartCount",
    "PictureSize",
    "Record",
    "VersionState",
    "checks",
    "completed",
    "is_open",
    "mechanism_problems",
    "refuse_if_closed",
    "score_problems",
]
