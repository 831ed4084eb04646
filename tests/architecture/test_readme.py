"""README tells the truth: its picture is the order of imports, and each rule is where it says."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from config import ROOT
from tests.architecture.pictures import (
    README,
    wings_of_code,
    wings_of_contracts,
    wings_of_readme,
)

RULES = README.partition("| question | file | there |\n|---|---|---|\n")[2].partition("\n\n")[0]
ROWS = [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in RULES.splitlines()]


def files_of(place: str) -> list[Path]:
    """List the files that a place names: a file, all code of a folder, or each file of a pattern."""
    pattern = re.sub(r"<\w+>", "*", place)
    if place.endswith("/"):
        return sorted((ROOT / place).glob("*.py"))
    return sorted(ROOT.glob(pattern))


def names_of_code(path: Path) -> set[str]:
    """Return the names that code defines or speaks of, without those in texts and comments."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)} | {
        node.id for node in nodes if isinstance(node, ast.Name)
    }
    return defined | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def keys_of_content(path: Path) -> set[str]:
    """Return all keys of a file of content, however deep."""

    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for inner in value.values() for name in keys(inner)}
        return (
            {name for inner in value for name in keys(inner)} if isinstance(value, list) else set()
        )

    return keys(yaml.safe_load(path.read_text(encoding="utf-8")))


def names_in(path: Path) -> set[str]:
    return keys_of_content(path) if path.suffix == ".yaml" else names_of_code(path)


def test_the_picture_is_the_order_of_imports():
    assert wings_of_readme() == wings_of_contracts()


def test_the_picture_names_every_room_and_nothing_else():
    drawn = {wing: set(rooms) for wing, rooms in wings_of_readme().items()}

    assert drawn == {wing: rooms for wing, rooms in wings_of_code().items() if rooms}


def test_there_are_rows():
    assert len(ROWS) >= 18
    assert {len(row) for row in ROWS} == {3}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1].strip("`"))
def test_a_rule_is_where_it_says(row):
    places = re.findall(r"`([^`]+)`", row[1])
    files = [path for place in places for path in files_of(place)]
    told, symbols = row[2], re.findall(r"`(\w+)`", row[2])

    assert all(files_of(place) for place in places)
    assert symbols, told
    assert set(symbols) <= {name for path in files for name in names_in(path)}


def test_readme_is_one_page():
    assert len(README.splitlines()) <= 95
