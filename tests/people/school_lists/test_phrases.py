"""What became of a row, in words."""

import pytest

from cissapp.foundation.core.errors import Problem
from cissapp.people.school_lists.phrases import reason_of
from cissapp.people.school_lists.rules import RowOutcome, RowResult
from cissapp.people.school_lists.services.deciding import DIFFERS
from tests.people.school_lists.test_rules import read


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"region": ""}, "Fill in “Region”."),
        ({"language": ""}, "Fill in “Language of the school”."),
        ({"language": "x"}, "The language must be one of Română, Русский, Українська."),
        ({"code": "x" * 41}, "“School code in the ministry’s register” can have up to 40 characters."),
        ({"locality": "x" * 121}, "“Town or village” can have up to 120 characters."),
        ({"head_email": "a@b.example", "head_name": "x" * 121}, "“Name of the person” can have up to 120 characters."),
    ],
)  # fmt: skip
def test_a_reason_names_the_column_as_its_page_does(cells, reason):
    assert reason_of(RowResult(RowOutcome.REFUSED, tuple(read(**cells).problems)), str) == reason


def test_a_reason_names_all_columns_in_the_language_of_the_page():
    problem = Problem("row", DIFFERS, {"columns": "pupils, region, name"})
    words = {
        "Number of pupils": "кількість учнів",
        "Region": "регіон",
        "Name of the school": "назва",
    }

    said = reason_of(RowResult(RowOutcome.DIFFERS, (problem,)), lambda text: words.get(text, text))

    assert said == "The register has something different in: кількість учнів, регіон, назва."
