"""Stored JSON as canonical text: the same as that of the value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.bulk.json_texts import canonical_text
from cissapp.foundation.core.db import canonical
from cissapp.foundation.core.engines.json_columns import column_json

TEXTS = st.text(st.characters(codec=None, categories=None, exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_text_is_that_of_the_value(value):
    assert canonical_text(column_json(value)) == canonical(json.loads(column_json(value)))


@pytest.mark.parametrize(
    "stored",
    [
        '{"b": 1, "a": {"d": "ї", "c": null}}',
        '{"a": 1e16, "b": 0.1}',
        '{"a": 123456789012345678901234567890, "b": -123456789012345678901234567890}',
        r'{"a": "\ud800", "b": "\u0000\u001f\u007f\u2028\/"}',
        '{"a": NaN}',
        '{"a": 1, "a": 2}',
    ],
)
def test_what_only_python_writes_alike_is_left_to_it(stored):
    assert canonical_text(stored) == canonical(json.loads(stored))
