"""Which guides a search and a page ask for."""

from cissapp.people.guide.phrases import GUIDES
from cissapp.people.guide.rules import Guide, found, in_context

POLICY = Guide("policy", "Add a policy", ("Choose the file.",), None, frozenset({"documents"}))
FILE = Guide("file", "The file", ("Open it.",), None, frozenset({"documents", "reviews"}))
GUIDES_HERE = [POLICY, FILE]


def same(text: str) -> str:
    return text


def test_a_page_is_offered_the_guides_of_its_room():
    assert in_context(GUIDES_HERE, "reviews") == [FILE]
    assert in_context(GUIDES_HERE, "nothing") == []


def test_a_search_wants_every_word_and_puts_titles_first():
    assert found(GUIDES_HERE, "FILE", same) == [FILE, POLICY]
    assert found(GUIDES_HERE, "file choose", same) == [POLICY]
    assert found(GUIDES_HERE, "file school", same) == []


def test_a_search_reads_the_language_of_the_reader():
    translated = {"Add a policy": "Додайте політику"}

    assert found(GUIDES_HERE, "політику", lambda text: translated.get(text, text)) == [POLICY]


def test_every_guide_has_an_id_of_its_own():
    ids = [guide.id for guides in GUIDES.values() for guide in guides]

    assert len(ids) == len(set(ids))
    assert "print" not in ids
