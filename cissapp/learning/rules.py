"""Words and rules of learning."""

from enum import StrEnum


class AttemptState(StrEnum):
    """The life of an attempt."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    VOIDED = "voided"
