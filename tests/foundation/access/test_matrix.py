"""The matrix: complete, printed, and changed only on purpose."""

from pathlib import Path

from cissapp.foundation.access.commands import matrix_text

PRINTED = Path(__file__).with_name("matrix.txt")


def test_a_change_of_policy_is_a_visible_line():
    assert matrix_text() == PRINTED.read_text(encoding="utf-8")
