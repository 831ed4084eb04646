"""How many stores of free memory a process of a server keeps."""

import subprocess
import sys

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


def stores(first: str) -> int:
    """Return how many stores there are after eight threads have worked, on a C library that tells."""
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(first=first)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.count("<heap nr=")


def test_the_threads_of_a_server_share_one_store_of_free_memory():
    assert (stores("memory.share_store()"), stores("pass") > 1) == (1, True)
