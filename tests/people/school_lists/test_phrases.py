"""What became of a row, in words."""

import pytest

from cissapp.people.school_lists.phrases import reason_of
from cissapp.people.school_lists.rules import RowOutcome, RowResult
from tests.people.school_lists.test_rules import read


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"region": ""}, "Fill in “Region”."),
        ({"language": ""}, "Fill in “Language of the school”."),
        ({"code": "x" * 41}, "“Code in the country’s register” can have up to 40 characters."),
        ({"locality": "x" * 121}, "“Town or village” can have up to 120 characters."),
        ({"head_email": "a@b.example", "head_name": "x" * 121}, "“Name of the person” can have up to 120 characters."),
    ],
)  # fmt: skip
def test_a_reason_names_the_column_as_its_page_does(cells, reason):
    assert reason_of(RowResult(RowOutcome.REFUSED, tuple(read(**cells).problems)), str) == reason
