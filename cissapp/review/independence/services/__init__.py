"""Writes of independence: declarations, exceptions, roles, mentorings, absences, guests."""

from cissapp.review.independence.services.assignments import (
    assign,
    assign_mentors,
    finish_work,
    hand_back,
    hand_over,
    handed_over,
    keep_role,
    keep_roles,
    leave_role,
    release_reviewers,
    role_given,
    role_left,
    take_role,
)
from cissapp.review.independence.services.declarations import (
    NO_TASK,
    declare,
    declare_late,
    left_for_conflict,
    waive,
)
from cissapp.review.independence.services.facts import (
    end_mentoring,
    end_mentorings_of,
    enter_absence,
    enter_mentoring,
    remove_absence,
    state_background,
)
from cissapp.review.independence.services.guests import (
    GuestInvitation,
    end_guest,
    invite_guest,
    invite_guest_again,
)
from cissapp.review.independence.services.participants import lock_application, require_group_member
from cissapp.review.independence.services.proposals import FailedAssignment, assign_many

__all__ = [
    "NO_TASK",
    "FailedAssignment",
    "GuestInvitation",
    "assign",
    "assign_many",
    "assign_mentors",
    "declare",
    "declare_late",
    "end_guest",
    "end_mentoring",
    "end_mentorings_of",
    "enter_absence",
    "enter_mentoring",
    "finish_work",
    "hand_back",
    "hand_over",
    "handed_over",
    "invite_guest",
    "invite_guest_again",
    "keep_role",
    "keep_roles",
    "leave_role",
    "left_for_conflict",
    "lock_application",
    "release_reviewers",
    "remove_absence",
    "require_group_member",
    "role_given",
    "role_left",
    "state_background",
    "take_role",
    "waive",
]
