"""Statistics of the tables: kept of those that are large, since a small one may be outgrown within the hour."""

import pytest
from sqlalchemy import text

from cissapp.foundation.core.db import session
from cissapp.operate.operations.services import planner


@pytest.mark.parametrize(("small", "is_known"), [(1, True), (2, False)])
def test_a_table_has_statistics_once_it_is_large(context, make, monkeypatch, small, is_known):
    make.school()
    monkeypatch.setattr(planner, "SMALL", small)

    analysed = planner.refresh_statistics()

    known = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'school'")
    assert not analysed or (session.scalar(known) > 0) is is_known
