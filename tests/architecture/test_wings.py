"""The page of each wing names its rooms, all of them and no others, and what it names in them is there."""

import ast
import re
from functools import cache

import pytest

import cissapp.factory  # noqa: F401 -- with it come the tables of all rooms
from cissapp.foundation.core.db import db
from config import ROOT
from tests.architecture.pictures import wings_of_code, wings_of_contracts

PAGES = ROOT / "docs" / "wings"
WINGS = wings_of_contracts()
ROOM_OF = {room: wing for wing, rooms in WINGS.items() for room in rooms}
IN_A_ROOM = re.compile(r"`([a-z]+)\.([A-Za-z_]+)`")


def rows_under(heading: str, page: str) -> list[list[str]]:
    """Return the cells of the rows of the first table under a heading."""
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def page_of(wing: str) -> str:
    return (PAGES / f"{wing}.md").read_text(encoding="utf-8")


@cache
def names_of_room(room: str) -> set[str]:
    """Return the functions, classes and values that the code of a room defines."""
    names: set[str] = set()
    for path in (ROOT / "cissapp" / ROOM_OF[room] / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def test_each_wing_has_its_page():
    assert {path.stem for path in PAGES.glob("*.md")} == {*WINGS, "README"}
    assert {wing for wing, rooms in wings_of_code().items() if rooms} == set(WINGS)


@pytest.mark.parametrize("wing", WINGS)
def test_a_page_names_the_rooms_of_its_wing_in_their_order(wing: str):
    rooms = [row[0].strip("`") for row in rows_under("Rooms", page_of(wing))]

    assert rooms == WINGS[wing]


@pytest.mark.parametrize("wing", WINGS)
def test_what_a_page_names_in_a_room_is_there(wing: str):
    named = [(room, name) for room, name in IN_A_ROOM.findall(page_of(wing)) if room in ROOM_OF]

    assert named
    assert [f"{room}.{name}" for room, name in named if name not in names_of_room(room)] == []


@pytest.mark.parametrize("wing", WINGS)
def test_the_tables_that_a_page_names_are_there(wing: str):
    tables = {table.name for table in db.metadatas[None].tables.values()}
    named = {
        name
        for row in rows_under("The way of the data", page_of(wing))
        for name in re.findall(r"`([a-z_]+)`", row[4])
    }

    assert named <= tables


@pytest.mark.parametrize("wing", WINGS)
def test_a_page_is_a_screen_and_a_half_at_most(wing: str):
    assert len(page_of(wing).splitlines()) <= 75
