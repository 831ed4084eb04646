"""Writes of join requests: ask, confirm, invite, refuse, delete."""

import secrets
from datetime import datetime

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Busy, Missing, Problem, Refused
from cissapp.people.accounts.models import Invitation
from cissapp.people.accounts.rules import Duty, fold_address
from cissapp.people.enrolment import services as enrolment
from cissapp.people.joining import mails, queries
from cissapp.people.joining.models import JoinRequest
from cissapp.people.joining.rules import (
    CONFIRM_WITHIN,
    MAILS_A_DAY,
    REQUESTS_A_DAY,
    JoinAnswer,
    JoinFacts,
)
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import groups_of_country


def ask_to_join(facts: JoinFacts, *, language: str, at: datetime) -> None:
    """Store a school's join request, and mail the link that confirms it to the school's address.

    Address and school are not looked up, so the response reveals nothing about them. Refused if the country
    has no national group, busy if very many ask. An address gets at most three mails a day.
    """
    groups = groups_of_country(facts.country_code)
    if not groups:
        raise Refused(NO_GROUP)
    lock("join requests")
    address = fold_address(facts.email)
    of_address, in_all = queries.asked_today(address, at)
    if in_all >= REQUESTS_A_DAY:
        raise Busy(TOO_MANY)
    if of_address >= MAILS_A_DAY:
        return
    token = secrets.token_urlsafe(32)
    request = JoinRequest(
        token_hash=hash_of(token),
        country_code=facts.country_code,
        group_id=groups[0].id,
        school_name=facts.school_name,
        locality=facts.locality,
        code=facts.code,
        email=address,
        person_name=facts.person_name,
        office=facts.office,
        reason=facts.reason,
        language=language,
        asked_at=at,
        expires_at=at + CONFIRM_WITHIN,
    )
    session.add(request)
    session.flush()
    record(Event.JOIN_ASKED, request, by=SYSTEM, at=at)
    mails.ask_to_confirm(request, token, at=at)
    session.flush()


NO_GROUP = Problem(
    "country",
    N_("There is no national group in this country yet, so no school can be invited there."),
)
TOO_MANY = Problem(
    "many", N_("A very large number of schools have asked today. Send this again tomorrow.")
)


def confirm(request: JoinRequest, *, at: datetime) -> None:
    """Confirm that the request came from the school's address; from now on its national group sees it."""
    lock(f"join request:{request.id}")
    session.refresh(request)
    if request.confirmed_at is None:
        request.confirmed_at, request.token_hash = at, None
        session.flush()
        record(Event.JOIN_CONFIRMED, request, by=SYSTEM, at=at)
        mails.tell_group(request, at=at)
        session.flush()


def invite_from_request(
    request: JoinRequest,
    school: School,
    *,
    duty: Duty,
    email: str,
    name: str,
    by: Actor,
    at: datetime,
) -> Invitation:
    """Invite somebody of a registered school, which answers the join request."""
    if school.group_id != request.group_id or school.only_for_id is not None:
        raise Missing
    _require_waiting(request)
    invitation = enrolment.invite_to_school(school, duty=duty, email=email, name=name, by=by, at=at)
    request.school_id = school.id
    _answer(request, JoinAnswer.INVITED, by=by, at=at)
    return invitation


def refuse(request: JoinRequest, reason: str, *, by: Actor, at: datetime) -> None:
    """Refuse a join request, with a reason that is mailed to the school and not stored."""
    _require_waiting(request)
    _answer(request, JoinAnswer.REFUSED, by=by, at=at)
    mails.tell_refusal(request, reason, at=at)
    session.flush()


def _require_waiting(request: JoinRequest) -> None:
    lock(f"join request:{request.id}")
    session.refresh(request)
    if request.confirmed_at is None or request.answered_at is not None:
        raise Refused(Problem("answered", N_("Someone has already answered this school.")))


def _answer(request: JoinRequest, answer: JoinAnswer, *, by: Actor, at: datetime) -> None:
    request.answer, request.answered_at, request.answered_by_id = answer, at, by.id
    session.flush()
    record(
        Event.JOIN_ANSWERED, request, by=by, at=at, school_id=request.school_id, answer=answer.value
    )
    session.flush()


def forget_requests(*, at: datetime) -> int:
    """Delete join requests not confirmed in time, and old ones answered or not; return how many."""
    found = queries.to_delete(at)
    for request in found:
        session.delete(request)
    session.flush()
    return len(found)
