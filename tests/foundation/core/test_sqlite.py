"""Whose turn it is to write to a file of SQLite: order, limits, and what happens to who is gone."""

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.engines import sqlite
from cissapp.foundation.core.engines.sqlite import WriterQueue

SOON, NEVER = 5.0, 0.05
HOLDER = """
import sys
from cissapp.foundation.core.engines.sqlite import WriterQueue
queue = WriterQueue(sys.argv[1])
assert queue.enter(5)
print("has it", flush=True)
sys.stdin.read()
"""

# What was registered first is called last.
LATE = """
import atexit, sys
atexit.register(lambda: (queue.leave(), print("left it")))
from cissapp.foundation.core.engines.sqlite import WriterQueue
queue = WriterQueue(sys.argv[1])
assert queue.enter(5)
"""


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "ciss.db")


def waits_at_the_door(database):
    """Whether somebody stands at the door: then it can not be held."""
    with Path(f"{database}-door").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def is_free(database):
    """Whether nobody has the turn."""
    stranger = WriterQueue(database)
    free = stranger.enter(NEVER)
    if free:
        stranger.leave()
    return free


def until(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it never came so far")


@pytest.mark.parametrize("kept_in", ["a file", "memory"])
def test_one_thread_after_the_other(database, kept_in):
    queue, inside, most = WriterQueue(database if kept_in == "a file" else None), [], []

    def write():
        for _ in range(20):
            assert queue.enter(SOON)
            inside.append(1)
            time.sleep(0.0001)
            most.append(len(inside))
            inside.pop()
            queue.leave()

    threads = [Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1] * 120


def test_who_waits_in_another_process_is_next(database):
    """Two turns on one file exclude each other as two processes do."""
    here, there, order = WriterQueue(database), WriterQueue(database), []
    assert here.enter(SOON)

    def wait():
        assert there.enter(SOON)
        order.append("there")
        there.leave()

    waiting = Thread(target=wait)
    waiting.start()
    until(lambda: waits_at_the_door(database))
    here.leave()
    assert here.enter(SOON)
    order.append("here")
    here.leave()
    waiting.join()

    assert order == ["there", "here"]


def test_who_waited_in_vain_is_told_and_keeps_nobody_else_from_it(database):
    here, there = WriterQueue(database), WriterQueue(database)

    assert here.enter(SOON)
    assert [there.enter(NEVER), here.enter(NEVER)] == [False, False]
    here.leave()

    assert there.enter(NEVER)
    there.leave()


def test_where_its_files_can_not_be_made_nobody_waits_for_them(tmp_path):
    queue = WriterQueue(str(tmp_path / "nowhere" / "ciss.db"))

    assert [queue.enter(SOON), queue.enter(SOON)] == [False, False]


def test_a_process_that_is_killed_gives_its_turn_back(database):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout
        holder.stdout.readline()
        assert not is_free(database)
        holder.send_signal(signal.SIGKILL)

    assert is_free(database)


def test_who_still_writes_while_a_process_ends_can_pass_the_turn_on(database):
    done = subprocess.run(
        [sys.executable, "-c", LATE, database], capture_output=True, text=True, check=True
    )

    assert (done.stdout, done.stderr) == ("left it\n", "")


@pytest.fixture
def engine(database, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", NEVER)
    found = create_engine(f"sqlite:///{database}")
    sqlite.listen(found, is_writing=lambda: True)
    yield found
    found.dispose()


def test_a_write_gives_its_turn_back_however_it_ends(engine, database):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE told (word TEXT)"))
        assert not is_free(database)
    with pytest.raises(KeyError), engine.begin() as connection:
        connection.execute(text("INSERT INTO told VALUES ('lost')"))
        raise KeyError
    with engine.connect() as connection:  # ends without a word: taken back
        connection.execute(text("INSERT INTO told VALUES ('lost too')"))

    assert is_free(database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM told")).scalar() == 0


def test_a_connection_that_writes_twice_has_its_turn_once(engine, database):
    with engine.connect() as connection:
        for word in ("one", "two"):
            connection.execute(text(f"CREATE TABLE {word} (word TEXT)"))
            connection.commit()

    assert is_free(database)


def test_files_are_closed_with_the_engine(engine, database):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE told (word TEXT)"))
    queue = WriterQueue(database)
    assert queue.enter(NEVER)
    del queue

    assert is_free(database)  # a file that is closed holds nothing


def test_the_turn_is_about_order_and_the_lock_of_the_database_about_safety(engine, database):
    """Whoever does not know of turns is kept out all the same, and the writer gets the known error."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE told (word TEXT)"))
    stranger = create_engine(f"sqlite:///{database}")
    with stranger.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with (
            engine.connect() as connection,
            pytest.raises(OperationalError, match="database is locked"),
        ):
            connection.execute(text("INSERT INTO told VALUES ('too early')"))
        other.rollback()
    stranger.dispose()

    assert is_free(database)
