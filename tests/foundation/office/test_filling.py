"""What a school typed stands in a text as it was typed, whatever it looks like."""

from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.office.filling import BLANK, Filled, Value, fill, plain, table
from cissapp.foundation.office.manuscripts import Manuscript, plain_text_of

TYPED = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), min_codepoint=32),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip())


def said(text: str) -> str:
    return plain_text_of(Manuscript("", (), text, "en"))


@given(TYPED)
def test_typed_words_are_never_taken_for_signs(typed: str):
    assert said(plain(typed)) == " ".join(typed.split())


@given(TYPED)
def test_typed_words_stand_in_a_table_as_they_are(typed: str):
    assert said(table(["a"], [[plain(typed)]])) == f"a {' '.join(typed.split())}"


def test_values_are_put_in_and_what_is_missing_is_named():
    values = {
        "school": Value(
            plain("School {designated} *4*"), {"school.name": "School {designated} *4*"}
        ),
        "unused": Value("x", {"unused": "x"}),
    }

    assert fill("At {school}: {designated}, {school}.", values) == Filled(
        f"At {values['school'].text}: {BLANK}, {values['school'].text}.",
        {"school.name": "School {designated} *4*"},
        ("designated",),
    )
