"""Plain text on paper: what can be printed, where lines break, how small it may become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.paper.fonts import FONTS, OFFICE_SERIF, SANS, file_of, width_of
from cissapp.foundation.paper.text import (
    HARD_SPACE,
    LONGEST,
    LONGEST_KEPT,
    Style,
    Unprintable,
    drawn,
    fitted,
    legible,
    lines_of,
    on_one_line,
    on_two_lines,
    printable,
)

PLAIN = Style(SANS, 10, 14)
LETTERS = "Ștefan Țipala Ґалаґан Їжачок Ёлочка Ўсцінаў „“«»’–…№·•"


@pytest.mark.parametrize("font", FONTS)
def test_every_font_has_a_file_and_the_letters_of_our_languages(font: str):
    assert file_of(font).read_bytes()[:4] == b"\x00\x01\x00\x00"
    assert printable(LETTERS) == LETTERS
    assert width_of(LETTERS, font, 10) > 100


def test_the_office_face_is_as_wide_as_the_serif_one():
    assert width_of(LETTERS, OFFICE_SERIF, 10) == width_of(LETTERS, FONTS[0], 10)


@given(
    st.text(f"{LETTERS}{HARD_SPACE}→ab ", max_size=2 * LONGEST_KEPT),
    st.sampled_from(FONTS),
    st.floats(5, 80),
)
def test_a_text_is_as_wide_as_the_library_says_at_every_size(text: str, font: str, size: float):
    for _again in range(2):
        assert Style(font, size, size).width(text) == width_of(drawn(text), font, size)


def test_letters_are_put_together_before_they_are_printed():
    assert printable("e\u0301cole") == "école"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Ann 🏫", "U+1F3EB"),
        ("a\u202eb", "U+202E"),
        ("two\nlines", "U+000A"),
        ("x" * (LONGEST + 1), f"{LONGEST + 1} characters do not fit"),
    ],
)
def test_what_the_fonts_lack_is_refused_by_its_name(text: str, why: str):
    with pytest.raises(Unprintable) as refused:
        printable(text)

    assert str(refused.value) == why


def test_what_the_fonts_lack_can_become_a_question_mark():
    assert legible("학교 🏫 of\nOrhei") == "?? ? of\nOrhei"
    assert legible(f"4{HARD_SPACE}km, 116\u2011111") == f"4{HARD_SPACE}km, 116\u2011111"


def test_marks_that_only_look_different_are_drawn_as_the_fonts_have_them():
    assert drawn("☐ ask → tell") == "[ ] ask -> tell"
    assert legible("☐ ask → tell") == "☐ ask → tell"
    assert drawn(f"4{HARD_SPACE}km, 5\u202fm, 116\u2011111") == "4 km, 5 m, 116-111"


def test_a_line_breaks_at_its_blanks_and_not_at_hard_ones():
    width = PLAIN.width("one two three")

    assert lines_of("one two three four", PLAIN, width) == ["one two three", "four"]
    assert lines_of(f"one two three{HARD_SPACE}four", PLAIN, width) == [
        "one two",
        f"three{HARD_SPACE}four",
    ]
    assert lines_of("", PLAIN, width) == []


def test_a_word_that_is_wider_than_the_line_is_cut():
    assert lines_of(f"a {'x' * 12} b", PLAIN, PLAIN.width("xxxxx")) == [
        "a",
        "xxxxx",
        "xxxxx",
        "xx b",
    ]
    assert lines_of("xyz", PLAIN, 1) == ["x", "y", "z"]


def test_a_text_becomes_smaller_until_it_fits():
    width = PLAIN.width("one two three") / 2

    lines, style = fitted("one two three", PLAIN, on_one_line, width, smallest=3)

    assert (lines, style) == (["one two three"], Style(SANS, 5, 7))
    assert fitted("one two three", PLAIN, on_two_lines, width * 1.4, smallest=3)[1] == PLAIN


def test_a_text_that_does_not_fit_at_all_is_refused():
    with pytest.raises(Unprintable, match="13 characters do not fit"):
        fitted("one two three", PLAIN, on_one_line, 5, smallest=9)
