"""The rules of the reporting mechanism: its words and parts, and the checks of what was declared."""

from cissapp.prepare.mechanism.rules.advice import (
    MechanismRecord,
    check_mechanism,
    mechanism_problems,
)
from cissapp.prepare.mechanism.rules.channel_kinds import (
    CHANNEL_NAMES,
    MEDIUM_NAMES,
    ChannelKind,
    ChannelMedium,
)
from cissapp.prepare.mechanism.rules.parts import PART_NAMES, RUBRIC_PART, MechanismPart

__all__ = [
    "CHANNEL_NAMES",
    "MEDIUM_NAMES",
    "PART_NAMES",
    "RUBRIC_PART",
    "ChannelKind",
    "ChannelMedium",
    "MechanismPart",
    "MechanismRecord",
    "check_mechanism",
    "mechanism_problems",
]
