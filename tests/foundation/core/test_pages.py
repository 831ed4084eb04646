"""A list in pages: every row on one of them, and no number without a page."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Select, Table, create_engine, select

from cissapp.foundation.core.pages import (
    KeyPage,
    ListPage,
    PagePlace,
    key_page,
    page_of,
    place_given,
)

NUMBERS = Table("number", MetaData(), Column("n", Integer))
ENGINE = create_engine("sqlite://")


def of_numbers(count: int, wanted: int, size: int) -> ListPage[int]:
    """The page that is asked for of the numbers below `count`."""

    def fetch(query: Select) -> list[int]:
        with ENGINE.begin() as connection:
            NUMBERS.drop(connection, checkfirst=True)
            NUMBERS.create(connection)
            if count:
                connection.execute(NUMBERS.insert(), [{"n": n} for n in range(count)])
            return list(connection.scalars(query))

    return page_of(select(NUMBERS.c.n).order_by("n"), wanted, size=size, total=count, fetch=fetch)


def test_an_empty_list_has_one_empty_page():
    assert of_numbers(0, 7, 50) == ListPage(rows=[], total=0, page=1, pages=1)


def test_a_page_behind_the_last_is_the_last_one():
    assert of_numbers(5, 9, 2) == ListPage(rows=[4], total=5, page=3, pages=3)
    assert of_numbers(5, -1, 2) == ListPage(rows=[0, 1], total=5, page=1, pages=3)


@given(st.integers(0, 60), st.integers(1, 20))
def test_the_pages_together_are_the_list(count: int, size: int):
    pages = of_numbers(count, 1, size).pages
    found = [of_numbers(count, number, size) for number in range(1, pages + 1)]

    assert [n for page in found for n in page.rows] == list(range(count))
    assert all(len(page.rows) == size for page in found[:-1])
    assert [page.page for page in found] == list(range(1, pages + 1))


# --- by key --------------------------------------------------------------------------------------

PAIRS = Table("pair", MetaData(), Column("a", Integer), Column("b", Integer))


def key_pages(pairs: set[tuple[int, int]], size: int, *, falling: bool = False):
    """A function that gives the page of these pairs from a place on; a place is named by its pair."""
    with ENGINE.begin() as connection:
        PAIRS.drop(connection, checkfirst=True)
        PAIRS.create(connection)
        if pairs:
            connection.execute(PAIRS.insert(), [{"a": a, "b": b} for a, b in pairs])

    def fetch(query: Select) -> list[tuple[int, int]]:
        with ENGINE.begin() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def page(place: PagePlace | None = None) -> KeyPage[tuple[int, int]]:
        start = (tuple(map(int, place.row.split())), place) if place else None
        return key_page(
            select(PAIRS),
            (PAIRS.c.a, PAIRS.c.b),
            size=size,
            fetch=fetch,
            name=lambda pair: f"{pair[0]} {pair[1]}",
            start=start,
            falling=falling,
        )

    return page


@given(
    st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40),
    st.integers(1, 9),
    st.booleans(),
)
def test_the_pages_by_key_together_are_the_list_there_and_back(pairs, size, falling):
    page = key_pages(pairs, size, falling=falling)
    there = [page()]
    while there[-1].later:
        there.append(page(PagePlace(there[-1].later)))
    back = there[-1:]
    while back[-1].earlier:
        back.append(page(PagePlace(back[-1].earlier, back=True)))

    assert [pair for one in there for pair in one.rows] == sorted(pairs, reverse=falling)
    assert [one.rows for one in reversed(back)] == [one.rows for one in there]
    assert all(len(one.rows) == size for one in there[:-1])
    assert there[0].total == (len(pairs) if len(there) == 1 else None)


def test_a_place_is_behind_a_row_or_before_one():
    assert place_given("x", None) == PagePlace("x")
    assert place_given(None, "x") == PagePlace("x", back=True)
    assert place_given(None, "") is None
