"""Finds the schools for which the daily work has something to do, from few columns of many schools at once."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.upkeep import queries
from cissapp.certify.upkeep.models import ReminderSent
from cissapp.certify.upkeep.rules.quorum import quorum_lack
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.bulk.long_work import batches_of, drawn_batches
from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School

# Schools or certificates looked up with one statement; nothing is locked meanwhile.
AT_ONCE = 500

# The matter and the step of the mail that is due for a certificate with these first and last days, if any.
StepOfDays = Callable[[date, date], tuple[str, str] | None]


def holders_with_step(step_of: StepOfDays, today: date) -> list[Sequence[UUID]]:
    """List the schools for which a mail about their certificate is due and was not sent, in batches.

    Certificates that do not count today are among them: whoever sends the mail checks that in its transaction.
    """
    rows = session.execute(
        select(
            *(Certificate.id, Certificate.school_id),
            *(Certificate.valid_from_on, Certificate.valid_until_on),
        )
        .join(School, School.id == Certificate.school_id)
        .where(
            School.standing.in_(queries.HOLDING_CERTIFICATE),
            School.only_for_id.is_(None),
            Certificate.valid_until_on >= today,
        )
        .order_by(Certificate.school_id)
    )
    steps = ((row, step_of(row.valid_from_on, row.valid_until_on)) for row in rows)
    due = {(row.id, *step): row.school_id for row, step in steps if step}
    sent = sent_steps([certificate_id for certificate_id, _, _ in due])
    return drawn_batches(list(dict.fromkeys(due[one] for one in due if one not in sent)))


def sent_steps(certificate_ids: Sequence[UUID]) -> set[tuple[UUID, str, str]]:
    """Return the steps that went out for these certificates: each with its certificate and its matter."""
    columns = ReminderSent.certificate_id, ReminderSent.matter, ReminderSent.step
    return {
        (row.certificate_id, row.matter, row.step)
        for ids in batches_of(certificate_ids, AT_ONCE)
        for row in session.execute(select(*columns).where(ReminderSent.certificate_id.in_(ids)))
    }


def holders_with_quorum_change(content: Content, at: datetime) -> list[Sequence[UUID]]:
    """List the certified schools that lack trained people, or have an open gap, in batches."""
    rows = session.execute(
        select(School.id, School.country_code)
        .where(School.standing.in_(queries.HOLDING_CERTIFICATE), School.only_for_id.is_(None))
        .order_by(School.id)
    )
    code_of = {row.id: row.country_code for row in rows}
    quorum_of = {code: queries.quorum_of(code, content) for code in set(code_of.values())}
    found = {one.school_id for one in queries.open_gaps()} & set(code_of)
    for ids in batches_of(list(code_of), AT_ONCE):
        members = queries.members_of(ids, content.module_by_id)
        found.update(one for one in ids if quorum_lack(members[one], quorum_of[code_of[one]], at))
    return drawn_batches(sorted(found))
