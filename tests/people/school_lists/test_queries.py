"""Which part of a list comes next; on both databases."""

import pytest
from sqlalchemy import select, update

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.models import SchoolListPart
from cissapp.people.school_lists.rules import ListColumn, ListState
from cissapp.people.school_lists.services import storing, work
from cissapp.people.schools.services import many
from tests.factories import NOW
from tests.plans import plans

FILE = b"region;code;name;locality;language\n" + b"".join(
    b"MD-OR;%d;Liceul nr. %d;Orhei;ro\n" % (number, number) for number in range(4)
)


@pytest.fixture
def checking(app, make, monkeypatch):
    """A list of four parts of which none was checked yet."""
    monkeypatch.setattr(storing, "ROWS_A_PART", 1)
    person = make.user(Role.COORDINATOR)
    with app.app_context(), unit_of_work():
        found = storing.store_list(
            FILE, "list.csv", group_id=person.group_id, by=person, at=NOW, store=files()
        )
        work.read_here(found, at=NOW, store=files())
        columns = {heading: ListColumn(said) for heading, said in found.columns.items()}
        storing.choose_columns(
            found, columns, changes_schools=False, keeps_duplicates=False, at=NOW
        )
        yield found


def mark(state, *places):
    chosen = SchoolListPart.place.in_(places)
    session.execute(update(SchoolListPart).where(chosen).values(done_for=state))


def test_the_next_part_is_looked_for_from_the_last_one_on(checking):
    mark(ListState.CHECKING, 0, 2)

    assert queries.next_part(checking).place == 1
    assert queries.next_part(checking, 1).place == 3
    assert queries.next_part(checking, 3, backwards=True).place == 1


def test_a_part_that_lies_before_the_last_one_is_not_left_out(checking):
    mark(ListState.CHECKING, 1, 2, 3)

    assert queries.next_part(checking, 3).place == 0
    mark(ListState.CHECKING, 0)
    assert queries.next_part(checking, 3) is None


def test_a_part_is_gone_through_again_in_a_state_in_which_it_was_before(checking):
    mark(ListState.CHECKING, 0, 1)
    mark(ListState.UNDOING, 2)

    storing.go_through_again(checking, ListState.CHECKING)

    marks = session.scalars(select(SchoolListPart.done_for).order_by(SchoolListPart.place)).all()
    assert marks == [None, None, ListState.UNDOING, None]


@pytest.mark.one_database("sqlite")
def test_the_schools_of_a_part_are_found_by_what_it_says_of_them(app):
    """Without statistics, as in a new register, all schools of a country were read for each part of a list."""

    def ask():
        queries.schools_by_code([("MD", "1"), ("MD", "2")])
        queries.schools_by_sound(["one", "two"], ["MD"], NOW)
        many.give_way({("MD", "1"), ("MD", "2")})

    with app.app_context(), unit_of_work():
        steps = [line for line in plans(ask) if line.startswith("SEARCH school USING")]

    by_code = "SEARCH school USING INDEX sqlite_autoindex_school_2 (country_code=? AND code=?)"
    by_sound = "SEARCH school USING INDEX ix_school_heard_key (heard_key=?)"
    assert steps == [by_code, by_sound, by_code]
