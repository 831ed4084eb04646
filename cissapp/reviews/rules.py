"""Words and rules of the review."""

from enum import StrEnum


class ReviewState(StrEnum):
    """The life of a review."""

    OPEN = "open"
    HANDED_IN = "handed_in"
