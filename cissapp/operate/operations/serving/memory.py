"""The memory of a server's processes: what is loaded stays shared, and free memory is kept once."""

import ctypes
import gc
from contextlib import suppress

# So many objects come before Python looks for rubbish among them: those of some ten requests, a few MB.
NEW_OBJECTS = 10_000
# The number of `M_ARENA_MAX` in glibc.
ARENAS = -8


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
