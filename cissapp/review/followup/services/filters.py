"""Saves and removes filters of the list of schools."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.review.followup.models import SavedFilter
from cissapp.review.followup.queries.filters import saved_filters
from cissapp.review.followup.rules import FILTERS_MOST

SAME_NAME = Problem("name", N_("You already have a filter with this name. Choose another name."))


def save_filter(name: str, query: str, *, by: Actor, at: datetime) -> SavedFilter:
    """Store a filter under a name; raise `Refused` if the name is taken or there are twenty already.

    It is a bookmark of one person and changes nothing for others, so the audit trail does not record it.
    """
    if by.id is None:
        raise Missing
    if len(saved_filters(by)) >= FILTERS_MOST:
        sentence = N_("You already have %(most)s filters. Remove one first.")
        raise Refused(Problem("name", sentence, {"most": FILTERS_MOST}))
    made = SavedFilter(user_id=by.id, name=name, query=query, saved_at=at)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise Refused(SAME_NAME) from error
    return made


def remove_filter(kept: SavedFilter) -> None:
    """Remove a saved filter."""
    session.delete(kept)
    session.flush()
