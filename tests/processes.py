"""`ciss` in a real process, split off from one that has loaded the application: to load it anew takes a second and a half.

What a start itself loads, and how, is tried with new interpreters: `tests/architecture/test_start.py`.
"""

import atexit
import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from config import ROOT

APART = multiprocessing.get_context("forkserver")
APART.set_forkserver_preload(["tests.loaded"])


@atexit.register
def _end_those_left() -> None:
    """End what a test that failed has left running: this process would wait for it."""
    for process in multiprocessing.active_children():
        process.kill()


def ciss(
    *arguments: str, environment: Mapping[str, str], output: Path | str = os.devnull
) -> ForkServerProcess:
    """Start a command with these settings alone; what it prints goes to the end of a file."""
    values = (arguments, dict(environment), str(output))
    process = APART.Process(target=_run, args=values)
    process.start()
    return process


def ended(process: ForkServerProcess, seconds: float = 300) -> int | None:
    """Wait until a process has ended; return its exit status, or `None` if it has not ended by then."""
    process.join(seconds)
    return process.exitcode


def _run(arguments: tuple[str, ...], environment: dict[str, str], output: str) -> None:
    """Run a command as the interpreter would, in the process that was split off."""
    from cissapp.cli import main

    # As in any other process: those that it splits off in turn are to share what it has loaded.
    multiprocessing.set_start_method(None, force=True)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    into = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(into, 1)
    os.dup2(into, 2)
    main(arguments)
