"""Pages that are suggested by words found."""

from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.assessment.rules.page_suggestions import (
    LEAST_WORDS,
    MOST_LETTERS,
    MOST_PAGES_NAMED,
    SuggestedPage,
    suggest_pages,
    terms_of,
)
from tests.shipped import SHIPPED

TERMS = {"police": 2, "hotline": 1, "policy": 1, "holidays": 1}
WORDS = st.sampled_from(["police", "Hotline", "policies", "children", "holidays", "garden", "the"])
PAGES = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=8)


def test_pages_with_two_words_are_named_with_the_words_as_they_stand_there():
    pages = [
        "Welcome.",
        "Call the POLICE or a hotline.",
        "The police comes.",
        "Our policies, holidays.",
    ]

    assert suggest_pages(TERMS, pages) == [
        SuggestedPage(2, ("hotline", "police")),
        SuggestedPage(4, ("holidays", "policies")),
    ]


def test_words_are_found_in_their_forms_and_with_either_cedilla():
    terms = {"raportare": 2, "politie": 1, "строки": 1, "повідомлення": 2}

    assert suggest_pages(terms, ["Raportările ajung la poliţie."])[0].words == (
        "raportările",
        "poliţie",
    )
    assert suggest_pages(terms, ["Про повідомленням: строків дотримано."]) == [
        SuggestedPage(1, ("повідомленням", "строків"))
    ]


@given(PAGES)
def test_few_pages_are_named_each_with_words_that_stand_on_it(pages):
    hints = suggest_pages(TERMS, pages)

    assert len(hints) <= MOST_PAGES_NAMED
    assert len({hint.page for hint in hints}) == len(hints)
    for hint in hints:
        assert len(hint.words) >= LEAST_WORDS
        assert set(hint.words) <= set(pages[hint.page - 1].casefold().split())
    assert hints == suggest_pages(TERMS, pages)


def test_what_is_beyond_the_limit_is_not_searched():
    assert suggest_pages(TERMS, ["x" * MOST_LETTERS, "police hotline"]) == []


def test_the_words_of_a_criterion_tell_it_from_the_others():
    terms = terms_of(SHIPPED.standard, "B8", ["en", "uk"])

    assert {"escalation", "helpline", "authority"} <= set(terms)
    assert not {"children", "school"} & set(terms)
    assert terms["escalation"] == 2
    for criterion in SHIPPED.standard.criteria:
        assert terms_of(SHIPPED.standard, criterion.id, ["en"]), criterion.id
