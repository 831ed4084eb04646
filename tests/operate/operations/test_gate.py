"""So many requests work at once, a few wait, and all others are answered at once."""

from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from cissapp.foundation.core.db import db
from cissapp.foundation.web.overload import TOO_MANY
from cissapp.operate.operations.serving import places
from cissapp.operate.operations.serving.gate import LONGEST_BODY, Gate
from cissapp.operate.operations.serving.places import (
    AT_ONCE,
    LONGEST_EXPECTED,
    STANDS_AFTER,
    WAITING,
    Places,
)

ANSWERED, SENT_AWAY = "answered", "sent away"


class Work:
    """An application in which each request works until it is let go."""

    def __init__(self) -> None:
        self.begun: Queue[str] = Queue()
        self.let_go = Event()

    def __call__(self, environ: dict[str, Any], _start: object) -> list[bytes]:
        if TOO_MANY in environ:
            return [SENT_AWAY.encode()]
        self.begun.put(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/work":
            self.let_go.wait()
        return [ANSWERED.encode()]


def ask(asked: Callable[..., Any], path: str, **more: Any) -> str:
    return b"".join(asked({"PATH_INFO": path, **more}, lambda *_: None)).decode()


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    yield work
    work.let_go.set()


def test_each_place_has_a_connection_that_stays_open(app):
    with app.app_context():
        assert db.engine.pool.size() == AT_ONCE


def test_who_finds_no_place_is_sent_away_and_who_waits_has_a_turn(work, monkeypatch):
    monkeypatch.setattr(places, "PATIENCE", 60)
    asked, answers = Gate(work, whole=False), Queue()
    threads = [
        Thread(target=lambda: answers.put(ask(asked, "/work"))) for _ in range(AT_ONCE + WAITING)
    ]
    for thread in threads:
        thread.start()
    for _ in range(AT_ONCE):
        work.begun.get(timeout=60)
    while asked.places.waiting < WAITING:
        pass

    sent = [ask(asked, "/work"), ask(asked, "/healthz")]
    work.let_go.set()
    for thread in threads:
        thread.join()
    after = ask(asked, "/work")

    assert sent == [SENT_AWAY, ANSWERED]
    assert [answers.get() for _ in threads] == [ANSWERED] * (AT_ONCE + WAITING)
    assert after == ANSWERED


def test_who_waited_for_long_is_sent_away(work, monkeypatch):
    monkeypatch.setattr(places, "PATIENCE", 0.001)
    asked = Gate(work, whole=False)
    threads = [Thread(target=ask, args=(asked, "/work")) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for _ in threads:
        work.begun.get(timeout=60)

    assert ask(asked, "/page") == SENT_AWAY
    work.let_go.set()
    for thread in threads:
        thread.join()
    assert ask(asked, "/page") == ANSWERED


class Row:
    """All places taken at a moment that the test tells, and people who come one after the other."""

    def __init__(self) -> None:
        self.now = 0.0
        self.places = Places(lambda: self.now)
        self.threads: list[Thread] = []
        self.turns: Queue[int] = Queue()
        for _ in range(AT_ONCE):
            assert self.places.enter()

    def waits(self) -> None:
        """Let one more come, who will wait."""
        number, before = len(self.threads), self.places.waiting
        thread = Thread(target=lambda: self.places.enter() and self.turns.put(number))
        self.threads.append(thread)
        thread.start()
        while self.places.waiting == before:
            pass

    def leaves(self, after: float) -> int:
        """Let a place become free so much later, and return whose turn it is."""
        self.now += after
        self.places.leave()
        return self.turns.get(timeout=60)


@pytest.fixture
def row(monkeypatch) -> Iterator[Row]:
    monkeypatch.setattr(places, "PATIENCE", 60)
    row = Row()
    yield row
    for _ in range(len(row.threads)):
        row.places.leave()
    for thread in row.threads:
        thread.join()


def test_who_came_first_is_next(row):
    for _ in range(3):
        row.waits()

    assert [row.leaves(0.01) for _ in range(3)] == [0, 1, 2]


def test_nobody_begins_to_wait_who_would_wait_for_too_long(row):
    slowly = LONGEST_EXPECTED / 4.5
    for _ in range(AT_ONCE + 4):
        row.waits()
    for _ in range(AT_ONCE):
        row.leaves(slowly)  # four left: a fifth would wait for too long

    sent_away = not row.places.enter()
    row.leaves(slowly)
    row.waits()  # three before: that is short enough

    assert sent_away
    assert row.places.waiting == 4


def test_many_who_come_at_once_are_not_judged_by_the_first_turn_alone(row):
    for _ in range(3 * AT_ONCE):
        row.waits()
    row.leaves(LONGEST_EXPECTED / AT_ONCE)  # the seven beside it are as far
    row.waits()

    assert row.places.waiting == 3 * AT_ONCE


def test_nobody_joins_a_queue_that_stands(row):
    row.waits()
    row.now += STANDS_AFTER + 0.01

    assert not row.places.enter()
    row.leaves(0.0)
    row.waits()  # of the queue before nothing is known any more


def test_a_place_is_given_back_after_an_error():
    def breaks(_environ: object, _start: object) -> list[bytes]:
        raise KeyError

    asked = Gate(breaks, whole=True)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(KeyError):
            ask(asked, "/page")


class Slow(BytesIO):
    """A body of which each piece is looked at."""

    def __init__(self, content: bytes, asked: Gate) -> None:
        super().__init__(content)
        self.free: list[int] = []
        self.gate = asked

    def read(self, size: int | None = -1) -> bytes:
        self.free.append(self.gate.places.free)
        return super().read(size)


@pytest.mark.parametrize("head", ["length", "chunked"])
def test_a_body_is_read_and_an_answer_is_written_down_outside_the_gate(head):
    closed: list[bool] = []

    def parts(environ: dict[str, Any]) -> Iterator[bytes]:
        try:
            yield b"got "
            yield environ["wsgi.input"].read()
        finally:
            closed.append(True)

    asked = Gate(lambda environ, _start: parts(environ), whole=True)
    body = Slow(b"typed", asked)
    heads = {"length": {"CONTENT_LENGTH": "5"}, "chunked": {"HTTP_TRANSFER_ENCODING": "chunked"}}
    answer = asked({"PATH_INFO": "/", "wsgi.input": body, **heads[head]}, lambda *_: None)

    assert (set(body.free), closed, asked.places.free) == ({AT_ONCE}, [True], AT_ONCE)
    assert answer == [b"got typed"]


def test_a_long_answer_waits_in_a_file():
    parts = [b"x" * 70_000] * 30
    asked = Gate(lambda _environ, _start: iter(parts), whole=True)

    with closing(asked({"PATH_INFO": "/"}, lambda *_: None)) as answer:
        assert b"".join(answer) == b"".join(parts)


def test_a_body_that_is_too_long_is_left_for_the_application_to_refuse():
    body = BytesIO(b"x" * 100)
    asked = Gate(lambda environ, _start: [str(environ["wsgi.input"].tell()).encode()], whole=True)

    found = ask(asked, "/", **{"wsgi.input": body, "CONTENT_LENGTH": str(LONGEST_BODY + 1)})

    assert found == "0"
