"""Names the panel of an appeal, records the declarations of its members, and lets members leave it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cissapp.certify.certificates.document.issuer import Issuer, current_issuer
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts.models import User
from cissapp.review.appeals import mails, queries
from cissapp.review.appeals.models import Appeal, AppealMember
from cissapp.review.appeals.queries.participation import (
    barred_members,
    reasons_not_to_hear,
    took_part,
)
from cissapp.review.appeals.rules import AppealState, panel_problems
from cissapp.review.appeals.services.leaving import take_off, take_off_barred
from cissapp.review.appeals.services.participants import lock_open_appeal
from cissapp.review.appeals.services.proposals import close_appeal
from cissapp.review.independence import services as assignments
from cissapp.review.independence.rules import CaseRole, ConflictAnswer
from cissapp.review.independence.rules.involvement import TOOK_PART
from cissapp.review.independence.rules.reasons import THIRD_PERSON, in_third_person


def declare(
    appeal: Appeal,
    *,
    grounds: list[str],
    note: str,
    answers: Mapping[str, ConflictAnswer],
    issuer: Issuer,
    by: Actor,
    at: datetime,
) -> None:
    """Record a member's conflicts of interest with the school, or that there are none; once, and for good.

    A member who turns out not to be allowed to hear the appeal is excused, and the secretariat names another.
    """
    lock_open_appeal(appeal)
    member = queries.panel_member(appeal, by.id)
    assignments.declare(
        appeal.application, grounds=grounds, note=note, answers=answers, by=by, at=at
    )
    found = reasons_not_to_hear(appeal, by.id, today=at.date())
    if found and member.excused_at is None:
        reason = in_third_person(found)[0].message
        _excuse(appeal, member, issuer, reason=reason, by=by, at=at)


def leave(appeal: Appeal, *, reason: str, issuer: Issuer, by: Actor, at: datetime) -> None:
    """Excuse the member who cannot continue, for good; the secretariat names another."""
    lock_open_appeal(appeal)
    member = queries.panel_member(appeal, by.id)
    if member.excused_at is not None:
        raise Refused(Problem("state", N_("This task has already been handed over.")))
    _excuse(appeal, member, issuer, reason=reason, by=by, at=at)


def excuse_person(person: User, *, at: datetime) -> None:
    """Excuse a person whose account was closed from every panel: nobody would wait for their vote."""
    by = accounts.person(person.deactivated_by_id) if person.deactivated_by_id else None
    for appeal in queries.undecided_appeals_of(person.id):
        assignments.lock_application(appeal.application)
        session.refresh(appeal)
        member = queries.panel_member(appeal, person.id)
        if appeal.state is AppealState.FILED and member.excused_at is None:
            _excuse(
                appeal,
                member,
                current_issuer(),
                reason=THIRD_PERSON["gone"],
                by=by or person,
                at=at,
            )


def _excuse(
    appeal: Appeal, member: AppealMember, issuer: Issuer, *, reason: str, by: Actor, at: datetime
) -> None:
    """Take a member off the panel, and carry out what more than half of those who remain agreed to."""
    take_off(appeal, member, reason=reason, by=by, at=at)
    take_off_barred(appeal, at=at)
    _close_if_accepted(appeal, issuer, at=at)


def excuse_barred(*, at: datetime) -> int:
    """Excuse the members who cannot hear their appeal any more; return their number.

    Each appeal is committed separately.
    """

    def excuse(appeal_ids: Sequence[UUID]) -> int:
        return sum(_excuse_barred_of(one, at=at) for one in appeal_ids)

    return each_kept(batches_of(queries.panels_to_check(), 1), excuse)


def _excuse_barred_of(appeal_id: UUID, *, at: datetime) -> int:
    appeal = queries.appeal(appeal_id)
    if appeal is None or not barred_members(appeal, today=at.date()):
        return 0
    assignments.lock_application(appeal.application)
    session.refresh(appeal)
    if appeal.state is not AppealState.FILED:
        return 0
    number = take_off_barred(appeal, at=at)
    _close_if_accepted(appeal, current_issuer(), at=at)
    return number


def _close_if_accepted(appeal: Appeal, issuer: Issuer, *, at: datetime) -> None:
    accepted = appeal.accepted_proposal
    if accepted:
        close_appeal(appeal, accepted, issuer, by=accepted.author, at=at)


def name_panel(
    appeal: Appeal, person_ids: Sequence[UUID], *, by: Actor, at: datetime
) -> list[AppealMember]:
    """Name people to hear the appeal, in addition to those named before; raise `Refused` with every reason.

    Each takes the role of panel member, which the database refuses to anyone with another role in the case.
    """
    lock_open_appeal(appeal)
    new = [one for one in dict.fromkeys(person_ids) if not appeal.heard_by(one)]
    found = panel_problems(len(appeal.hearing) + len(new))
    if found or not new:
        raise Refused(*(found or [Problem("members", N_("Choose at least one person."))]))
    if took_part(appeal.application) & set(new):
        raise Refused(*in_third_person([TOOK_PART]))
    for person_id in new:
        assignments.take_role(appeal.application, person_id, CaseRole.PANEL_MEMBER, by=by, at=at)
        session.add(
            AppealMember(appeal_id=appeal.id, person_id=person_id, named_at=at, named_by_id=by.id)
        )
    session.flush()
    session.refresh(appeal, ["members"])
    named = [one for one in appeal.members if one.person_id in new]
    record(
        Event.APPEAL_PANEL_NAMED,
        appeal,
        by=by,
        at=at,
        school_id=appeal.school_id,
        people=[str(one) for one in new],
    )
    mails.tell_named(appeal, named, at=at)
    return named
