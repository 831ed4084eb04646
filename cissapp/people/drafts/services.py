"""Saves and deletes drafts. A draft is not an act, so nothing is written to the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Delete, delete, or_

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.foundation.form_drafts.rules import Digests, Values
from cissapp.people.accounts.models import User
from cissapp.people.drafts import queries
from cissapp.people.drafts.models import Draft
from cissapp.people.drafts.rules import (
    LASTS,
    OF_FORM_MOST,
    OF_PERSON_MOST,
    TITLE_MOST,
    DraftEntry,
    continued,
    is_too_large,
    is_untouched,
)


def save(entry: DraftEntry, *, by: Actor, at: datetime) -> Draft | None:
    """Store what was typed in the draft that its page continues, or beside the existing ones.

    Return None if the text is the same as before; a draft that no longer differs is deleted.
    Raise `Refused` if it is too large, or if the person has too many.
    """
    if by.id is None:
        raise Missing
    if is_too_large(entry.fields):
        raise Refused(
            Problem("size", N_("The text you typed is too long in total. Make it shorter."))
        )
    there = [one for one in queries.drafts_of_page(by.id, entry.page) if one.form == entry.form]
    found = continued(entry, there)
    if is_untouched(entry.fields, entry.base):
        if found is not None:
            session.delete(found)
            session.flush()
        return None
    if found is None:
        _refuse_too_many(by.id, there)
        found = Draft(user_id=by.id, page=entry.page, form=entry.form, title="")
        session.add(found)
    found.hand, found.fields, found.base = entry.hand, dict(entry.fields), dict(entry.base)
    found.title, found.saved_at = entry.title[:TITLE_MOST] or found.title, at
    session.flush()
    return found


def _refuse_too_many(user_id: UUID, of_form: Sequence[Draft]) -> None:
    link: tuple[str, dict[str, Any]] = ("drafts.own", {})
    if len(of_form) >= OF_FORM_MOST:
        message = N_("You have too many drafts of this form. Send one, or discard some.")
        raise Refused(Problem("of_form", message, link=link))
    if queries.count_of(user_id) >= OF_PERSON_MOST:
        message = N_("You have too many drafts. Send some, or discard what you do not need.")
        raise Refused(Problem("of_person", message, link=link))


def settle(
    draft: Draft,
    *,
    values: Values,
    dropped: Collection[str],
    base: Digests,
    other: Draft | None,
    at: datetime,
) -> None:
    """Merge two drafts, or a draft and what somebody else changed, as the person chose.

    `values` replace those of the draft, `dropped` fields are left to the page, and `base` is what the
    page held. The other draft is deleted.
    """
    kept = {**draft.fields, **values}
    draft.fields = {name: one for name, one in kept.items() if name not in dropped}
    draft.base = {**draft.base, **base}
    # Keeps a page view that is still open elsewhere from overwriting the choice.
    draft.hand, draft.saved_at = "", at
    if other is not None:
        session.delete(other)
    session.flush()


def discard(draft: Draft) -> None:
    """Delete a draft."""
    session.delete(draft)
    session.flush()


def close(user_id: UUID, known: Mapping[UUID, int], page: str, hand: str) -> int:
    """Delete the drafts of a form that was sent: the versions its page knew, and those that page view saved.

    What another tab or device has typed since stays.
    """
    same_view = (Draft.page == page) & (Draft.hand == hand)
    shown = [(Draft.id == one) & (Draft.version == version) for one, version in known.items()]
    mine = or_(same_view, *shown)
    return _deleted(delete(Draft).where(Draft.user_id == user_id, mine))


def forget_person(user: User, *, at: datetime) -> None:  # noqa: ARG001 -- the signal brings it
    """Delete the drafts of a person whose account was closed."""
    _deleted(delete(Draft).where(Draft.user_id == user.id))


def forget_texts(school_id: UUID, texts: Collection[str]) -> None:
    """Delete the drafts of a school's people that contain one of these texts."""
    for draft in queries.drafts_of_school(school_id):
        if any(text in _all_text(draft.fields) for text in texts):
            session.delete(draft)
    session.flush()


def _all_text(value: Any) -> str:
    """Return everything that was typed as one text."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return "\n".join(map(_all_text, value))
    return str(value)


def remove_expired(*, at: datetime) -> int:
    """Delete drafts that nobody touched for long; return how many."""
    return _deleted(delete(Draft).where(Draft.saved_at < at - LASTS))


def _deleted(statement: Delete) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0
