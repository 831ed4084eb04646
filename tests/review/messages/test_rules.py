"""Which text somebody reads, what keeps a message back, and how far it is."""

from hypothesis import given
from hypothesis import strategies as some

from cissapp.review.messages.rules import (
    MessageState,
    WrittenText,
    state_of,
    text_for,
    text_problems,
)

UKRAINIAN, ROMANIAN = WrittenText("uk", "Тема", "Текст"), WrittenText("ro", "Subiect", "Text")


def test_a_reader_gets_the_own_language_else_the_first_that_was_written():
    texts = {"uk": UKRAINIAN, "ro": ROMANIAN}

    assert [text_for(texts, code) for code in ("ro", "uk", "be")] == [
        ROMANIAN,
        UKRAINIAN,
        UKRAINIAN,
    ]


def test_a_message_needs_a_subject_and_a_text_in_one_language_at_least():
    empty = WrittenText("be", "", "")

    assert text_problems([UKRAINIAN, empty]) == []
    assert [one.code for one in text_problems([empty])] == ["texts"]
    assert [
        one.code for one in text_problems([WrittenText("uk", "", "a"), WrittenText("ro", "a", "")])
    ] == ["subject_uk", "body_ro"]


@given(some.booleans(), some.booleans(), some.integers(0, 5), some.integers(0, 5))
def test_a_message_is_at_one_state(confirmed, stopped, queued, more):
    state = state_of(confirmed=confirmed, stopped=stopped, queued=queued, total=queued + more)

    assert (state is MessageState.DRAFT) == (not confirmed)
    assert (state is MessageState.SENT) == (confirmed and more == 0)
