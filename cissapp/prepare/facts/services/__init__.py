"""Writes of printed facts: papers, confirmations, changes, reminders."""

from cissapp.prepare.facts.services.changes import note_change, note_duty_changed, note_person_left
from cissapp.prepare.facts.services.confirming import confirm_facts
from cissapp.prepare.facts.services.papers import (
    forget_texts,
    record_paper,
    settle_document,
    settle_paper,
)
from cissapp.prepare.facts.services.reminders import note_helplines, remind_of_numbers

__all__ = [
    "confirm_facts",
    "forget_texts",
    "note_change",
    "note_duty_changed",
    "note_helplines",
    "note_person_left",
    "record_paper",
    "remind_of_numbers",
    "settle_document",
    "settle_paper",
]
