"""The first process of a server, once the others are split off."""

import re
import subprocess
import sys

import pytest

from cissapp.operate.operations.serving import first_process
from config import ROOT

# What a worker does until it ends. All hear of signals only where they wait for one, as they were held back.
LIVES = {
    "ends when it is told to": "signal.sigwait({signal.SIGTERM}); os.write(1, b'told\\n')",
    "ends by itself": "os._exit(3)",
    "does not end": "signal.sigwait({signal.SIGUSR2})",
}
CODE = """
import os, signal, sys
from cissapp.operate.operations.serving import first_process

signal.pthread_sigmask(signal.SIG_BLOCK, first_process.AWAITED)
workers = []
for life in {lives!r}:
    workers.append(os.fork())
    if not workers[-1]:
        exec(life)
        os._exit(0)
{first}
first_process.become({counts!r}, {seconds}, workers)
"""
TOLD = "os.kill(os.getpid(), signal.{})"
BY_ITSELF = "error: a server process ended unexpectedly; stopping the others"
HEAVY = {"cissapp", "contextlib", "json", "logging", "pathlib", "re", "shutil", "site", "typing"}
IS_KILLED = "warning: a server process did not stop in time; killing it"


@pytest.mark.parametrize(
    ("lives", "first", "seconds", "expected"),
    [
        (["ends when it is told to"] * 2, TOLD.format("SIGTERM"), 60, (0, ["told"] * 2, [])),
        (["ends when it is told to"] * 2, TOLD.format("SIGINT"), 60, (0, ["told"] * 2, [])),
        # A whole group of processes was told, and this one ended before it was heard of here.
        (["ends by itself"], TOLD.format("SIGTERM"), 60, (0, [], [])),
        (["ends by itself", "ends when it is told to"], "", 60, (1, ["told"], [BY_ITSELF])),
        (["does not end"], TOLD.format("SIGTERM"), 0, (0, [], [IS_KILLED])),
        # Somebody else has waited for it already.
        (["ends by itself"], "os.waitpid(workers[0], 0)", 60, (1, [], [BY_ITSELF])),
    ],
)
def test_the_first_process_ends_with_all_others(tmp_path, lives, first, seconds, expected):
    counts = tmp_path / "counts"
    counts.mkdir()
    (counts / "counter_1.db").touch()

    code = CODE.format(
        lives=[LIVES[one] for one in lives], first=first, counts=str(counts), seconds=seconds
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    said = re.findall(r'"level": "(\w+)".*"message": "(.+)"}', done.stderr)
    lines = [f"{level}: {message}" for level, message in said]
    assert (done.returncode, done.stdout.split(), lines) == expected
    assert not counts.exists()


def test_it_loads_next_to_nothing(tmp_path):
    """All that it loads is its own, beside each process that serves."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", first_process.__file__, tmp_path, "0"],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(re.findall(r"(\w+)$", done.stderr, re.MULTILINE))
    assert ("signal" in loaded, loaded & HEAVY) == (True, set())
