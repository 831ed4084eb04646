"""A long list, one page at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

Row = TypeVar("Row")
Rows = TypeVar("Rows", bound="Select[Any]")


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """One page of a list: its rows, how many the whole list has, and which page of how many it is."""

    rows: list[Row]
    total: int
    page: int
    pages: int


def page_of(
    query: Rows,
    wanted: int,
    *,
    size: int,
    total: int,
    fetch: Callable[[Rows], Iterable[Row]],
) -> ListPage[Row]:
    """Return the wanted page of what a query finds; a number that no page has is the nearest one."""
    pages = max(1, -(-total // size))
    page = min(max(wanted, 1), pages)
    rows = fetch(query.limit(size).offset((page - 1) * size))
    return ListPage(list(rows), total, page, pages)
