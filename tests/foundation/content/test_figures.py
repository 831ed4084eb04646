"""One mean and one rounding of levels."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.figures import exact, mean, rounded

LEVELS = st.lists(st.integers(0, 3), min_size=1, max_size=44)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(9, 8), "1.13"),
        (Fraction(23, 12), "1.92"),
        (Fraction(44, 23), "1.91"),
        (1.125, "1.13"),
        (2.675, "2.68"),
        (1.005, "1.01"),
        (Decimal("-0.125"), "-0.13"),
        (2, "2.00"),
        (0.0, "0.00"),
    ],
)
def test_a_half_is_rounded_up_also_where_binary_numbers_hide_it(value, expected):
    assert str(rounded(value)) == expected


@given(LEVELS)
def test_a_mean_is_exact_and_rounding_moves_it_by_half_a_hundredth_at_most(levels):
    found = mean(levels)

    assert found is not None
    assert found * len(levels) == sum(levels)
    assert abs(exact(rounded(found)) - found) <= Fraction(1, 200)


def test_of_nothing_there_is_no_mean():
    assert mean([]) is None


def test_what_certificates_hold_is_written_as_their_credentials_have_it():
    """Facts and credentials that are issued keep their figures, to the letter."""
    stored = [hundredths / 100 for hundredths in range(301)]

    assert [str(rounded(one)) for one in stored] == [f"{one:.2f}" for one in stored]
    assert [float(rounded(one)) for one in stored] == stored
