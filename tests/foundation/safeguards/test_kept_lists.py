"""Lists beside the database lose nothing: not to another process, not to a restored backup, not to a store that is away."""

import json
from uuid import uuid4

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.safeguards.kept_removals import REMOVALS
from cissapp.foundation.safeguards.models import Removal
from cissapp.foundation.safeguards.rules import RemovalReason
from tests.factories import NOW


class Store:
    """A file store in memory; `meanwhile` is what another process does while this one writes."""

    def __init__(self):
        self.kept, self.meanwhile = {}, None

    def get(self, key):
        if key not in self.kept:
            raise FileNotFoundError(key)
        return self.kept[key]

    def replace(self, key, content):
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        self.kept[key] = content


@pytest.fixture
def removed(app, make):
    by = make.user(Role.REVIEWER)

    def removed() -> str:
        with app.app_context(), unit_of_work():
            row = Removal(
                school_id=uuid4(),
                subject_type="self_score",
                subject_id=uuid4(),
                reason=RemovalReason.CHILD_NAMED,
                removed_at=NOW,
                removed_by_id=by.id,
            )
            session.add(row)
            session.flush()
            return str(row.id)

    return removed


def ids_in(store):
    return {one["id"] for one in json.loads(store.kept[REMOVALS.key])["removals"]}


def test_an_older_list_that_is_written_last_is_written_once_more(app, removed):
    store = Store()
    first, second = removed(), []

    def another_process():
        second.append(removed())
        with app.app_context():
            REMOVALS.keep(store)

    store.meanwhile = another_process
    with app.app_context():
        REMOVALS.keep(store)

    assert ids_in(store) == {first, *second}


def test_a_line_that_a_restored_database_does_not_know_stays(app, removed):
    store = Store()
    older = {"id": str(uuid4()), "removed_at": "2025-01-01T00:00:00+00:00", "reason": "child_named"}
    store.kept[REMOVALS.key] = json.dumps({"format": REMOVALS.format, "removals": [older]}).encode()
    known = removed()

    with app.app_context():
        REMOVALS.keep(store)

    listed = json.loads(store.kept[REMOVALS.key])["removals"]
    assert [one["id"] for one in listed] == [older["id"], known]
    assert listed[0] == older


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"format": "other", "removals": []}',
        b'{"format": "ciss-removals-1", "removals": [{"id": ["1"], "removed_at": 2}]}',
    ],
)
def test_what_is_no_list_is_written_anew(app, removed, content):
    store = Store()
    store.kept[REMOVALS.key] = content
    known = removed()

    with app.app_context():
        REMOVALS.keep(store)

    assert ids_in(store) == {known}


def test_a_store_that_is_away_stops_nobody_and_is_named_in_the_log(app, caplog):
    class Away(Store):
        def get(self, key):
            raise OSError("away")

    with app.app_context():
        REMOVALS.keep(Away())

    assert "the list could not be stored: removals" in caplog.text
