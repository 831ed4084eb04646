"""The guides themselves, by the kind of person they are for."""

from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import Role
from cissapp.people.guide.phrases.anybody import ANYBODY, NEWCOMER
from cissapp.people.guide.phrases.groups import COORDINATOR, REVIEWER
from cissapp.people.guide.phrases.offices import MINISTRY, SECRETARIAT
from cissapp.people.guide.phrases.schools import SCHOOL
from cissapp.people.guide.rules import AUDIENCES, Audience, Guide

GUIDES: dict[Audience, tuple[Guide, ...]] = {
    Audience.SCHOOL: SCHOOL,
    Audience.REVIEWER: REVIEWER,
    Audience.COORDINATOR: COORDINATOR,
    Audience.MINISTRY: MINISTRY,
    Audience.SECRETARIAT: SECRETARIAT,
    Audience.NEWCOMER: NEWCOMER,
    Audience.ANYBODY: ANYBODY,
}

HEADINGS = {
    Audience.SCHOOL: N_("For people at a school"),
    Audience.REVIEWER: N_("For reviewers"),
    Audience.COORDINATOR: N_("For coordinators"),
    Audience.MINISTRY: N_("For ministries"),
    Audience.SECRETARIAT: N_("For the secretariat"),
    Audience.NEWCOMER: N_("For people at a school"),
    Audience.ANYBODY: N_("For everyone"),
}


def guides_for(role: Role | None) -> dict[Audience, tuple[Guide, ...]]:
    """Return the guides that a role reads, by the kind of person they are for, its own first."""
    return {audience: GUIDES[audience] for audience in AUDIENCES[role]}
