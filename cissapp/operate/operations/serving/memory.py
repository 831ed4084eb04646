"""The memory of a server's processes: what is loaded stays shared, and free memory is kept once."""

import ctypes
import gc
import threading
from collections.abc import Callable
from contextlib import suppress

# So many objects come before Python looks for rubbish among them: those of some ten requests, a few MB.
NEW_OBJECTS = 10_000
# The number of `M_ARENA_MAX` in glibc.
ARENAS = -8
# Free memory is returned so often, in seconds: it takes a third of a millisecond where there is little.
PAUSE = 60.0


def settle() -> None:
    """Keep what is loaded out of the look for rubbish, for good, and look less often among what comes.

    No process writes to it then just to look. By itself Python looks several times a request, and finds little.
    """
    share_store()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def share_store() -> None:
    """Have the threads of this process share one store of free memory; another C library than glibc has its own way.

    By itself it gives each of some sixteen threads a store, and each keeps what its busiest moment needed.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENAS, 1)


def return_free_memory_always(wait: Callable[[float], bool] | None = None) -> None:
    """Have a thread of this process return free memory for good; where it serves, once it is split off.

    By itself the C library keeps what the busiest moment needed, and the 19 MB in which a password was checked.
    """
    ended = wait or threading.Event().wait

    def work() -> None:
        while not ended(PAUSE):
            return_free_memory()

    threading.Thread(target=work, name="memory", daemon=True).start()


def return_free_memory() -> None:
    """Return to the system what the C library keeps free; another one than glibc has its own way."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
