"""How a process of several ends: what was asked is answered within seconds, what was begun behind the answers is done.

The server waits for its requests, and would wait for one that is sent or read slowly until it is killed; and killed
would then be work that had just begun.
"""

import os
import signal
import threading
from multiprocessing.util import Finalize

from cissapp.operate.operations.serving.first_process import AWAITED

# Requests that were begun have so long to be sent whole and answered.
SECONDS_TO_ANSWER = 10
TOLD = {signal.SIGTERM, signal.SIGINT}
# From a thread of this process to its first, which alone can end it in order.
ENOUGH = signal.SIGUSR1


def answer_in_time() -> None:
    """Let this process leave its requests so long after it is told to end, whatever the server does with the signal.

    To be called from its first thread, before the server listens for signals.
    """
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    answered = threading.Event()
    signal.signal(ENOUGH, lambda *_signal: _leave(answered))
    # Before the work behind the answers, which then has its own time.
    Finalize(None, answered.set, exitpriority=1)
    threading.Thread(target=_watch, args=(told, answered), daemon=True).start()
    # Held back until here, for the first process and so for this one: what came meanwhile is heard now.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)


def _leave(answered: threading.Event) -> None:
    if not answered.is_set():
        raise SystemExit


def _watch(told: int, answered: threading.Event) -> None:
    while os.read(told, 1)[0] not in TOLD:
        continue
    if not answered.wait(SECONDS_TO_ANSWER):
        os.kill(os.getpid(), ENOUGH)
