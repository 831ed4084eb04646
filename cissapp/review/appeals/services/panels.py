"""Names the panel of an appeal, and records the declarations of its members."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.review.appeals import mails, queries
from cissapp.review.appeals.models import Appeal, AppealMember
from cissapp.review.appeals.rules import (
    panel_problems,
)
from cissapp.review.appeals.services.participants import lock_open_appeal
from cissapp.review.appeals.services.proposals import close_appeal
from cissapp.review.independence import queries as independence
from cissapp.review.independence import services as assignments
from cissapp.review.independence.rules import CaseRole, ConflictAnswer
from cissapp.review.independence.rules.involvement import reasons_not_to_hear


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
    If more than half of those who remain have agreed to a proposal, it is carried out.
    """
    lock_open_appeal(appeal)
    member = queries.panel_member(appeal, by.id)
    assignments.declare(
        appeal.application, grounds=grounds, note=note, answers=answers, by=by, at=at
    )
    if reasons_not_to_hear(independence.involvement_of(appeal.application, by.id, today=at.date())):
        member.excused_at = at
        session.flush()
        mails.tell_excused(appeal, member, at=at)
        if appeal.accepted_proposal:
            close_appeal(
                appeal, appeal.accepted_proposal, issuer, by=appeal.accepted_proposal.author, at=at
            )


def name_panel(
    appeal: Appeal, person_ids: Sequence[UUID], *, by: Actor, at: datetime
) -> list[AppealMember]:
    """Name people to hear the appeal, in addition to those named before; raise `Refused` with every reason.

    Each takes the role of panel member, which the database refuses to anyone who took part in the case.
    """
    lock_open_appeal(appeal)
    new = [one for one in dict.fromkeys(person_ids) if not appeal.heard_by(one)]
    found = panel_problems(len(appeal.hearing) + len(new))
    if found or not new:
        raise Refused(*(found or [Problem("members", N_("Choose at least one person."))]))
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
