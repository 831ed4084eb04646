"""Finishes what was written: the public log, the seal of the audit trail, credentials if requested."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import text

from cissapp.certify.credentials.services.credentials import make_missing
from cissapp.certify.credentials.services.issuer import credential_issuer
from cissapp.certify.credentials.services.second_looks import pass_over_issued
from cissapp.certify.transparency.services.entries import catch_up
from cissapp.foundation.audit.services import seal_settled
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.oversee.evaluation.services import keep_evaluation
from cissapp.people.enrolment.services import keep_account_counts
from cissapp.review.calibration.services import keep_figures as keep_calibration
from cissapp.review.followup.services import keep_statistics, repair_steps
from cissapp.review.history.services import keep_toolkit_use

# Each has two signatures and is written as canonical RDF.
CREDENTIALS_AT_ONCE = 100


def enter_into_log(*, at: datetime) -> int:
    """Enter the certificates into the public log, and sign it; return the number of entries."""
    with unit_of_work():
        return catch_up(at=at)


def leave_unexamined() -> None:
    """Spare the nightly examination the certificates: each has the file of its pattern, with other facts."""
    pass_over_issued(files())


def refresh_statistics() -> None:
    """Refresh the database's statistics after the bulk load, so that it plans as for rows added over time."""
    with unit_of_work():
        session.execute(text("ANALYZE"))


def keep_steps(*, at: datetime) -> None:
    """Update the steps of the copies to today's date, as certificates are about to end or have ended."""
    with unit_of_work():
        repair_steps(at)
        session.execute(text("ANALYZE followed_step"))  # empty when all tables were analysed


def keep_figures(content: Content, *, at: datetime) -> None:
    """Compute the stored figures that large groups read."""
    with unit_of_work():
        keep_statistics(content, at=at)
        keep_toolkit_use(content.toolkit, at=at)
        keep_calibration(content, at=at)
        keep_account_counts(at=at)
    keep_evaluation(at=at)


def seal_trail(*, at: datetime) -> None:
    """Seal the audit-trail entries added since the last seal."""
    with unit_of_work():
        seal_settled(at)


def make_credentials(*, at: datetime) -> Iterator[int]:
    """Make the missing credentials, one transaction per batch; yield how many were made in each."""
    while True:
        with unit_of_work():
            made = make_missing(issuer=credential_issuer(), at=at, limit=CREDENTIALS_AT_ONCE)
        session.remove()
        if not made:
            return
        yield made
