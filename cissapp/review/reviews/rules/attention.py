"""What a decider has to look at in a case, and in which order. Pure."""

from enum import IntEnum

from cissapp.foundation.content.values import Criterion
from cissapp.review.reviews.rules.outcomes import SOUND


class Attention(IntEnum):
    """Why a criterion needs the decider's attention, most pressing first; settled criteria are collapsed."""

    CRITICAL_AND_DIFFERS = 1
    DIFFERS = 2
    CRITICAL_AND_LOW = 3
    LOW = 4
    SETTLED = 5


def attention(criterion: Criterion, level: int | None, *, differs: bool) -> Attention:
    """Return why a criterion needs the decider's attention; `level` is the one that counts."""
    if differs:
        return Attention.CRITICAL_AND_DIFFERS if criterion.critical else Attention.DIFFERS
    if level is not None and level < SOUND:
        return Attention.CRITICAL_AND_LOW if criterion.critical else Attention.LOW
    return Attention.SETTLED
