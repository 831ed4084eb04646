"""Which draft a save may write over: never one that holds what another tab or device has typed."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.people.drafts.rules import (
    LETTERS_MOST,
    NAMES_MOST,
    DraftEntry,
    continued,
    is_too_large,
    is_untouched,
    same_text,
)


class Row(Struct):
    fields: dict[str, list[str]]
    hand: str = "first"
    version: int = 1
    id: UUID = field(default_factory=uuid4)


ROW = Row({"text": ["one"]}, version=3)
ENTRY = DraftEntry("/page", "Form", "second", {"text": ["two"]}, {}, ROW.id, 3)


def test_a_page_goes_on_with_the_version_that_it_has_shown():
    assert continued(ENTRY, [ROW]) is ROW


def test_a_newer_version_of_another_hand_is_left_alone():
    assert continued(replace(ENTRY, version=2), [ROW]) is None
    assert continued(replace(ENTRY, draft_id=None, version=0), [ROW]) is None


def test_the_same_view_goes_on_though_an_answer_was_lost():
    assert continued(replace(ENTRY, hand="first", version=1), [ROW]) is ROW


def test_the_same_text_is_one_draft():
    assert (
        continued(replace(ENTRY, draft_id=None, fields={"text": ["one"], "more": [""]}), [ROW])
        is ROW
    )


@given(
    versions=st.lists(st.integers(1, 3), max_size=3),
    known=st.integers(1, 3),
    hand=st.sampled_from(["first", "second"]),
    text=st.sampled_from(["one", "two"]),
)
def test_what_is_written_over_was_seen_or_is_ones_own(versions, known, hand, text):
    rows = [Row({"text": ["one"]}, version=one) for one in versions]
    entry = DraftEntry("/p", "F", hand, {"text": [text]}, {}, rows[0].id if rows else None, known)

    found = continued(entry, rows)

    if found is None:
        assert not rows or (hand == "second" and text == "two" and rows[0].version != known)
    else:
        assert (
            (found.id == entry.draft_id and found.version == known)
            or found.hand == hand
            or same_text(found.fields, entry.fields)
        )


def test_a_draft_is_as_large_as_a_form_at_most():
    assert not is_too_large({"text": ["x" * (LETTERS_MOST - 4)]})
    assert is_too_large({"text": ["x" * LETTERS_MOST]})
    assert is_too_large({str(number): [] for number in range(NAMES_MOST + 1)})


def test_nothing_typed_is_no_draft():
    assert is_untouched({"text": [""], "level": []}, {})
    assert not is_untouched({"text": ["x"]}, {})
