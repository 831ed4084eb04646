"""What the first process of a server becomes once the others are forked: it only waits for them.

It is a separate program, so that only the processes that serve hold the application in memory. It imports
only what a bare interpreter has: `servers` replaces its own process by it, so the others stay its children.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

TOLD = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
# Blocked before the processes are forked, so that none is lost while this program starts.
AWAITED = TOLD | {signal.SIGCHLD}
LINE = '{"at": "%s", "level": "%s", "logger": "ciss", "message": "%s"}\n'


def become(counts: str, seconds: int, workers: Iterable[int]) -> None:
    """Replace the process by this program; the folder of the others' metrics is removed when they have ended."""
    program = [sys.executable, "-I", "-S", __file__, counts, str(seconds)]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [*program, *map(str, workers)])  # noqa: S606 -- this file, with numbers


def watch(workers: Iterable[int], seconds: float) -> int:
    """Wait until all have ended, and return the exit status: 1 if one ended without being told to.

    Without that process half of the requests would hang, so all are ended, and the supervisor starts the
    service again. Those left after so many seconds are killed.
    """
    living, status, heard = set(workers), 0, 0
    told, until = False, None
    while living:
        left = {process for process in living if not _has_ended(process)}
        # A signal may go to the whole process group, and another process may end before it is noticed here.
        asked = heard in TOLD or bool(signal.sigpending() & TOLD)
        by_itself, living = left != living and not (told or asked), left
        if by_itself:
            _say("error", "a server process ended unexpectedly; stopping the others")
            status = 1
        if not told and (by_itself or asked):
            _tell(living, signal.SIGTERM)
            told, until = True, time.monotonic() + seconds
        elif until is not None and time.monotonic() >= until:
            _say("warning", "a server process did not stop in time; killing it")
            _tell(living, signal.SIGKILL)
            until = None
        if living:
            heard = _heard(until)
    return status


def _has_ended(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG)[0] != 0
    except ChildProcessError:  # it ended before this program began
        return True


def _heard(until: float | None) -> int:
    """Return the signal that arrived, or 0 if none arrived by then."""
    if until is None:
        return signal.sigwait(AWAITED)
    heard = signal.sigtimedwait(AWAITED, max(until - time.monotonic(), 0.0))
    return heard.si_signo if heard else 0


def _tell(workers: Iterable[int], message: int) -> None:
    for process in workers:
        os.kill(process, message)  # one that has ended is there until it is waited for


def _say(level: str, message: str) -> None:
    """Write a log line in the format of the application."""
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000+00:00", time.gmtime())
    sys.stderr.write(LINE % (at, level, message))
    sys.stderr.flush()


def _forget(folder: str) -> None:
    """Remove a folder with the files in it, if possible."""
    try:
        for entry in os.scandir(folder):
            os.unlink(entry)  # noqa: PTH108 -- `pathlib` would take as much memory as all else here
        os.rmdir(folder)  # noqa: PTH106 -- see above
    except OSError:
        return


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    counts, seconds, *workers = sys.argv[1:]
    try:
        sys.exit(watch(map(int, workers), float(seconds)))
    finally:
        _forget(counts)
