"""What is kept of a typed text."""

import pytest

from cissapp.foundation.web.forms import tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202a+380 44 123 45 67\u202c", "+380 44 123 45 67"),
        ("\ufeffLyceum\u200b No. 4\u2069", "Lyceum No. 4"),
        ("\u202egpj.exe", "gpj.exe"),
        ("  line\r\nline\x07  ", "line\nline"),
        ("e\u0301cole", "école"),
        (None, None),
    ],
)
def test_text_is_kept_without_what_nobody_sees(typed, kept):
    assert tidy(typed) == kept
