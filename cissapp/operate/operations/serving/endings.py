"""How one of several processes ends: requests are answered within seconds, background work is finished.

The server waits for its requests, and for one that is sent or read slowly it would wait until it is
killed; the kill would then hit work that had just begun.
"""

import os
import signal
import threading
from multiprocessing.util import Finalize

from cissapp.operate.operations.serving.first_process import AWAITED

# Time in which requests under way must arrive completely and be answered.
SECONDS_TO_ANSWER = 10
TOLD = {signal.SIGTERM, signal.SIGINT}
# Sent from a thread of this process to its main thread, which alone can end it in order.
ENOUGH = signal.SIGUSR1


def answer_in_time() -> None:
    """Make this process abandon its requests some time after a stop signal, however the server handles it.

    To be called from its main thread, before the server listens for signals.
    """
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    answered = threading.Event()
    signal.signal(ENOUGH, lambda *_signal: _leave(answered))
    # Before the background work ends, which then has its own time.
    Finalize(None, answered.set, exitpriority=1)
    threading.Thread(target=_watch, args=(told, answered), daemon=True).start()
    # Blocked until here, for the first process and thus for this one: pending signals are delivered now.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)


def _leave(answered: threading.Event) -> None:
    if not answered.is_set():
        raise SystemExit


def _watch(told: int, answered: threading.Event) -> None:
    while os.read(told, 1)[0] not in TOLD:
        continue
    if not answered.wait(SECONDS_TO_ANSWER):
        os.kill(os.getpid(), ENOUGH)
