"""The rules of drills: states, codes, messages, results. The key to the right steps is in `answer_key`."""

from cissapp.prepare.drills.rules.codes import new_code, normalise_code
from cissapp.prepare.drills.rules.lifecycle import (
    ANSWER_WORKING_DAYS,
    ASKS_PERSON,
    LIVE,
    STATE_NAMES,
    STEP_NAMES,
    YEARLY,
    DrillAction,
    DrillState,
    ResponseStep,
    advance,
    next_step,
)
from cissapp.prepare.drills.rules.messages import (
    CHOICES,
    TEMPLATE_NAMES,
    MessageTemplate,
    NextStepChoice,
)

__all__ = [
    "ANSWER_WORKING_DAYS",
    "ASKS_PERSON",
    "CHOICES",
    "LIVE",
    "STATE_NAMES",
    "STEP_NAMES",
    "TEMPLATE_NAMES",
    "YEARLY",
    "DrillAction",
    "DrillState",
    "MessageTemplate",
    "NextStepChoice",
    "ResponseStep",
    "advance",
    "new_code",
    "next_step",
    "normalise_code",
]
