"""The order of pages, and which of them wait to be read."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.documents.photographs.rules import Direction, moved
from cissapp.prepare.documents.rules import TextSource
from cissapp.prepare.documents.rules.sources import MOST_READ, pages_with, sources_of

ids = st.lists(st.uuids(), min_size=1, max_size=24, unique=True)


@given(ids, st.data())
def test_a_page_that_moves_and_moves_back_is_where_it_was(order: list[UUID], data):
    place = data.draw(st.integers(0, len(order) - 1))
    down = moved(order, order[place], Direction.DOWN)

    assert sorted(down) == sorted(order)
    if place == len(order) - 1:
        assert down == order
    else:
        assert down.index(order[place]) == place + 1
        assert moved(down, order[place], Direction.UP) == order


@given(st.lists(st.sampled_from(["", " \n", "text"]), max_size=MOST_READ + 5))
def test_blank_pages_wait_to_be_read_and_others_are_the_files_own(texts: list[str]):
    sources = sources_of(texts)
    blank = [number for number, text in enumerate(texts, 1) if not text.strip()]

    assert pages_with(sources, TextSource.WAITING) == [one for one in blank if one <= MOST_READ]
    assert sources is None or len(sources) == len(texts)
