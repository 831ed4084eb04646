"""Lists that are worked on while others are, or while a person changes them."""

from contextlib import closing
from datetime import timedelta
from io import BytesIO
from itertools import count
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, func, select, update

from cissapp.foundation.background.rules import TaskKind
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.bulk import step_size
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.errors import Missing, Problem, Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.school_lists import queries
from cissapp.people.school_lists.models import SchoolList, SchoolListPart
from cissapp.people.school_lists.rules import ListColumn, ListState
from cissapp.people.school_lists.services import (
    finish_interrupted,
    forgetting,
    leftovers,
    reading,
    storing,
    turns,
    work,
)
from tests.factories import NOW
from tests.people.school_lists.steps import take_small_steps

FILE = b"region;code;name;locality;language\n" + b"".join(
    b"MD-OR;%d;Liceul nr. %d;Orhei;ro\n" % (number, number) for number in range(4)
)


@pytest.fixture
def store_lists(app, make, monkeypatch):
    """Store lists of four parts that have not been read yet; their ids."""
    take_small_steps(monkeypatch, 1)
    person = make.user(Role.COORDINATOR)
    group_id = person.group_id

    def stored(number):
        made = []
        for _ in range(number):
            with app.app_context(), unit_of_work():
                found = storing.store_list(
                    BytesIO(FILE), "list.csv", group_id=group_id, by=person, at=NOW, store=files()
                )
                made.append(found.id)
        return made

    return stored


@pytest.fixture
def opened(monkeypatch):
    """The files that are opened."""
    real, found = storing.parts_in, []

    def watched(file, *how):
        found.append(file)
        return real(file, *how)

    monkeypatch.setattr(storing, "parts_in", watched)
    return found


@pytest.fixture
def hands(monkeypatch):
    """A watch that goes on by a second at each look, so that a turn is one part."""
    found = SimpleNamespace(seconds=count())
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=lambda: next(found.seconds)))
    monkeypatch.setattr(turns, "SECONDS_OF_A_TURN", 0.5)
    monkeypatch.setattr(turns, "_memories", {})
    return found


def elsewhere(statement):
    """Commit a change of another process."""
    with db.engine.begin() as other:
        other.execute(statement)


def meanwhile(monkeypatch, statement):
    """Let another process make a change while the first part of a file is read."""
    real, waiting = reading.FileParts.take, [statement]

    def take(*values):
        part = real(*values)
        if waiting:
            elsewhere(waiting.pop())
        return part

    monkeypatch.setattr(reading.FileParts, "take", take)


def state_of(app, *columns):
    with app.app_context():
        return [tuple(row) for row in session.execute(select(*columns))]


def test_lists_that_take_turns_are_opened_once_each(app, store_lists, opened, hands):
    waiting, ended = store_lists(2), []

    with app.app_context():
        while waiting:
            list_id = waiting.pop(0)
            (waiting if turns.go_on_in_background(list_id, NOW) else ended).append(list_id)

    assert [file.closed for file in opened] == [True, True]
    assert turns._memories == {}
    assert state_of(app, SchoolList.state, SchoolList.rows) == [(ListState.READ, 4)] * 2


@pytest.mark.one_database("sqlite")
def test_few_files_stay_open_and_none_for_long(app, store_lists, opened, hands):
    first, *others = store_lists(3)

    with app.app_context():
        for list_id in (first, *others):
            turns.go_on_in_background(list_id, NOW)
        few = [file.closed for file in opened]
        hands.seconds = count(100)
        turns.go_on_in_background(first, NOW)

    assert few == [True, False, False]
    assert [file.closed for file in opened] == [True, True, True, False]
    turns._memories[first].memory.close()
    assert opened[-1].closed


