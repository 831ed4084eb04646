"""What a group orders, and what a school reports of each step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cissapp.prepare.drills.rules.lifecycle import ResponseStep
from cissapp.prepare.drills.rules.messages import MessageTemplate, NextStepChoice


@dataclass(frozen=True)
class DrillOrder:
    """What the group chooses: one declared way, one fixed message, and whether the school is told before."""

    channel_id: UUID
    template: MessageTemplate
    announced: bool


@dataclass(frozen=True)
class StepReport:
    """What the school says of a step: when it happened, and what was chosen, where the step asks for it."""

    step: ResponseStep
    happened_at: datetime
    person_id: UUID | None = None
    choice: NextStepChoice | None = None
