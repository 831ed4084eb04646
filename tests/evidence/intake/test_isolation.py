"""The worker: shut in, and whatever it does wrong is a refusal."""

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

import pytest

from cissapp.core.errors import Problem, Refused
from cissapp.evidence.intake import examine, isolation
from cissapp.evidence.intake.reasons import Reason
from cissapp.evidence.intake.sentences import SENTENCES
from tests.evidence.intake.pdfs import drawn

PROBE = """
import importlib.util, json, os, resource, socket, subprocess, sys
spec = importlib.util.spec_from_file_location("worker", sys.argv[1])
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)
confinement = worker._confinement()
confinement.limit(memory=worker.MEMORY, cpu_seconds=worker.CPU_SECONDS)
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
application = {"flask", "sqlalchemy", "reportlab", "config", "cissapp.core.db"}
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
    ["import os; os.kill(os.getpid(), 11)", "raise MemoryError", "print('no answer')", "print()", "print('[]')", "import time; time.sleep(60)",
     "while True: pass", 'print(\'{"kind": "pdf"}\')', 'print(\'{"reason": "none that is known"}\')',
     "import sys; sys.stdin.buffer.read(); sys.exit(3)"],
)  # fmt: skip
def test_a_worker_that_fails_is_a_refusal(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "worker.py").write_text(script)
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    monkeypatch.setattr(isolation, "SECONDS", 0.5)

    assert refusal() == (Problem("file", SENTENCES[Reason.NOT_CHECKED]),)


def test_a_worker_that_cannot_start_is_a_refusal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert refusal() == (Problem("file", SENTENCES[Reason.NOT_CHECKED]),)


def test_one_waits_for_a_place_but_not_for_ever(monkeypatch: pytest.MonkeyPatch):
    places = BoundedSemaphore(1)
    monkeypatch.setattr(isolation, "PLACES", places)
    monkeypatch.setattr(isolation, "SECONDS_IN_QUEUE", 0.05)

    with places:
        assert refusal() == (Problem("file", SENTENCES[Reason.BUSY]),)
    assert examine(drawn(), "policy.pdf").pages == 1


def test_the_place_is_given_back_after_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(isolation, "PLACES", BoundedSemaphore(1))
    (tmp_path / "worker.py").write_text("raise SystemExit(1)")
    worker = isolation.WORKER
    monkeypatch.setattr(isolation, "WORKER", tmp_path / "worker.py")
    refusal()
    monkeypatch.setattr(isolation, "WORKER", worker)

    assert examine(drawn(), "policy.pdf").pages == 1
