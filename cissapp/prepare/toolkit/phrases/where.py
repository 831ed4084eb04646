"""Where a school enters the values that a product lacks: the name of each, with its page."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.prepare.mechanism.rules.parts import MechanismPart, page_of

Place = tuple[str, dict[str, Any]]
PEOPLE: Place = ("enrolment.people", {})
PLACES: dict[str, tuple[str, Place]] = {
    "head": (N_("the head of the school"), PEOPLE),
    "designated": (N_("the designated person"), PEOPLE),
    "deputy": (
        N_("who covers for the designated person"),
        page_of(MechanismPart.PERSONS),
    ),
    "languages": (N_("the languages that pupils read"), page_of(MechanismPart.COVER)),
    "out_of_hours": (N_("who to call when the school is closed"), page_of(MechanismPart.COVER)),
    "holiday_cover": (N_("who answers in the holidays"), page_of(MechanismPart.COVER)),
    "parents_contact": (N_("who parents contact"), page_of(MechanismPart.COVER)),
    "crime_hours": (N_("the time limits"), page_of(MechanismPart.TIME_LIMITS)),
    "answer_days": (N_("the time limits"), page_of(MechanismPart.TIME_LIMITS)),
    "plan_days": (N_("the time limits"), page_of(MechanismPart.TIME_LIMITS)),
    "about_head": (N_("where reports about the head go"), page_of(MechanismPart.ABOUT_ADULTS)),
    "about_person": (
        N_("where reports about a person who takes reports go"),
        page_of(MechanismPart.ABOUT_ADULTS),
    ),
    "confidentiality": (N_("the rules that protect people"), page_of(MechanismPart.RULES)),
    "no_retaliation": (N_("the rules that protect people"), page_of(MechanismPart.RULES)),
    "about_staff": (N_("the rules that protect people"), page_of(MechanismPart.RULES)),
    "evidence_rule": (N_("the rules that protect people"), page_of(MechanismPart.RULES)),
    "people": (N_("the people who take reports"), page_of(MechanismPart.PERSONS)),
    "channels": (N_("the ways to report in the school"), page_of(MechanismPart.CHANNELS)),
    "outside": (N_("the ways to report outside the school"), page_of(MechanismPart.CHANNELS)),
    "escalation": (N_("the organisations the school calls"), page_of(MechanismPart.ESCALATION)),
    "told": (N_("who is told about a report"), page_of(MechanismPart.TOLD)),
    "helplines": (N_("a helpline in your country that was checked"), ("facts.numbers", {})),
    "page": (
        N_("the school’s public page on how to report"),
        ("reporting_page.settings", {}),
    ),
    "actions": (N_("an open action in the year plan"), ("plan.plan", {})),
}


class MissingValue(Struct, frozen=True):
    """A value that a school has not entered: its name, and the page where it is entered."""

    label: str
    href: str


def missing_values(names: Iterable[str]) -> list[MissingValue]:
    """Return the name and page of each value, without duplicates."""
    found = [PLACES[name] for name in names if name in PLACES]
    lines = [
        MissingValue(str(_(label)), url_for(endpoint, **values))
        for label, (endpoint, values) in found
    ]
    return list(dict.fromkeys(lines))
