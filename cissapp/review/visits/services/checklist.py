"""Saves what the visitors noted on the criteria of the checklist."""

from datetime import datetime

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.values import Criterion, Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.form_drafts.services import reread_unchanged
from cissapp.review.independence.services.participants import (
    lock_application,
    require_untied_member,
)
from cissapp.review.visits.models import Visit, VisitItem
from cissapp.review.visits.rules import (
    NOTE_MOST,
    ItemMark,
    criteria_to_observe,
)
from cissapp.review.visits.services.participants import (
    reasons_not_to_change,
    record_event,
)


def save_item(
    visit: Visit,
    criterion: Criterion,
    *,
    mark: ItemMark | None,
    note: str,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> VisitItem:
    """Save what was noted on a criterion of the checklist, until two people signed the record."""
    lock_application(visit.application)
    # Not the items: the one that is saved is compared with what was shown.
    session.refresh(visit, ["cancelled_at", "record"])
    person_id = require_untied_member(visit.application, by=by, at=at)
    if criterion not in criteria_to_observe(standard.criteria):
        raise Missing
    found = reasons_not_to_change(visit)
    if len(note) > NOTE_MOST:
        values = {"most": NOTE_MOST}
        found.append(Problem("note", N_("Write at most %(most)s characters."), values))
    if found:
        raise Refused(*found)
    item = next((one for one in visit.items if one.criterion_id == criterion.id), None)
    if item is not None:
        reread_unchanged(item, ["mark", "note"])
    else:
        item = VisitItem(criterion_id=criterion.id)
        visit.items.append(item)
    item.mark, item.note, item.saved_at, item.saved_by_id = mark, note, at, person_id
    session.flush()
    record_event(Event.VISIT_ITEM_SAVED, visit, by=by, at=at, criterion=criterion.id)
    return item
