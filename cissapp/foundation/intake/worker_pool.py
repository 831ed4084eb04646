"""Runs a worker that examines an untrusted file: a process of its own, few at once, with a short queue.

The limits are CPU time and memory, so a busy server refuses no good file. The wall-clock limit only ends
what hangs, and then the file is not at fault: the answer is "busy, try again".
"""

import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from threading import BoundedSemaphore, Lock

from cissapp.foundation.core.errors import N_, Busy, Problem

log = logging.getLogger(__name__)

AT_ONCE = min(max(2, os.cpu_count() or 2), 4)
# Together with those at work, fewer than the server's threads, so the rest can go on answering.
WAITING = 2
SECONDS_IN_QUEUE = 10.0
# How many times its CPU time a worker may take by the clock, since others need the processors too.
CLOCK_TIMES = 12
MOST_SECONDS = 60.0  # a person waits, and a thread of the server with them

TRY_AGAIN = N_("Many files are being checked right now. Wait a minute and send it again.")


class WorkerFailed(Exception):
    """The worker failed on this file: it crashed, or exceeded its limits; `answer` is what it wrote before."""

    def __init__(self, message: str, answer: bytes = b"") -> None:
        super().__init__(message)
        self.answer = answer


class WorkerSlots:
    """Slots for workers, and places in the queue for them; for one process."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_work, self._lock = BoundedSemaphore(at_once), Lock()
        self._waiting, self._most = 0, waiting

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Hold a slot; raise `Busy`, if the queue is full or none is free in time."""
        if not self._at_work.acquire(blocking=False):
            self._wait(seconds)
        try:
            yield
        finally:
            self._at_work.release()

    def _wait(self, seconds: float) -> None:
        with self._lock:
            if self._waiting >= self._most:
                raise busy()
            self._waiting += 1
        try:
            if not self._at_work.acquire(timeout=seconds):
                raise busy()
        finally:
            with self._lock:
                self._waiting -= 1


# One for all kinds of workers: they share the processors, and the threads of the server.
SLOTS = WorkerSlots(AT_ONCE, WAITING)


def busy() -> Busy:
    """Return the error for a file that cannot be examined now."""
    return Busy(Problem("file", TRY_AGAIN))


def run(
    worker: Path,
    content: bytes,
    *arguments: str,
    cpu_seconds: float,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run a worker on a file as its standard input; return its standard output.

    Raise `WorkerFailed` if the file is at fault, and `Busy` if the server is. Processor time is limited to
    whole seconds, rounded up; memory by the worker itself.
    """
    command = [sys.executable, "-I", "-X", "utf8", str(worker), *arguments]
    with SLOTS.held(SECONDS_IN_QUEUE):
        return _answer(command, content, cpu_seconds, dict(environment or {}))


def _answer(
    command: list[str], content: bytes, cpu_seconds: float, environment: dict[str, str]
) -> bytes:
    try:
        process = subprocess.Popen(  # noqa: S603 -- every argument is ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
        )
    except OSError as error:
        log.exception("a worker could not be started")
        raise busy() from error
    with process:
        _limit(process.pid, ceil(cpu_seconds))
        try:
            answer, _said = process.communicate(
                content, timeout=min(cpu_seconds * CLOCK_TIMES, MOST_SECONDS)
            )
        except subprocess.TimeoutExpired as error:
            process.kill()
            log.warning("a worker did not answer in time; the machine may be overloaded")
            raise busy() from error
        except BaseException:
            process.kill()
            raise
    _refuse(process.returncode, answer)
    return answer


def _limit(pid: int, seconds: int) -> None:
    """Limit a process to some seconds of CPU time, after which SIGXCPU ends it; ignore one already ended."""
    try:
        resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
    except ProcessLookupError:
        return


def _refuse(code: int, answer: bytes) -> None:
    """Raise the error for a worker's exit code. Its output may reveal the file, so it is not logged."""
    if code == -signal.SIGKILL:
        log.warning("a worker was killed; the machine may be short of memory")
        raise busy()
    if code:
        log.warning("a worker ended with exit status %d", code)
        raise WorkerFailed(f"ended with {code}", answer)
