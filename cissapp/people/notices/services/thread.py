"""One thread a process that sends while mails wait, and sleeps until the next is to be tried again."""

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from flask import Flask
from sqlalchemy import case, func, select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.notices.models import Mail
from cissapp.people.notices.services.sending import send_due, waiting

log = logging.getLogger("ciss")

# So long the thread sleeps at least, and at most: another process may have queued something meanwhile.
SHORTEST_NAP, LONGEST_NAP = 30.0, 600.0
# A process that ends still sends what it queued, for so long; the rest waits for another one.
SECONDS_AT_THE_END = 60.0


class _Sender:
    """The thread, what wakes it, and the jobs that wait behind mails."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wake = threading.Event()
        self.jobs: deque[Callable[[], object]] = deque()
        self.thread: threading.Thread | None = None
        self.ends_at: float | None = None

    def nudge(self, app: Flask) -> None:
        """Let the thread look now; start it where there is none."""
        self.wake.set()
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(
                    target=self._run, args=[app], name="mails", daemon=True
                )
                self.thread.start()

    def finish(self) -> None:
        """Wait until what is due has left, at most a minute: a command ends with what it queued."""
        thread, self.ends_at = self.thread, time.monotonic() + SECONDS_AT_THE_END
        self.wake.set()
        if thread is not None and thread.is_alive():
            thread.join(SECONDS_AT_THE_END)

    def _run(self, app: Flask) -> None:
        while True:
            self.wake.clear()
            nap = self._look(app)
            if self.ends_at is not None:
                return
            if nap is None and not self.wake.is_set():
                with self.lock:
                    if not self.wake.is_set():
                        self.thread = None
                        return
            self.wake.wait(nap)

    def _look(self, app: Flask) -> float | None:
        """Send what is due and run what waits behind it; return how many seconds to sleep, None where nothing waits."""
        try:
            with app.app_context():
                send_due(stop=self._is_over)
                while self.jobs and not self._is_over():
                    run_in(app, self.jobs.popleft())
                    send_due(stop=self._is_over)
                return _nap()
        except Exception:
            log.exception("mails could not be sent")
            return LONGEST_NAP

    def _is_over(self) -> bool:
        return self.ends_at is not None and time.monotonic() >= self.ends_at


def _nap() -> float | None:
    """Return in how many seconds the next mail is to be tried; None where none waits."""
    claimed = Mail.claimed_until > Mail.next_try_at
    due = session.scalar(
        select(func.min(case((claimed, Mail.claimed_until), else_=Mail.next_try_at))).where(
            *waiting()
        )
    )
    session.remove()
    if due is None:
        return None
    seconds: float = (due - clock.now()).total_seconds()
    return min(max(seconds, SHORTEST_NAP), LONGEST_NAP)


def run_in(app: Flask, job: Callable[[], object]) -> None:
    """Run a job in a context and a unit of its own; a failure is logged."""
    with app.app_context():
        try:
            with unit_of_work():
                job()
        except Exception:
            log.exception("a job behind mails failed")


_sender = _Sender()
atexit.register(_sender.finish)


def start_sending(app: Flask) -> None:
    """Let the thread of this process send what is due, and go on as long as something waits."""
    _sender.nudge(app)


def start_behind(app: Flask, job: Callable[[], object]) -> None:
    """Let the thread of this process run a job, once the mails that are due have left."""
    _sender.jobs.append(job)
    _sender.nudge(app)
