"""Confines a process before it looks at an untrusted file. It imports nothing of the application."""

import ctypes
import os
import resource
import sys
from typing import Any

OPEN_FILES = 64
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000
# From this kernel on, processes are counted per namespace made by `leave_network`, not just per user.
COUNTS_APART = (5, 14)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove",
    "os.rename", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "shutil.", "pty.",
)  # fmt: skip


def limit(*, memory: int) -> None:
    """Limit the process: `memory` in bytes of address space. Processor time is limited from outside."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def leave_network() -> None:
    """Drop the network, as far as the system allows."""
    flags = NEW_NETWORK if os.geteuid() == 0 else NEW_NETWORK | NEW_USER
    ctypes.CDLL(None).unshare(flags)


def _limit_processes(threads: int) -> None:
    """Allow this many threads; not enforced on older kernels, which count those of the whole user."""
    if not threads:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    elif tuple(map(int, os.uname().release.split(".")[:2])) >= COUNTS_APART:
        resource.setrlimit(resource.RLIMIT_NPROC, (threads + 1, threads + 1))


def shut_in(*also: str, threads: int = 0) -> None:
    """Drop network, new processes and writing, as far as the system allows; the audit hook always applies.

    `also` names further audit events, or prefixes of them, to refuse. `threads` may be started in addition to
    the first, where a library cannot do without.
    """
    leave_network()
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _limit_processes(threads)
    forbidden = (*FORBIDDEN, *also)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(forbidden):
            raise PermissionError(event)
        opened = arguments[2] if event == "open" and len(arguments) > 2 else 0
        if isinstance(opened, int) and opened & WRITING:
            raise PermissionError(event)

    sys.addaudithook(refuse)
