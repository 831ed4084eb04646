"""Receipts: what we wrote we read, and nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.learn.learning.rules import receipts

KEY = receipts.receipt_key("for tests only, and long enough to pass")
NOW = datetime(2026, 11, 25, 14, 3, 22, 123456, tzinfo=UTC)
RECEIPT = receipts.receipt_of_answer(UUID(int=7), 3, 2, NOW, ["b", "d"])


@given(
    st.uuids(),
    st.integers(1, 255),
    st.integers(0, 999_999),
    st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    st.lists(st.text(max_size=20), max_size=6),
)
def test_what_was_written_is_read_back(attempt, position, sequence, at, chosen):
    receipt = receipts.receipt_of_answer(attempt, position, sequence, at, chosen)

    assert receipts.read_receipt(receipts.write_receipt(receipt, KEY), KEY) == receipt


def test_a_receipt_is_short_and_can_be_typed():
    text = receipts.write_receipt(RECEIPT, KEY)

    assert len(text) < 90
    assert {len(group) for group in text.split("-")[:-1]} == {8}
    for typed in (text.lower(), text.replace("-", " "), f"  {text}\n", text.replace("-", "")):
        assert receipts.read_receipt(typed, KEY) == RECEIPT


def test_every_changed_character_is_found():
    text = receipts.write_receipt(RECEIPT, KEY)

    for place, old in enumerate(text):
        for new in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
            if old != "-" and new != old:
                assert receipts.read_receipt(text[:place] + new + text[place + 1 :], KEY) is None


@pytest.mark.parametrize("text", ["", "-", "A", "not a receipt!", "é" * 70, "A" * 71, "A" * 5000])
def test_what_is_no_receipt_is_none(text):
    assert receipts.read_receipt(text, KEY) is None


def test_another_installation_wrote_another_receipt():
    other = receipts.receipt_key("of somebody else, and also long enough")

    assert receipts.read_receipt(receipts.write_receipt(RECEIPT, other), KEY) is None


def test_another_answer_has_another_digest():
    digests = {
        receipts.digest_of(chosen) for chosen in ([], ["a"], ["b"], ["a", "b"], ["ab"], ["b", "a"])
    }

    assert len(digests) == 6
    later = receipts.receipt_of_answer(
        UUID(int=7), 3, 2, NOW + timedelta(microseconds=1), ["b", "d"]
    )
    assert receipts.write_receipt(later, KEY) != receipts.write_receipt(RECEIPT, KEY)
