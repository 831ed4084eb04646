"""Assigns the people who were proposed for the free roles of many cases."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import mails
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.services.assignments import give_role


class FailedAssignment(Struct, frozen=True):
    """A line of a proposal that could not be assigned, and why."""

    application: Application
    role: CaseRole
    person_id: UUID
    reasons: tuple[Problem, ...]


def assign_many(
    lines: Iterable[tuple[Application, CaseRole, UUID]], *, by: Actor, at: datetime
) -> list[FailedAssignment]:
    """Assign many roles, each checked as if it were the only one; return those that could not be assigned.

    A change since the proposal was shown holds back only the line that it concerns. Each person gets one mail.
    """
    failed, given = [], []
    for application, role, person_id in lines:
        try:
            with session.begin_nested():
                own, is_new = give_role(application, person_id, role, by=by, at=at)
        except Refused as refused:
            failed.append(FailedAssignment(application, role, person_id, tuple(refused.problems)))
        else:
            given += [own] if is_new else []
    mails.tell_given(given, by=by, at=at)
    return failed
