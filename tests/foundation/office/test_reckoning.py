"""What a column of a formula says on paper."""

import pytest

from cissapp.foundation.office.reckoning import reckon

FORMULAS = {
    "score": "={likely}*{grave}*{class}",
    "share": "={counted}*100/{asked}",
    "change": "={share}-{before}",
    "whole": "=ROUND({counted}*100/{asked},0)",
    "hard": "=IF({likely}>1,1,0)",
}


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("score", {"likely": "2", "grave": "3", "class": "3"}, "18"),
        ("score", {"likely": "2", "grave": "", "class": "3"}, ""),
        ("score", {"likely": "2", "grave": "often", "class": "3"}, ""),
        ("share", {"counted": "1", "asked": "3"}, "33.3"),
        ("share", {"counted": "1", "asked": "0"}, ""),
        ("change", {"counted": "1", "asked": "2", "before": "62,5"}, "-12.5"),
        ("change", {"counted": "1", "asked": "2"}, ""),
        ("whole", {"counted": "1", "asked": "8"}, "13"),
        ("whole", {"counted": "1", "asked": "3"}, "33"),
        ("hard", {"likely": "2"}, ""),
    ],
)
def test_a_formula_is_reckoned_where_every_cell_is_a_number(name, row, said):
    assert reckon(name, row, FORMULAS) == said
