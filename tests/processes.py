"""`ciss` in a real process, split off from one that has loaded the application: to load it anew takes a second and a half.

What a start itself loads, and how, is tried with new interpreters: `tests/architecture/test_start.py`.
"""

import atexit
import multiprocessing
import os
import sys
from collections.abc import Mapping
from contextlib import chdir
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from config import ROOT

APART = multiprocessing.get_context("forkserver")
APART.set_forkserver_preload(["tests.loaded"])
# What stops the service waits so long before it kills it (`TimeoutStopSec`).
SECONDS_TO_END = 75


@atexit.register
def _end_those_left() -> None:
    """End what a test that failed has left running: this process would wait for it."""
    for process in multiprocessing.active_children():
        process.kill()


def ciss(
    *arguments: str, environment: Mapping[str, str], output: Path | str = os.devnull
) -> ForkServerProcess:
    """Start a command with these settings alone; what it prints goes to the end of a file."""
    Path(output).touch()  # it can be read whatever becomes of the process
    values = (arguments, dict(environment), str(output))
    process = APART.Process(target=_run, args=values)
    # The first start loads ahead: modules are then looked for in the working folder alone.
    with chdir(ROOT):
        process.start()
    return process


def ended(process: ForkServerProcess, seconds: float = SECONDS_TO_END) -> int:
    """Wait until a process has ended; return its exit status. Raise `AssertionError` if it has not ended by then."""
    process.join(seconds)
    assert process.exitcode is not None, f"the process has not ended within {seconds} seconds"
    return process.exitcode


def _run(arguments: tuple[str, ...], environment: dict[str, str], output: str) -> None:
    """Run a command as the interpreter would, in the process that was split off."""
    into = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(into, 1)
    os.dup2(into, 2)
    # Python keeps silent about what it cannot load ahead: each process would load it anew.
    assert "cissapp.factory" in sys.modules, "the application was not loaded ahead"
    from cissapp.cli import main

    # As in any other process: those that it splits off in turn are to share what it has loaded.
    multiprocessing.set_start_method(None, force=True)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    main(arguments)
