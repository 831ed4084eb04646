"""Asks for an erasure, stops it, and carries out what is due."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import drawn_batches, each_kept
from cissapp.foundation.core.db import after_commit, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import FileStore, files
from cissapp.oversee.personal_data import mails
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.oversee.personal_data.queries.duties import open_duties
from cissapp.oversee.personal_data.queries.requests import due_requests, open_request
from cissapp.oversee.personal_data.rules.retention import ERASURE_WAITS
from cissapp.oversee.personal_data.services.erasing import erase
from cissapp.oversee.personal_data.services.repeating import ERASURES
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User


def ask_erasure(person: User, *, by: Actor, at: datetime) -> ErasureRequest:
    """Ask for an erasure, due once the time to stop it is over; asked again, it is the same request."""
    if by.id is None:
        raise ValueError("a person asks")
    accounts.lock_erasure(person.id)
    existing = open_request(person.id)
    if existing is not None:
        return existing
    if by.id != person.id and person.is_active:
        raise Refused(Problem("open", N_("The account is still open. Close it first.")))
    made = ErasureRequest(
        user_id=person.id, asked_at=at, asked_by_id=by.id, due_at=at + ERASURE_WAITS
    )
    session.add(made)
    session.flush()
    record(Event.ERASURE_ASKED, person, by=by, at=at, school_id=person.school_id)
    after_commit(_keep_list)
    mails.tell_erasure(person, made, at=at)
    session.flush()
    return made


def stop_erasure(person: User, *, by: Actor, at: datetime) -> None:
    """Stop an erasure that has not begun; where there is none, nothing happens."""
    if by.id is None:
        raise ValueError("a person stops it")
    accounts.lock_erasure(person.id)
    asked = open_request(person.id)
    if asked is not None:
        asked.stopped_at, asked.stopped_by_id = at, by.id
        session.flush()
        record(Event.ERASURE_STOPPED, person, by=by, at=at, school_id=person.school_id)
        after_commit(_keep_list)
        session.flush()


def stop_on_return(person: User, *, at: datetime, **_more: Any) -> None:
    """Stop the erasure of a person who comes back with an invitation, or whose account others may have used."""
    stop_erasure(person, by=person, at=at)


def carry_out_due(*, store: FileStore, at: datetime) -> int:
    """Erase everyone whose time has come and who has no open duty; return how many.

    Each has a transaction of their own: an interrupted run goes on with the next person, and an erasure that
    fails stops no other. Fails as `each_tried` does.
    """
    due = [one.id for one in due_requests(at)]
    return each_kept(drawn_batches(due, 1), partial(_carry_out_each, store=store, at=at))


def _carry_out_each(ids: Sequence[UUID], *, store: FileStore, at: datetime) -> int:
    return sum(_carry_out_if_due(one, store=store, at=at) for one in ids)


def _carry_out_if_due(asked_id: UUID, *, store: FileStore, at: datetime) -> bool:
    """Carry out an erasure that nobody stopped and no open duty holds back; return whether it was done."""
    asked = session.get_one(ErasureRequest, asked_id)
    person = session.get_one(User, asked.user_id)
    accounts.lock_erasure(person.id)
    accounts.lock_closing()
    session.refresh(asked)
    session.refresh(person)
    if asked.stopped_at is not None or asked.done_at is not None or open_duties(person):
        return False
    carry_out(asked, person, store=store, at=at)
    return True


def carry_out(asked: ErasureRequest, person: User, *, store: FileStore, at: datetime) -> None:
    """Close the account if it is open, mark the request as done, and erase the person."""
    if person.deactivated_at is None:
        accounts.close_asked_for(person, at=at)
    asked.done_at = at
    session.flush()
    erase(person, store=store, at=at)
    after_commit(_keep_list)


def _keep_list() -> None:
    """Write the list outside the database, so that no older backup brings back what was erased."""
    ERASURES.keep(files())
