"""The rules of the reporting mechanism: its words and parts, and the checks of what was declared."""

from cissapp.prepare.mechanism.rules.advice import Record, checks, mechanism_problems
from cissapp.prepare.mechanism.rules.channel_kinds import (
    CHANNEL_NAMES,
    MEDIUM_NAMES,
    ChannelKind,
    ChannelMedium,
)
from cissapp.prepare.mechanism.rules.parts import MECHANISM_PART, PART_NAMES, Part

__all__ = [
    "CHANNEL_NAMES",
    "MECHANISM_PART",
    "MEDIUM_NAMES",
    "PART_NAMES",
    "ChannelKind",
    "ChannelMedium",
    "Part",
    "Record",
    "checks",
    "mechanism_problems",
]
