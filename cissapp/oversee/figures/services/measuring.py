"""Keeps today's measures, which need a look at all schools: once a day, so that no page has to."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete

from cissapp.foundation.core.db import read_before_write, session
from cissapp.oversee.figures.models import LatestMeasure
from cissapp.oversee.figures.queries.measuring import measures_at
from cissapp.oversee.figures.queries.sums import MeasureSums
from cissapp.oversee.figures.rules import Measure
from cissapp.oversee.figures.rules.changes import first_month_kept
from cissapp.oversee.figures.services.freezing import Packs, insert_rows, path_of
from cissapp.people.schools import queries as schools


def measure_today(packs: Packs, *, at: datetime) -> int:
    """Compute every measure again and replace the previous ones; return how many there are."""
    # Changes made at exactly this time count.
    before = at + timedelta(microseconds=1)
    first = datetime.combine(first_month_kept(at.astimezone(UTC).date()), time(), UTC)
    with read_before_write():
        found = measures_at(
            before, lambda country_code: path_of(packs, country_code), changed_from=first
        )
    for one in schools.countries():
        # A country without schools and reviewers has a row too, which says that it was counted.
        sums = found.setdefault(one.code, MeasureSums(path_of(packs, one.code)))
        sums.numbers.setdefault("", {}).setdefault((Measure.REVIEWERS, ""), 0)
    rows = (
        {
            "country_code": country_code,
            "region_code": region_code,
            "measure": measure,
            "detail": detail,
            "value": value,
            "measured_at": at,
        }
        for country_code, sums in found.items()
        for region_code, measure, detail, value in sums.rows()
    )
    session.execute(delete(LatestMeasure))
    return insert_rows(LatestMeasure, rows)
