"""The bell, on each of its queues: heard by another process's listener, deaf to code, patient with a queue that is away."""

import pickle
import sys
import threading
import time
from importlib import import_module
from multiprocessing import get_context
from types import SimpleNamespace

import pytest

from cissapp.foundation.background.services import bell as of_process
from cissapp.foundation.background.services import huey_bell, run_at_once
from cissapp.foundation.background.services.huey_bell import Bell, _Turn
from cissapp.foundation.background.services.registry import LOOKS
from cissapp.foundation.core.db import unit_of_work

PATIENCE = 20
# What is heard has nothing to do with the database.
pytestmark = pytest.mark.one_database("sqlite")


class Looks:
    """Counts how often was looked, and lets a test wait for it."""

    def __init__(self):
        self.count, self.heard, self.error = 0, threading.Semaphore(0), None

    def __call__(self, _stop):
        self.count += 1
        self.heard.release()
        if self.error:
            raise self.error

    def wait(self):
        return self.heard.acquire(timeout=PATIENCE)


@pytest.fixture
def looks(app, monkeypatch):
    found = Looks()
    for name in list(LOOKS):
        monkeypatch.delitem(LOOKS, name)
    monkeypatch.setitem(LOOKS, "mails", found)
    # Nobody looks by himself here: what is heard was rung for.
    monkeypatch.setattr(huey_bell.Bell, "_look_at_all", lambda _self: None)
    return found


@pytest.fixture(params=["sqlite", "redis"])
def url(request, tmp_path):
    if request.param == "redis":
        return request.getfixturevalue("redis").url
    return f"sqlite:///{tmp_path}/queue.db"


@pytest.fixture
def bells(app):
    """Makes bells, and ends them."""
    made = []

    def make(url):
        made.append(Bell(app, url))
        return made[-1]

    yield make
    for bell in made:
        bell.finish()


def test_the_service_hears_its_own_bell(bells, looks):
    bells("").ring("mails")

    assert looks.wait()


def test_a_worker_hears_the_service(bells, looks, url):
    service, worker = bells(url), bells(url)
    worker.listen()

    service.ring("mails")
    assert looks.wait()
    service.ring("mails", after=0.5)
    assert looks.wait()


def test_what_was_rung_before_the_worker_came_is_heard(bells, looks, url):
    bells(url).ring("mails")

    bells(url).listen()

    assert looks.wait()


def test_a_look_that_fails_is_told_and_the_next_one_comes(bells, looks, caplog):
    bell = bells("")
    looks.error = ValueError("broken")
    bell.ring("mails")
    assert looks.wait()
    looks.error = None
    bell.ring("mails")

    assert looks.wait()
    assert "could not be checked: mails" in caplog.text


class Trap:
    sprung = False

    def __reduce__(self):
        return (setattr, (Trap, "sprung", True))


def test_code_in_the_queue_does_not_run(bells, looks, url):
    """Whoever can write into the queue must not be able to do more than ring."""
    service, worker = bells(url), bells(url)
    service._huey.storage.enqueue(pickle.dumps(Trap()))
    service._huey.storage.enqueue(b"[]")
    worker.listen()
    service.ring("mails")

    assert looks.wait()
    assert not Trap.sprung


def test_a_bell_for_something_unknown_is_let_be(bells, looks):
    bell = bells("")
    bell.ring("nothing")
    bell.ring("mails")

    assert looks.wait()
    assert looks.count == 1


def test_without_redis_a_ring_costs_little_and_with_it_the_bell_is_heard_again(
    bells, looks, redis, monkeypatch, caplog
):
    monkeypatch.setattr(huey_bell, "REDIS_SECONDS", 0.2)
    service, worker = bells(redis.url), bells(redis.url)
    worker.listen()
    redis.kill()

    begun = time.monotonic()
    for _ in range(100):
        service.ring("mails")
    assert time.monotonic() - begun < 5
    assert caplog.text.count("could not be notified") == 1

    redis.start()
    service._quiet_until = 0.0
    service.ring("mails")
    assert looks.wait()


def test_what_is_due_later_is_rung_for_once_and_earlier_if_something_comes_before_it(app, tmp_path):
    """Each look asks for the next one; of a hundred looks in a minute a hundred rows of looks would go on."""
    bell = Bell(app, f"sqlite:///{tmp_path}/queue.db")
    waiting = bell._huey.storage.queue_size

    for _ in range(3):
        bell.ring("mails", after=30)
    assert waiting() == 1
    bell.ring("mails", after=5)
    bell.ring("webhooks", after=30)
    assert waiting() == 3
    bell.ring("mails")
    assert waiting() == 4
    bell._rings_at["mails"] = time.monotonic() - 0.1  # it has rung
    bell.ring("mails", after=30)
    assert waiting() == 5


def test_whoever_ends_does_first_what_was_rung_for(app, looks):
    bell = Bell(app, "")
    bell.ring("mails")

    bell.finish()

    assert looks.count >= 1


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_of_a_server_ends_with_what_was_rung_for(app, looks, monkeypatch, tmp_path):
    """It is split off from another one, so that what `atexit` was told is not called at its end."""
    monkeypatch.setitem(LOOKS, "mails", lambda _stop: (tmp_path / "looked").touch())
    process = get_context("fork").Process(target=lambda: of_process.bell_of(app).ring("mails"))

    process.start()
    process.join(PATIENCE)

    assert (process.exitcode, (tmp_path / "looked").exists()) == (0, True)


def test_one_looks_at_a_time_and_once_more_if_it_was_rung_for_meanwhile():
    turn, begun, go_on, running, most = _Turn(), threading.Event(), threading.Event(), [0], [0]
    looked = []

    def look():
        running[0] += 1
        most[0] = max(most[0], running[0])
        looked.append(None)
        begun.set()
        go_on.wait(PATIENCE)
        running[0] -= 1

    first = threading.Thread(target=turn.take, args=[look])
    first.start()
    assert begun.wait(PATIENCE)
    for _ in range(3):
        turn.take(look)  # returns at once
    go_on.set()
    first.join(PATIENCE)

    assert (len(looked), most[0]) == (2, 1)


def test_an_import_does_not_find_what_is_hidden_and_finds_it_afterwards(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with of_process._hidden(("colorsys", "json")):
        assert import_module("json")
        with pytest.raises(ModuleNotFoundError):
            import_module("colorsys")

    assert import_module("colorsys")


def test_nobody_is_rung_while_a_past_is_made(app, monkeypatch):
    rung = []
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setattr(of_process, "bell_of", lambda _app: SimpleNamespace(ring=rung.append))

    with app.app_context():
        with run_at_once(), unit_of_work():
            of_process.ring_after_commit("mails")
        assert rung == []
        with unit_of_work():
            of_process.ring_after_commit("mails")

    assert rung == ["mails"]
