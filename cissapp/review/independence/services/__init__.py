"""Writes of independence: declarations, exceptions, seats, mentorings, absences, guests."""

from cissapp.review.independence.services.assignments import (
    assign,
    finish,
    handed_over,
    handover,
    leave,
    leave_all,
    seat_mentors,
    take_seat,
)
from cissapp.review.independence.services.declarations import declare, waive
from cissapp.review.independence.services.facts import (
    end_mentoring,
    enter_absence,
    enter_mentoring,
    remove_absence,
    state_background,
)
from cissapp.review.independence.services.guests import end_guest, invite_guest
from cissapp.review.independence.services.participants import alone, member

__all__ = [
    "alone",
    "assign",
    "declare",
    "end_guest",
    "end_mentoring",
    "enter_absence",
    "enter_mentoring",
    "finish",
    "handed_over",
    "handover",
    "invite_guest",
    "leave",
    "leave_all",
    "member",
    "remove_absence",
    "seat_mentors",
    "state_background",
    "take_seat",
    "waive",
]