def test_a_first_part_that_takes_long_does_not_use_up_the_turn(app, store_lists, monkeypatch):
    now = [0.0]
    real = turns.go_on

    def slow(*values, **named):
        now[0] += 30 if now[0] == 0 else 5
        return real(*values, **named)

    monkeypatch.setattr(turns, "go_on", slow)
    monkeypatch.setattr(turns, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(turns, "_memories", {})
    (list_id,) = store_lists(1)

    with app.app_context():
        assert turns.go_on_in_background(list_id, NOW) is None

    assert state_of(app, SchoolList.rows) == [(4,)]


def test_a_turn_that_fails_closes_the_file(app, store_lists, opened, hands, monkeypatch):
    def fails(*_values):
        raise OSError("disk full")

    monkeypatch.setattr(storing, "keep_part", fails)
    (list_id,) = store_lists(1)

    with app.app_context(), pytest.raises(OSError, match="disk full"):
        turns.go_on_in_background(list_id, NOW)

    assert [file.closed for file in opened] == [True]
    assert turns._memories == {}


@pytest.mark.both_databases
def test_a_part_that_was_read_in_an_earlier_encoding_is_not_kept(
    app, store_lists, opened, hands, monkeypatch
):
    (list_id,) = store_lists(1)
    meanwhile(monkeypatch, update(SchoolList).values(charset="cp1252"))

    with app.app_context():
        assert turns.go_on_in_background(list_id, NOW) is not None
    assert state_of(app, SchoolListPart.place) == []
    with app.app_context():
        while turns.go_on_in_background(list_id, NOW):
            continue

    assert len(opened) == 2
    assert state_of(app, SchoolList.state, SchoolList.rows) == [(ListState.READ, 4)]


@pytest.mark.both_databases
def test_a_list_that_is_discarded_while_it_is_read_is_finished(
    app, store_lists, hands, monkeypatch
):
    (list_id,) = store_lists(1)
    meanwhile(monkeypatch, delete(SchoolList))

    with app.app_context():
        assert turns.go_on_in_background(list_id, NOW) is None

    assert state_of(app, SchoolList.id) == state_of(app, SchoolListPart.id) == []


# --- rows that nobody needs any more ---------------------------------------------------------


@pytest.fixture
def deleted(monkeypatch):
    """How many parts were left after each transaction that deleted some; it deletes three at most."""
    monkeypatch.setattr(forgetting, "PARTS_AT_ONCE", 3)
    real, left = forgetting.forget_some, []

    def watched(list_id):
        more = real(list_id)
        left.append(session.scalar(select(func.count(SchoolListPart.id))))
        return more

    monkeypatch.setattr(forgetting, "forget_some", watched)
    return left


@pytest.mark.both_databases
def test_a_long_list_that_is_discarded_is_deleted_in_steps_and_found_by_nobody_meanwhile(
    app, list_id, deleted, monkeypatch
):
    asked = []
    monkeypatch.setattr(turns, "do_soon", lambda *task, **_at: asked.append(task))

    with app.app_context():
        with unit_of_work():
            found = session.get_one(SchoolList, list_id)
            group_id = found.group_id
            turns.discard(found, at=NOW, store=files())
        meanwhile = (queries.school_list(list_id), queries.newest_lists(group_id))
        again = turns.go_on_in_background(list_id, NOW)

    assert (meanwhile, asked, again) == ((None, []), [(TaskKind.SCHOOL_LIST, list_id)], None)
    assert deleted == [1, 0]
    assert state_of(app, SchoolList.id) == []


@pytest.mark.both_databases
def test_the_rows_of_an_old_list_are_deleted_in_steps_even_if_the_first_time_was_over(
    app, list_id, deleted, monkeypatch
):
    later = NOW + timedelta(days=31)
    elsewhere_imported = update(SchoolList).values(state=ListState.IMPORTED, imported_at=NOW)
    over = iter([True])
    monkeypatch.setattr(forgetting, "is_time_over", lambda: next(over, False))

    with app.app_context():
        elsewhere(elsewhere_imported)
        first = finish_interrupted(at=later, store=files())
        with pytest.raises(Refused), unit_of_work():
            work.start(session.get_one(SchoolList, list_id), ListState.UNDOING, by=SYSTEM, at=later)
        then = [finish_interrupted(at=later, store=files()) for _ in range(2)]

    assert (first, then, deleted) == (1, [1, 0], [1, 0])
    assert state_of(app, SchoolList.state, SchoolList.rows) == [(ListState.IMPORTED, 0)]


@pytest.mark.both_databases
@pytest.mark.parametrize("fails", [False, True], ids=["well", "failed"])
def test_a_long_file_that_is_read_again_replaces_its_rows_in_steps(
    app, list_id, deleted, monkeypatch, fails
):
    monkeypatch.setattr(turns, "READ_AT_ONCE", 0)
    monkeypatch.setattr(turns, "do_soon", lambda *_task, **_at: None)
    real = storing.parts_in

    def torn(*how):
        parts = real(*how)
        yield next(parts)
        raise Refused(Problem("file", "torn"))

    with app.app_context():
        with unit_of_work():
            found = session.get_one(SchoolList, list_id)
            turns.read_again(found, "cp1251", at=NOW, store=files())
        monkeypatch.setattr(storing, "parts_in", torn if fails else real)
        assert turns.go_on_in_background(list_id, NOW) is None

    kept = state_of(app, SchoolList.state, SchoolList.rows, SchoolList.problem)
    if fails:
        assert (deleted, kept) == ([1, 0, 0], [(ListState.FAILED, 0, ["torn", {}])])
    else:
        assert (deleted, kept) == ([1, 0], [(ListState.READ, 4, None)])
        assert sorted(state_of(app, SchoolListPart.place)) == [(0,), (1,), (2,), (3,)]


# --- choices of a person ---------------------------------------------------------------------


@pytest.fixture
def list_id(app, store_lists):
    """A list that has been read."""
    (made,) = store_lists(1)
    with app.app_context(), unit_of_work():
        reading.read_here(session.get(SchoolList, made), at=NOW, store=files())
    return made


@pytest.mark.both_databases
def test_a_list_whose_import_begins_while_its_file_is_looked_at_keeps_its_rows(
    app, list_id, monkeypatch
):
    real = storing.first_look

    def look(*values, **named):
        elsewhere(update(SchoolList).values(state=ListState.IMPORTING))
        return real(*values, **named)

    monkeypatch.setattr(storing, "first_look", look)

    with app.app_context(), pytest.raises(Refused), unit_of_work():
        found = session.get(SchoolList, list_id)
        storing.begin_again(found, "cp1252", at=NOW, store=files())

    assert state_of(app, SchoolList.state, SchoolList.rows) == [(ListState.IMPORTING, 4)]
    assert len(state_of(app, SchoolListPart.id)) == 4


def choose_columns(found):
    columns = {heading: ListColumn(said) for heading, said in found.columns.items()}
    storing.choose_columns(found, columns, changes_schools=False, keeps_duplicates=False, at=NOW)


CHANGES = {
    "columns": choose_columns,
    "meanings": lambda found: storing.choose_meanings(found, {}, at=NOW),
    "discard": lambda found: turns.discard(found, at=NOW, store=files()),
}


# On SQLite a writer has been alone since it loaded the list.
@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_list_that_somebody_else_began_with_is_not_changed(app, list_id, change):
    with app.app_context(), pytest.raises(Refused), unit_of_work():
        found = session.get(SchoolList, list_id)
        elsewhere(update(SchoolList).values(state=ListState.IMPORTING, next_place=2))
        change(found)

    kept = state_of(app, SchoolList.state, SchoolList.next_place, SchoolList.counts)
    assert kept == [(ListState.IMPORTING, 2, {})]


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_list_that_somebody_else_has_discarded_is_missing(app, list_id, change):
    with app.app_context(), pytest.raises(Missing), unit_of_work():
        found = session.get(SchoolList, list_id)
        elsewhere(delete(SchoolListPart))
        elsewhere(delete(SchoolList))
        change(found)


def test_a_list_that_somebody_deletes_while_another_is_finished_does_no_harm(
    app, store_lists, monkeypatch
):
    _first, second = store_lists(2)
    real = leftovers.finish_now

    def finish(list_id, *, store):
        elsewhere(delete(SchoolListPart).where(SchoolListPart.list_id == second))
        elsewhere(delete(SchoolList).where(SchoolList.id == second))
        real(list_id, store=store)

    monkeypatch.setattr(leftovers, "finish_now", finish)
    with app.app_context():
        assert finish_interrupted(at=NOW + timedelta(days=1), store=files()) == 2

    assert state_of(app, SchoolList.state) == [(ListState.READ,)]


def test_a_part_that_was_looked_at_in_vain_is_then_checked_as_if_for_the_first_time(
    app, store_lists, monkeypatch
):
    (list_id,) = store_lists(1)
    real, moves = storing.lock_list, iter([False, True])

    def moved_meanwhile(locked_id):
        found = real(locked_id)
        if next(moves, False):  # somebody pressed “Continue”
            found.moved_at += timedelta(seconds=1)
        return found

    with app.app_context(), closing(work.Memory()) as memory:
        found = session.get_one(SchoolList, list_id)
        work.finish_now(found.id, store=files())
        with unit_of_work():
            columns = {heading: ListColumn(said) for heading, said in found.columns.items()}
            ticks = {"changes_schools": False, "keeps_duplicates": False}
            storing.choose_columns(found, columns, **ticks, at=NOW)
        monkeypatch.setattr(storing, "lock_list", moved_meanwhile)
        places = []
        for _ in range(4):
            with unit_of_work():
                work.go_on(found, memory, at=NOW, store=files())
            places.append(found.next_place)

    assert places == [1, 1, 2, 3]
    assert state_of(app, SchoolList.counts) == [({"created": 3, "invited": 0},)]


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("seconds", "rows"), [(1, [100, 50, 50, 50]), (0, [100, 150])], ids=["slow", "quick"]
)
@pytest.mark.parametrize("finish", ["here", "in the background"])
def test_a_step_is_sized_by_how_long_the_last_one_was_written(
    app, make, monkeypatch, seconds, rows, finish
):
    person, begun = make.user(Role.COORDINATOR), []
    watch = SimpleNamespace(monotonic=lambda ticks=count(0, seconds): next(ticks))
    monkeypatch.setattr(step_size, "time", watch)
    real = step_size.StepSize.begin
    monkeypatch.setattr(
        step_size.StepSize, "begin", lambda size, rows: (begun.append(rows), real(size, rows))
    )
    lines = [b"MD-OR;%d;Liceul nr. %d;Orhei;ro\n" % (number, number) for number in range(250)]
    with app.app_context(), unit_of_work():
        found = storing.store_list(
            BytesIO(FILE.splitlines(keepends=True)[0] + b"".join(lines)),
            "list.csv",
            group_id=person.group_id,
            by=person,
            at=NOW,
            store=files(),
        )
        reading.read_here(found, at=NOW, store=files())
        columns = {heading: ListColumn(said) for heading, said in found.columns.items()}
        storing.choose_columns(
            found, columns, changes_schools=False, keeps_duplicates=False, at=NOW
        )
        list_id = found.id

    with app.app_context():
        if finish == "here":
            work.finish_now(list_id, store=files())
        else:
            assert turns.go_on_in_background(list_id, NOW) is None

    assert begun == rows


@pytest.mark.both_databases
@pytest.mark.parametrize("state", [ListState.IMPORTING, ListState.UNDOING])
def test_the_time_that_a_list_waits_for_another_is_no_part_of_its_step(
    app, list_id, monkeypatch, state
):
    watch = SimpleNamespace(now=0.0, monotonic=lambda: watch.now)
    monkeypatch.setattr(step_size, "time", watch)
    with app.app_context():
        memory = work.Memory()
        memory.size = step_size.StepSize(step_size.ALONE)
        with unit_of_work():
            found = session.get_one(SchoolList, list_id)
            choose_columns(found)
        work.finish_now(found.id, store=files())
        with unit_of_work():
            storing.go_through(found, state, at=NOW)
        for name in ("lock_list", "lock_register"):
            monkeypatch.setattr(storing, name, waiting(getattr(storing, name), watch))

        with unit_of_work(), closing(memory):
            work.go_on(found, memory, at=NOW, store=files())
        memory.size.end()

    assert (watch.now, memory.size.rows) == (120, 200)


def waiting(take, watch):
    """Take a lock after a minute."""

    def wait(*of):
        watch.now += 60
        return take(*of)

    return wait
