"""What a group orders, and what a school reports of each step."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.prepare.drills.rules.lifecycle import ResponseStep
from cissapp.prepare.drills.rules.messages import MessageTemplate, NextStepChoice


class DrillOrder(Struct, frozen=True):
    """What the group chooses: a declared way, a fixed message, and whether the school is told beforehand."""

    channel_id: UUID
    template: MessageTemplate
    announced: bool


class StepReport(Struct, frozen=True):
    """What the school reports for a step: when it happened, and what was chosen, if the step asks for it."""

    step: ResponseStep
    happened_at: datetime
    person_id: UUID | None = None
    choice: NextStepChoice | None = None
