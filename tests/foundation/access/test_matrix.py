"""The matrix: complete, printed, and changed only on purpose."""

from pathlib import Path

from cissapp.foundation.access.commands import matrix_text
from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission

PRINTED = Path(__file__).with_name("matrix.txt")


def test_every_right_has_its_row():
    assert set(MATRIX) == set(Permission)


def test_a_change_of_policy_is_a_visible_line():
    assert matrix_text() == PRINTED.read_text(encoding="utf-8")
