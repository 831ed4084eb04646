"""When a school counts as stuck, and how days are counted."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from cissapp.review.followup.rules import (
    STUCK_AFTER_DAYS,
    FollowupStep,
    MeasuredSpan,
    SpanFigure,
    days_between,
    span_figure,
    stuck_before,
)

DAYS = some.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(today=DAYS, step=some.sampled_from(FollowupStep), hours=some.integers(0, 24 * 60))
def test_a_wait_is_stuck_after_as_many_whole_days_as_the_rule_says(today, step, hours):
    since = datetime(today.year, today.month, today.day, 23, 59, tzinfo=UTC) - timedelta(
        hours=hours
    )
    limit, days = stuck_before(step, today), STUCK_AFTER_DAYS.get(step)

    assert (limit is None) == (days is None)
    if limit is not None and days is not None:
        assert (since < limit) == (days_between(since, today) >= days)


def test_a_span_is_told_by_its_median_and_its_longest():
    assert span_figure(MeasuredSpan.REVIEW, []) == SpanFigure(MeasuredSpan.REVIEW, None, None, 0)
    assert span_figure(MeasuredSpan.REVIEW, [9, 2, 4]) == SpanFigure(MeasuredSpan.REVIEW, 4.0, 9, 3)
    assert span_figure(MeasuredSpan.REVIEW, [2, 5]).median_days == 3.5
