"""A person's file: all that is theirs, and nothing of others."""

import json
import re
from io import BytesIO
from zipfile import ZipFile

from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.oversee.personal_data.queries.exports import held_of
from cissapp.oversee.personal_data.queries.schema import tables
from cissapp.oversee.personal_data.rules.columns import Place
from cissapp.oversee.personal_data.services.exporting import FORMAT, pack
from cissapp.people.accounts.models import User
from tests.factories import NOW
from tests.oversee.personal_data.planting import Planted, plant

MINE, OTHERS = "Ana words of mine", "Bo words of others"


def test_the_file_holds_every_row_of_the_person_and_no_word_of_another(planted_rows):
    planted = Planted(1, Role.REVIEWER, "Ana Moraru", "ana@group.example", MINE)
    plant(planted)
    other = Planted(2, Role.REVIEWER, "Bo Rusu", "bo@group.example", OTHERS)
    plant(other)
    # Done by the other to a row of the person, and by the person to a row of the other.
    known = {table.name: table for table, _places in tables()}
    for name, column in (("thread", "resolved_by_id"), ("guest_pass", "ended_by_id")):
        mine, theirs = planted.keys[name]["id"], other.keys[name]["id"]
        for key, by in ((mine, other.person_id), (theirs, planted.person_id)):
            row = known[name].update().where(known[name].c.id == key)
            session.execute(row.values({column: by}))

    held = held_of(session.get_one(User, planted.person_id))
    text = json.dumps([one.rows for one in held], ensure_ascii=False)

    expected = {
        table.name: {
            *places.at(Place.OWN, Place.ADDRESS),
            *(places.at(Place.TEXT, Place.FROZEN) if places.at(Place.OWNER, Place.WRITER) else ()),
        }
        for table, places in tables()
        if places.at(Place.OWNER, Place.WRITER, Place.ADDRESS)
    }
    found = {one.table: set().union(*one.rows) for one in held}
    for name, columns in expected.items():
        if name in {"invitation", "join_request", "guest_pass"}:  # of whom the address is
            columns |= set()
        assert columns <= found.get(name, set()), name
    assert "Bo" not in text
    assert other.email not in text
    assert str(other.person_id) not in text
    hidden = {name for _table, places in tables() for name in places.at(Place.HIDDEN)}
    shown = {name for one in held for row in one.rows for name in row}
    assert not {one for one in hidden & shown if re.search("hash|token|salt", one)}


def test_the_file_is_readable_by_people_and_programs(planted_rows):
    planted = Planted(1, Role.SCHOOL_MANAGER, "Ana Moraru", "ana@school.example", MINE)
    plant(planted)
    held = held_of(session.get_one(User, planted.person_id))

    packed = pack(held, "<p>page</p>", at=NOW)

    with ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == ["data.html", "data.json"]
        document = json.loads(archive.read("data.json"))
    assert document["format"] == FORMAT
    assert [one["table"] for one in document["tables"]] == [one.table for one in held]
    assert packed == pack(held, "<p>page</p>", at=NOW)
