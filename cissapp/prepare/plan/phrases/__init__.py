"""The words of the year plan, and the plan put together in the language of the page."""

from cissapp.prepare.plan.phrases.words import office_name, suggested_action, what_of

__all__ = ["office_name", "suggested_action", "what_of"]
