"""A list in pages: every row on one of them, and no number without a page."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Select, Table, create_engine, select

from cissapp.foundation.core.pages import ListPage, page_of

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
