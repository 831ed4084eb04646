"""The key: the right next step for each message. No page, form or mail reads it; only the service does."""

from cissapp.prepare.drills.rules.messages import NextStep, Template

_RIGHT = {
    Template.PUPIL_TALK: NextStep.OFFER_TALK,
    Template.PARENT_ASKS: NextStep.ANSWER_PARENT,
    Template.PUPIL_OUTSIDE: NextStep.NAME_HELPLINE,
}


def is_right(template: Template, chosen: NextStep) -> bool:
    """Say whether a step is the right one."""
    return _RIGHT[template] is chosen
