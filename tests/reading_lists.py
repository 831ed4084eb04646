"""Watches how the rows of an uploaded list are read."""

import pytest

from cissapp.foundation.core.db import session
from cissapp.people.school_lists.list_files import reading


def transactions_while_reading(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Fill a list with whether a transaction is open, for each row of CSV that is read from now on."""
    in_transaction: list[bool] = []
    real = reading.rows_of_csv

    def rows(*arguments, **options):
        for row in real(*arguments, **options):
            in_transaction.append(session().in_transaction())
            yield row

    monkeypatch.setattr(reading, "rows_of_csv", rows)
    return in_transaction
