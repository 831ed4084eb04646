"""Keeps the measures of today, which need a look at all schools: once a day, so that no page looks."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from cissapp.foundation.core.db import read_before_write, session
from cissapp.oversee.figures.models import LatestMeasure
from cissapp.oversee.figures.queries.measuring import measures_at
from cissapp.oversee.figures.services.freezing import Packs, path_of


def measure_today(packs: Packs, *, at: datetime) -> int:
    """Compute every measure anew and put it in the place of the last one; return how many there are."""
    # What happened at this very moment counts.
    before = at + timedelta(microseconds=1)
    with read_before_write():
        found = measures_at(before, lambda country_code: path_of(packs, country_code))
    rows = [
        {
            "country_code": country_code,
            "region_code": region_code,
            "measure": measure,
            "detail": detail,
            "value": value,
            "measured_at": at,
        }
        for country_code, measures in found.items()
        for region_code, measure, detail, value in measures
    ]
    session.execute(delete(LatestMeasure))
    if rows:
        session.execute(insert(LatestMeasure), rows)
    return len(rows)
