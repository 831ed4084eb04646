"""The memory of a server's processes: what is loaded stays shared, and free memory is held in one place."""

import ctypes
import gc
import threading
from collections.abc import Callable
from contextlib import suppress

# New objects before a garbage collection: those of some ten requests, a few MB.
NEW_OBJECTS = 10_000
# The number of `M_ARENA_MAX` in glibc.
ARENAS = -8
# Seconds between returns of free memory, each of which takes a third of a millisecond if there is little.
PAUSE = 60.0


def settle() -> None:
    """Exclude what is loaded from garbage collection for good, and collect less often.

    Collections then do not write to shared memory. By default, Python collects several times a request, and
    finds little.
    """
    share_store()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def share_store() -> None:
    """Have the threads of this process share one malloc arena; other C libraries than glibc are left alone.

    By default, glibc creates some sixteen, and each keeps what its busiest moment needed.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENAS, 1)


def return_free_memory_always(wait: Callable[[float], bool] | None = None) -> None:
    """Start a thread that regularly returns free memory; for a process that serves, after it is forked.

    By default, the C library keeps what the busiest moment needed, and the 19 MB used to check a password.
    """
    ended = wait or threading.Event().wait

    def work() -> None:
        while not ended(PAUSE):
            return_free_memory()

    threading.Thread(target=work, name="memory", daemon=True).start()


def return_free_memory() -> None:
    """Return the free memory of the C library to the system; others than glibc are left alone."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
