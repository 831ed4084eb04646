"""A list in pages: every row is on one of them, there and back."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Select, Table, create_engine, func, select
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.db import session
from cissapp.foundation.core.pages import (
    KeyPage,
    PagePlace,
    is_longer,
    key_page,
    place_given,
    shown_page,
    stream_rows,
)

ENGINE = create_engine("sqlite://")
PAIRS = Table("pair", MetaData(), Column("a", Integer), Column("b", Integer))


def key_pages(
    pairs: set[tuple[int, int]], size: int, *, falling: bool = False, read: Callable = key_page
):
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
        return read(
            select(PAIRS),
            (PAIRS.c.a, PAIRS.c.b),
            size=size,
            fetch=fetch,
            name=lambda pair: f"{pair[0]} {pair[1]}",
            start=start,
            falling=falling,
        )

    return page


def test_who_goes_on_where_nothing_is_left_reads_the_first_page_and_a_program_an_empty_one():
    pairs, beyond = {(1, 1), (2, 2), (3, 3)}, PagePlace("7 7")

    shown, asked = (key_pages(pairs, 2, read=read)(beyond) for read in (shown_page, key_page))

    assert shown == key_pages(pairs, 2)()
    assert (asked.rows, asked.earlier, asked.later) == ([], "", "")


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


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize(
    "read",
    [
        lambda query, **more: list(stream_rows(query, **more)),
        lambda query, **more: is_longer(query, 1, **more),
    ],
)
def test_the_statements_of_a_file_can_have_a_limit_of_their_own(context, read):
    """It is longer than that of a page; here it is so short that it is reached."""
    slow: Select = select(func.pg_sleep(0.5))

    read(slow)
    with pytest.raises(OperationalError, match="statement timeout"):
        read(slow, seconds=0.05)
    session.rollback()

    assert session.execute(slow).all()


@pytest.mark.parametrize("row", ["a\0b", "\0"])
def test_a_place_that_no_database_can_be_asked_for_is_the_first_page(row: str):
    assert place_given(row, None) is None
    assert place_given(None, row) is None
