"""The worker: shut in, and whatever it does wrong is a refusal."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from cissapp.foundation.core.errors import Busy, Problem, Refused
from cissapp.foundation.intake import examine, isolation
from cissapp.foundation.intake import worker_pool as isolated
from cissapp.foundation.intake.reasons import RejectionReason
from cissapp.foundation.intake.sentences import SENTENCES
from cissapp.foundation.intake.worker_pool import WorkerSlots
from tests.foundation.intake.pdfs import drawn

PROBE = """
import importlib.util, json, os, resource, socket, subprocess, sys
spec = importlib.util.spec_from_file_location("worker", sys.argv[1])
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)
confinement = worker._confinement()
confinement.limit(memory=worker.MEMORY)
for kind in worker.MODULES:
    worker._load(kind)
confinement.shut_in("ctypes.")
tries = {
    "network": lambda: socket.socket(),
    "process": lambda: subprocess.Popen(["true"]),
    "fork": os.fork,
    "shell": lambda: os.system("true"),
    "write": lambda: open(sys.argv[2], "w"),
    "remove": lambda: os.remove(sys.argv[1]),
    "memory": lambda: bytearray(700_000_000),
}
results = {}
for name, action in tries.items():
    try:
        action()
        results[name] = "done"
    except (OSError, MemoryError) as error:
        results[name] = type(error).__name__
application = {"flask", "sqlalchemy", "reportlab", "config", "cissapp.foundation.core.db"}
print(json.dumps([results, sorted(application & set(sys.modules)), dict(os.environ)]))
"""


def test_the_worker_can_do_nothing_but_read_and_answer(tmp_path: Path):
    command = [sys.executable, "-I", "-c", PROBE, str(isolation.WORKER), str(tmp_path / "a")]
    done = subprocess.run(command, capture_output=True, check=True, env={})

    tries, application, environment = json.loads(done.stdout)

    assert tries == dict.fromkeys(
        ("network", "process", "fork", "shell", "write", "remove"), "PermissionError"
    ) | {"memory": "MemoryError"}
    assert application == []
    assert set(environment) <= {"LC_CTYPE"}
    assert not (tmp_path / "a").exists()


def refusal() -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        examine(drawn(), "policy.pdf")
    return refused.value.problems


@pytest.mark.parametrize(
    "script",
    ["import os; os.kill(os.getpid(), 11)", "raise MemoryError", "print('no answer')", "print()", "print('[]')",
     "while True: pass", 'print(\'{"kind": "pdf"}\')', 'print(\'{"reason": "none that is known"}\')',
     "import sys; sys.stdin.buffer.read(); sys.exit(3)"],
)  # fmt: skip
def test_a_worker_that_fails_is_a_refusal(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "worker.py").write_text(script)
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    monkeypatch.setattr(isolation, "SECONDS", 0.5)
    # One that never ends has its second of processor time, however long that takes.
    monkeypatch.setattr(isolated, "CLOCK_TIMES", 120)

    assert refusal() == (Problem("file", SENTENCES[RejectionReason.NOT_CHECKED]),)


@pytest.mark.parametrize(
    "script", ["import time; time.sleep(60)", "import os; os.kill(os.getpid(), 9)"]
)
def test_a_machine_that_is_busy_or_short_of_memory_does_not_blame_the_file(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "worker.py").write_text(script)
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    monkeypatch.setattr(isolated, "CLOCK_TIMES", 0.1)

    assert refusal() == (Problem("file", isolated.TRY_AGAIN),)


def test_a_worker_that_cannot_start_does_not_blame_the_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert refusal() == (Problem("file", isolated.TRY_AGAIN),)


def test_a_sound_file_is_taken_on_a_machine_whose_processors_others_have():
    """Its check has less than half of a processor, so that on the clock it takes as long as many seconds."""
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(3 * (os.cpu_count() or 2))
    ]
    try:
        assert examine(drawn(pages=3), "policy.pdf").pages == 3
    finally:
        for one in others:
            one.kill()
            one.wait()


def test_one_waits_for_a_place_but_not_for_ever(monkeypatch: pytest.MonkeyPatch):
    places = WorkerSlots(1, 1)
    monkeypatch.setattr(isolated, "SLOTS", places)
    monkeypatch.setattr(isolated, "SECONDS_IN_QUEUE", 0.05)

    with places.held(0):
        assert refusal() == (Problem("file", isolated.TRY_AGAIN),)
    assert examine(drawn(), "policy.pdf").pages == 1


def test_the_queue_is_short():
    """Who comes when the queue is full is told so at once: a server keeps threads for the others."""
    places, told, ended = WorkerSlots(1, 2), [], Event()

    def waits() -> None:
        with places.held(10):
            told.append("looked into")

    with places.held(0):
        waiting = [Thread(target=waits) for _ in range(2)]
        for one in waiting:
            one.start()
        while places._waiting < 2:
            ended.wait(0.01)
        with pytest.raises(Busy), places.held(10):
            pass
    for one in waiting:
        one.join()
    assert told == ["looked into"] * 2


def test_the_place_is_given_back_after_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(isolated, "SLOTS", WorkerSlots(1, 0))
    (tmp_path / "worker.py").write_text("raise SystemExit(1)")
    worker = isolation.WORKER
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    refusal()
    monkeypatch.setattr(isolation, "WORKER", worker)

    assert examine(drawn(), "policy.pdf").pages == 1
