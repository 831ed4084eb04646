"""How pages of appeals name levels, criteria and people, and what other rooms show of an appeal."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from cissapp.foundation.access.guard import actor
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import shown
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.queries import first_due
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.review.appeals import queries
from cissapp.review.appeals.rules import last_day
from cissapp.review.reviews.models import Decision


def links() -> dict[str, Callable[..., object]]:
    """Offer other rooms what the first pages of a group and of a school, and the decision, show of appeals."""
    return {
        "hearings_waiting": lambda: queries.count_to_hear(actor()),
        "appeal_due": _due_of_school,
        "appeal_of": queries.of_decision,
        "may_still_appeal": _may_still_appeal,
    }


def _due_of_school(school_id: UUID) -> date | None:
    return first_due(school_id, (DeadlineKind.APPEAL,))


def _may_still_appeal(decision: Decision) -> bool:
    """Return whether a school can still appeal against a decision: it is in time, with no other application since."""
    school = decision.review.application.school
    decided_on = day_in(school.country_code, decision.decided_at)
    until = last_day(decided_on, content().standard.decision.appeal.file_days)
    in_time = day_in(school.country_code, clock.now()) <= until
    return in_time and decision is queries.newest_decision(school.id)


def certifiable_levels(standard: Standard) -> list[tuple[int, str]]:
    """List the levels that a panel can certify: those that need nothing besides scores."""
    words = standard.decision_text(languages.current()).levels
    return [
        (one.level, f"{one.level} – {words[one.name].name}")
        for one in standard.decision.levels
        if not one.needs
    ]


def criterion_titles(standard: Standard) -> dict[str, str]:
    """Return the title of each criterion of a standard in the reader's language, by its id."""
    language = languages.current()
    return {one.id: f"{one.id} {one.text(language).title}" for one in standard.criteria}


def person_and_group(one: User) -> str:
    """Return a person's name with that of the group, if there is one."""
    return f"{one.name} – {one.group.name}" if one.group else one.name


def barred_people(found: queries.PanelCandidates) -> list[tuple[str, list[str]]]:
    """List the candidates who cannot hear an appeal, each with the reasons."""
    return [
        (person_and_group(one.person), [shown(reason).text for reason in one.reasons])
        for one in found.rows
        if one.reasons
    ]
