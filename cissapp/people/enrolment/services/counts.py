"""Stores the account counts of a large programme, which are computed daily."""

from datetime import datetime

from cissapp.people.enrolment.queries import count_accounts
from cissapp.people.schools.rules import KeptKind
from cissapp.people.schools.services import keep_figures


def keep_account_counts(*, at: datetime) -> int:
    """Count the accounts of a large programme and keep the counts; return 1, or 0 for a small one."""
    return keep_figures(
        KeptKind.ACCOUNTS,
        lambda _all: count_accounts(),
        at=at,
        of_groups=False,
        of_all=True,
    )
