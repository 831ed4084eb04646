"""Reads of join requests."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from cissapp.foundation.access.guard import visible
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import (
    DAY,
    KEPT_AFTER_ANSWER,
    KnownSchool,
    possible_matches,
)
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import REGISTERED, groups_of_country

REQUESTS_SHOWN = 200


def join_request(request_id: UUID) -> JoinRequest | None:
    """Find a join request confirmed by mail; an unconfirmed one is not shown to anybody."""
    found = session.get(JoinRequest, request_id)
    return found if found is not None and found.confirmed_at is not None else None


def by_token(token: str, at: datetime) -> JoinRequest | None:
    """Find the join request that a link confirms; None if the link is expired, used or wrong."""
    query = select(JoinRequest).where(JoinRequest.token_hash == hash_of(token))
    return session.scalar(query.where(JoinRequest.expires_at > at))


def waiting_requests(actor: Actor) -> list[JoinRequest]:
    """List the confirmed join requests that a person's group has not answered, the oldest first."""
    query = (
        select(JoinRequest)
        .where(JoinRequest.confirmed_at.is_not(None), JoinRequest.answered_at.is_(None))
        .order_by(JoinRequest.confirmed_at, JoinRequest.id)
        .limit(REQUESTS_SHOWN)
    )
    return list(session.scalars(visible(query, JoinRequest, actor, Permission.JOIN_REQUEST_READ)))


def count_waiting(actor: Actor) -> int:
    """Count the confirmed join requests that a person's group has not answered."""
    query = select(func.count(JoinRequest.id)).where(
        JoinRequest.confirmed_at.is_not(None), JoinRequest.answered_at.is_(None)
    )
    narrowed = visible(query, JoinRequest, actor, Permission.JOIN_REQUEST_READ)
    return session.scalar(narrowed) or 0


def answered_requests(actor: Actor) -> list[JoinRequest]:
    """List the join requests that a person's group has answered, the newest answer first."""
    query = (
        select(JoinRequest)
        .where(JoinRequest.answered_at.is_not(None))
        .order_by(JoinRequest.answered_at.desc(), JoinRequest.id)
        .limit(REQUESTS_SHOWN)
    )
    return list(session.scalars(visible(query, JoinRequest, actor, Permission.JOIN_REQUEST_READ)))


def answer_times(country_code: str) -> list[timedelta]:
    """List how long the newest join requests waited that the national group of a country has answered."""
    groups = groups_of_country(country_code)
    if not groups:
        return []
    # By the group that gets the requests: an index has its newest answers, and anybody may ask.
    query = (
        select(JoinRequest.confirmed_at, JoinRequest.answered_at)
        .where(JoinRequest.group_id == groups[0].id, JoinRequest.answered_at.is_not(None))
        .order_by(JoinRequest.answered_at.desc())
        .limit(REQUESTS_SHOWN)
    )
    rows = session.execute(query)
    return [answered - confirmed for confirmed, answered in rows if confirmed and answered]


def matches_of(request: JoinRequest) -> list[KnownSchool]:
    """List the schools in the group's register that the request may come from, the likeliest first."""
    query = select(School.id, School.name, School.locality, School.code).where(
        School.group_id == request.group_id, School.country_code == request.country_code, REGISTERED
    )
    return possible_matches(request.facts, (KnownSchool(*row) for row in session.execute(query)))


def asked_today(email: str, at: datetime) -> tuple[int, int]:
    """Count the join requests of the last 24 hours: from this address, and in total."""
    query = select(
        func.count(JoinRequest.id).filter(JoinRequest.email == email), func.count(JoinRequest.id)
    ).where(JoinRequest.asked_at > at - DAY)
    of_address, in_all = session.execute(query).one()
    return int(of_address), int(in_all)


def to_delete(at: datetime) -> list[JoinRequest]:
    """List the join requests that have expired, or were answered or left unanswered long ago."""
    query = select(JoinRequest).where(
        or_(
            JoinRequest.confirmed_at.is_(None) & (JoinRequest.expires_at <= at),
            JoinRequest.answered_at < at - KEPT_AFTER_ANSWER,
            JoinRequest.answered_at.is_(None) & (JoinRequest.confirmed_at < at - KEPT_AFTER_ANSWER),
        )
    )
    return list(session.scalars(query))
