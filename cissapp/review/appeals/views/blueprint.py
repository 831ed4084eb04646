"""The blueprint, and what the pages of appeals share."""

from typing import Any

from flask import Blueprint

from cissapp.foundation.access.guard import actor
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.list_pages import other_pages
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import person
from cissapp.people.deadlines.queries import open_deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.phrases import criterion_titles, links
from cissapp.review.appeals.queries import hearing
from cissapp.review.appeals.rules import OUTCOME_NAMES, PROPOSAL_STATUS_NAMES, STATE_NAMES
from cissapp.review.reviews.phrases.versions import versions_of

bp = Blueprint("appeals", __name__, template_folder="../templates")
bp.app_context_processor(links)

WORDS: dict[str, Any] = {
    "states": STATE_NAMES,
    "outcomes": OUTCOME_NAMES,
    "standings": PROPOSAL_STATUS_NAMES,
}


def signed_in_person() -> User:
    """Return the row of the person who is signed in."""
    found = person(actor().id) if actor().id else None  # type: ignore[arg-type] # checked just before
    if found is None:
        raise Missing
    return found


def shown_appeal(appeal: Appeal) -> dict[str, Any]:
    """Return what every page of an appeal shows: the appeal, the words for it, and its deadline."""
    due = open_deadline(DeadlineKind.APPEAL, appeal.id)
    standard = hearing.standard_of(appeal.decision, content())
    return {
        "appeal": appeal,
        "titles": criterion_titles(standard),
        "versions": versions_of(standard.rubric.version, content()),
        "due_on": due.due_on if due else None,
        **WORDS,
    }


def list_hrefs() -> dict[str, Any]:
    """Return the addresses of other pages of the two lists of appeals."""
    return {"href": other_pages(), "decided_href": other_pages("decided_")}
