"""Writes of lists of schools: uploaded, checked, imported, undone; and merges of schools."""

from cissapp.people.school_lists.services.leftovers import finish_interrupted
from cissapp.people.school_lists.services.merging import merge_problems, merge_schools
from cissapp.people.school_lists.services.previewing import preview, take_over
from cissapp.people.school_lists.services.storing import (
    choose_columns,
    choose_meanings,
    store_list,
)
from cissapp.people.school_lists.services.turns import (
    bring_list,
    discard,
    keep_going,
    read_again,
    work_behind,
)
from cissapp.people.school_lists.services.work import finish_now, start

__all__ = [
    "bring_list",
    "choose_columns",
    "choose_meanings",
    "discard",
    "finish_interrupted",
    "finish_now",
    "keep_going",
    "merge_problems",
    "merge_schools",
    "preview",
    "read_again",
    "start",
    "store_list",
    "take_over",
    "work_behind",
]
