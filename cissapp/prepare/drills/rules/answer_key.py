"""The key: the right next step for each message. No page, form or mail reads it; only the service does."""

from cissapp.prepare.drills.rules.messages import MessageTemplate, NextStepChoice

_RIGHT = {
    MessageTemplate.PUPIL_TALK: NextStepChoice.OFFER_TALK,
    MessageTemplate.PARENT_ASKS: NextStepChoice.ANSWER_PARENT,
    MessageTemplate.PUPIL_OUTSIDE: NextStepChoice.NAME_HELPLINE,
}


def is_right(template: MessageTemplate, chosen: NextStepChoice) -> bool:
    """Check whether a step is the right one."""
    return _RIGHT[template] is chosen
