"""The mails about sensitive acts, proposals and handovers, in each person's language."""

from cissapp.people.handover.mails.handovers import tell_done, tell_started, tell_stopped
from cissapp.people.handover.mails.notices import Where, tell_others
from cissapp.people.handover.mails.second_person import (
    ask_to_confirm,
    tell_of_end,
    tell_of_replacement,
)

__all__ = [
    "Where",
    "ask_to_confirm",
    "tell_done",
    "tell_of_end",
    "tell_of_replacement",
    "tell_others",
    "tell_started",
    "tell_stopped",
]
