"""Writes of handovers, of acts that wait for a second person, and the notices to the others."""

from cissapp.people.handover.services.handovers import (
    Successor,
    complete_by_joining,
    confirm_handover,
    end_expired_handovers,
    end_handovers_of,
    is_successor,
    may_resend,
    may_stop,
    resend_invitation,
    start_handover,
    stop_handover,
)
from cissapp.people.handover.services.notices import tell_others
from cissapp.people.handover.services.proposals import (
    ActDraft,
    carry_out_ripe_acts,
    confirm_act,
    end_acts_of,
    end_expired_acts,
    needs_second_person,
    propose_act,
    refuse_act,
    stop_act,
)
from cissapp.people.handover.services.replacements import (
    Replacement,
    propose_replacement,
    replace_coordinator,
)

__all__ = [
    "ActDraft",
    "Replacement",
    "Successor",
    "carry_out_ripe_acts",
    "complete_by_joining",
    "confirm_act",
    "confirm_handover",
    "end_acts_of",
    "end_expired_acts",
    "end_expired_handovers",
    "end_handovers_of",
    "is_successor",
    "may_resend",
    "may_stop",
    "needs_second_person",
    "propose_act",
    "propose_replacement",
    "refuse_act",
    "replace_coordinator",
    "resend_invitation",
    "start_handover",
    "stop_act",
    "stop_handover",
    "tell_others",
]
