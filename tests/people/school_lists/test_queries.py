"""Which part of a list comes next; on both databases."""

from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.models import SchoolListPart
from cissapp.people.school_lists.queries.work import work_of
from cissapp.people.school_lists.rules import ListColumn, ListState
from cissapp.people.school_lists.services import reading, storing
from cissapp.people.schools.services import many
from tests.factories import NOW
from tests.people.school_lists.steps import take_small_steps
from tests.plans import plans

FILE = b"region;code;name;locality;language\n" + b"".join(
    b"MD-OR;%d;Liceul nr. %d;Orhei;ro\n" % (number, number) for number in range(4)
)


@pytest.fixture
def checking(app, make, monkeypatch):
    """A list of four parts of which none was checked yet."""
    take_small_steps(monkeypatch, 1)
    person = make.user(Role.COORDINATOR)
    with app.app_context(), unit_of_work():
        found = storing.store_list(
            BytesIO(FILE), "list.csv", group_id=person.group_id, by=person, at=NOW, store=files()
        )
        reading.read_here(found, at=NOW, store=files())
        columns = {heading: ListColumn(said) for heading, said in found.columns.items()}
        storing.choose_columns(
            found, columns, changes_schools=False, keeps_duplicates=False, at=NOW
        )
        yield found


@pytest.mark.parametrize(
    ("state", "at", "places"),
    [
        (ListState.CHECKING, 0, [[0, 1, 2], [3]]),
        (ListState.IMPORTING, 2, [[2, 3]]),
        (ListState.IMPORTING, 4, []),
        (ListState.UNDOING, 3, [[1, 2, 3], [0]]),
        (ListState.UNDOING, -1, []),
    ],
)
def test_the_parts_come_in_their_order_and_are_undone_from_the_last(checking, state, at, places):
    checking.state, checking.next_place = state, at

    found = []
    while parts := queries.next_parts(checking, 3):
        found.append([part.place for part in parts])
        backwards = state is ListState.UNDOING
        checking.next_place = found[-1][0] - 1 if backwards else found[-1][-1] + 1

    assert found == places


@pytest.mark.parametrize(
    ("lengths", "state", "most", "taken"),
    [
        ([50, 50, 50, 1], ListState.UNDOING, 100, [50, 1]),
        ([200, 200, 50, 50], ListState.UNDOING, 300, [200, 50, 50]),
        ([200, 50], ListState.IMPORTING, 100, [200]),
    ],
)
def test_a_step_takes_no_more_rows_than_it_may_though_parts_differ(
    checking, lengths, state, most, taken
):
    """The last part of a list is short, and older releases stored longer ones."""
    parts = session.scalars(select(SchoolListPart).order_by(SchoolListPart.place))
    for part, length in zip(parts, lengths, strict=False):
        part.rows = [[number, []] for number in range(length)]
    session.execute(delete(SchoolListPart).where(SchoolListPart.place >= len(lengths)))
    checking.state = state
    checking.next_place = len(lengths) - 1 if state is ListState.UNDOING else 0

    found = queries.next_parts(checking, most)

    assert [len(part.rows) for part in found] == taken


@pytest.mark.one_database("sqlite")
def test_a_list_is_gone_through_from_its_first_part_and_undone_from_its_last(checking):
    begins = {}
    for state in (ListState.IMPORTING, ListState.UNDOING, ListState.CHECKING):
        storing.go_through(checking, state, at=NOW)
        begins[state] = (checking.state, checking.rows_done, checking.next_place)

    assert begins == {
        ListState.IMPORTING: (ListState.IMPORTING, 0, 0),
        ListState.UNDOING: (ListState.UNDOING, 0, 3),
        ListState.CHECKING: (ListState.CHECKING, 0, 0),
    }


@pytest.mark.only_on("sqlite")
def test_the_schools_of_a_part_are_found_by_what_it_says_of_them(app):
    """Without statistics, as in a new register, all schools of a country were read for each part of a list."""

    def ask():
        queries.schools_by_code([("MD", "1"), ("MD", "2")])
        queries.schools_by_sound(["one", "two"], ["MD"], NOW)
        queries.schools_of_towns(["one"], ["MD"], NOW)
        many.give_way({("MD", "1"), ("MD", "2")})

    with app.app_context(), unit_of_work():
        steps = [line for line in plans(ask) if line.startswith("SEARCH school USING")]

    by_code = "SEARCH school USING INDEX sqlite_autoindex_school_2 (country_code=? AND code=?)"
    by_sound = "SEARCH school USING INDEX ix_school_heard_key (heard_key=?)"
    by_town = "SEARCH school USING INDEX ix_school_heard_key (heard_key>? AND heard_key<?)"
    assert steps == [by_code, by_sound, by_town, by_code]


@pytest.mark.only_on("sqlite")
def test_no_table_of_work_is_read_once_for_each_school(app):
    with app.app_context(), unit_of_work():
        steps = plans(lambda: work_of([uuid4()]))

    assert len(steps) > 40
    assert [line for line in steps if "CORRELATED" in line] == []
    # Some of these grow with every message to all schools of a country.
    assert [line for line in steps if line.startswith("SCAN") and " asked" not in line] == []
