"""The data map: no column without its place, no place without its column."""

import importlib
import pkgutil

import pytest
from sqlalchemy import JSON, Text, text

import cissapp
from cissapp.foundation.core.db import db, session
from cissapp.oversee.personal_data.rules.columns import (
    PEOPLE,
    WORDS,
    Keep,
    Kept,
    Place,
    Purpose,
    Rows,
    table,
)
from cissapp.oversee.personal_data.rules.tables import PARTS, TABLES


@pytest.fixture(scope="module", autouse=True)
def _every_table():
    """Know every table, whatever the application imports by itself."""
    for module in pkgutil.walk_packages(cissapp.__path__, "cissapp."):
        if "models" in module.name.split("."):
            importlib.import_module(module.name)


def test_every_column_of_the_schema_has_its_place_and_no_place_is_left_over():
    schema = {one.name: set(one.c.keys()) for one in db.metadatas[None].tables.values()}

    assert {name: set(places.columns) for name, places in TABLES.items()} == schema
    assert len(TABLES) == sum(len(part.TABLES) for part in PARTS)


def test_every_account_that_a_row_points_to_is_a_person_of_the_map():
    for one in db.metadatas[None].tables.values():
        for column in one.columns:
            points = any(key.target_fullname == "person.id" for key in column.foreign_keys)
            if points or column.name.endswith("_by_id"):
                assert TABLES[one.name].columns[column.name] in PEOPLE, f"{one.name}.{column.name}"


def test_words_are_texts_and_people_are_numbers():
    for one in db.metadatas[None].tables.values():
        for name, place in TABLES[one.name].columns.items():
            is_text = isinstance(one.c[name].type, Text | JSON)
            if place in WORDS:
                assert is_text, f"{one.name}.{name}"
            if place in PEOPLE:
                assert not is_text, f"{one.name}.{name}"


@pytest.mark.only_on("sqlite")
def test_what_an_erasure_changes_is_not_kept_from_changes_by_the_database(context):
    rows = session.execute(text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"))
    fixed = {table_name for table_name, name in rows if name.endswith(("_no_update", "_stays"))}

    assert len(fixed) > 20
    for name in fixed - {"visit_item"}:
        assert TABLES[name].at(Place.OWN, Place.TEXT, Place.ADDRESS) == [], name
        assert TABLES[name].rows is Rows.KEPT, name


def test_a_column_stands_in_one_place_and_a_frozen_text_says_why():
    with pytest.raises(ValueError, match="two places"):
        table("thing", Purpose.SCHOOL, Keep.SCHOOL, text="note", plain="id note")
    with pytest.raises(ValueError, match="exception"):
        table("thing", Purpose.SCHOOL, Keep.SCHOOL, frozen="note")
    with pytest.raises(ValueError, match="exception"):
        table("thing", Purpose.SCHOOL, Keep.SCHOOL, text="note", exception=Kept.CASE)
