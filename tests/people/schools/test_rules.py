"""What a school is counted as, and how it is looked for."""

import fnmatch
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.people.schools.rules import (
    Figure,
    Progress,
    Standing,
    escape_like,
    figures_of,
    is_email,
    like_patterns,
    search_words,
    standing_on,
)


@pytest.mark.parametrize(
    ("progress", "standing", "level", "expected"),
    [
        (Progress.REGISTERED, Standing.NONE, None, {Figure.SCHOOLS, Figure.REGISTERED}),
        (Progress.DECIDED, Standing.VALID, 1, {Figure.SCHOOLS, Figure.DECIDED, Figure.LEVEL_1}),
        (
            Progress.TRAINED,
            Standing.EXPIRING,
            3,
            {Figure.SCHOOLS, Figure.TRAINED, Figure.LEVEL_3, Figure.EXPIRING},
        ),
        (Progress.DECIDED, Standing.EXPIRED, 2, {Figure.SCHOOLS, Figure.DECIDED, Figure.EXPIRED}),
        (
            Progress.IN_REVIEW,
            Standing.SUSPENDED,
            2,
            {Figure.SCHOOLS, Figure.IN_REVIEW, Figure.SUSPENDED},
        ),
        (
            Progress.DECIDED,
            Standing.WITHDRAWN,
            1,
            {Figure.SCHOOLS, Figure.DECIDED, Figure.WITHDRAWN},
        ),
    ],
)
def test_a_school_is_counted_by_progress_and_by_its_certificate(
    progress, standing, level, expected
):
    assert figures_of(progress, standing, level) == expected


def test_every_school_counts_once_as_a_school_and_once_by_progress():
    for progress in Progress:
        for standing in Standing:
            level = None if standing is Standing.NONE else 2
            counted = figures_of(progress, standing, level)
            assert counted & {Figure(one.value) for one in Progress} == {Figure(progress.value)}
            assert Figure.SCHOOLS in counted


def test_a_wildcard_is_looked_for_as_itself():
    assert escape_like("50%_\\") == "50\\%\\_\\\\"


def test_a_word_is_looked_for_in_its_usual_spellings():
    assert like_patterns("школа") == ["%школа%", "%ШКОЛА%", "%Школа%"]
    assert like_patterns("12") == ["%12%"]


def test_six_words_are_looked_for():
    assert search_words("  a b  c d e f g ") == ["a", "b", "c", "d", "e", "f"]


@given(st.text(alphabet="ab%_\\*", max_size=8))
def test_an_escaped_text_matches_only_itself(text):
    pattern = escape_like(text)
    as_regex = re.sub(
        r"\\(.)|(%)|(_)|(.)",
        lambda m: re.escape(m[1] or m[4]) if m[1] or m[4] else (".*" if m[2] else "."),
        pattern,
    )

    assert re.fullmatch(as_regex, text)
    assert not fnmatch.fnmatchcase("zz", text) or not re.fullmatch(as_regex, "zz")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ana@school.example", True), ("ana", False), ("", False), ("a b@school.example", False)],
)
def test_an_address_has_its_shape(text, expected):
    assert is_email(text) is expected


@pytest.mark.parametrize(
    ("kept", "left", "expected"),
    [
        (Standing.VALID, 91, Standing.VALID),
        (Standing.VALID, 90, Standing.EXPIRING),
        (Standing.VALID, 0, Standing.EXPIRING),
        (Standing.VALID, -1, Standing.EXPIRED),
        (Standing.EXPIRING, 0, Standing.EXPIRING),
        (Standing.EXPIRING, -1, Standing.EXPIRED),
        (Standing.SUSPENDED, -1, Standing.SUSPENDED),
        (Standing.WITHDRAWN, 5, Standing.WITHDRAWN),
    ],
)
def test_a_standing_follows_the_calendar_before_daily_work_does(kept, left, expected):
    today = date(2028, 11, 25)

    assert standing_on(kept, today + timedelta(days=left), today, 90) is expected
