"""The purposes and states of attempts and modules, with their names."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class AttemptPurpose(StrEnum):
    """What an attempt is for: the quiz that counts, or the short test before or after the module."""

    QUIZ = "quiz"
    BEFORE = "before"
    AFTER = "after"


class AttemptState(StrEnum):
    """The life of an attempt: open, and then handed in, expired or voided.

    A quiz that is handed in is passed or failed; a test before or after a module is closed.
    """

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    CLOSED = "closed"
    EXPIRED = "expired"
    VOIDED = "voided"


# An attempt that was handed in has a result.
HANDED_IN = (AttemptState.PASSED, AttemptState.FAILED, AttemptState.CLOSED)


class LateReason(StrEnum):
    """Why a late answer was kept beside the attempt instead of in it."""

    NEWER = "newer"
    CLOSED = "closed"


class ExtraTime(StrEnum):
    """How much more time a person takes where a quiz has a time limit."""

    NONE = "none"
    QUARTER = "quarter"
    HALF = "half"
    DOUBLE = "double"
    NO_LIMIT = "no_limit"


EXTRA_TIME_NAMES = {
    ExtraTime.NONE: N_("The usual time"),
    ExtraTime.QUARTER: N_("A quarter more"),
    ExtraTime.HALF: N_("Half as much again"),
    ExtraTime.DOUBLE: N_("Double the time"),
    ExtraTime.NO_LIMIT: N_("No time limit"),
}


class ModuleState(StrEnum):
    """How far a person is with a module."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PASSED = "passed"


MODULE_STATE_NAMES = {
    ModuleState.NOT_STARTED: N_("Not started"),
    ModuleState.IN_PROGRESS: N_("In progress"),
    ModuleState.PASSED: N_("Passed"),
}
