"""How much free memory a process of a server keeps."""

import subprocess
import sys
import threading

from cissapp.operate.operations.serving import memory
from config import ROOT

CODE = """
import ctypes, threading
from cissapp.operate.operations.serving import memory

{first}
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(8)

def work():
    libc.malloc(5000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
out = ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w"))
libc.malloc_info(0, out)
libc.fclose(out)
"""

# What is freed below something that is still there is kept by the C library.
KEPT = """
import ctypes, resource
from cissapp.operate.operations.serving import memory

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
pieces = [libc.malloc(100_000) for _ in range(200)]
for one in pieces: ctypes.memset(ctypes.c_void_p(one), 1, 100_000)
for one in pieces[:-1]: libc.free(one)

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

before = resident()
memory.return_free_memory()
print((before - resident()) // 1_000_000)
"""


def stores(first: str) -> int:
    """Return how many stores there are after eight threads have worked, on a C library that tells."""
    return printed_by(CODE.format(first=first)).count("<heap nr=")


def printed_by(code: str) -> str:
    """Return what a new process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_threads_of_a_server_share_one_store_of_free_memory():
    assert (stores("memory.share_store()"), stores("pass") > 1) == (1, True)


def test_free_memory_is_returned_to_the_system():
    assert int(printed_by(KEPT)) in range(15, 21)


def test_it_is_returned_again_and_again(monkeypatch):
    returned, waits, done = [], [], threading.Event()
    monkeypatch.setattr(memory, "return_free_memory", lambda: returned.append(len(waits)))

    def wait(seconds):
        waits.append(seconds)
        if len(waits) < 3:
            return False
        done.set()
        return True

    memory.return_free_memory_always(wait)

    assert done.wait(60)
    assert (waits, returned) == ([memory.PAUSE] * 3, [1, 2])
