"""Shuts a process in before it looks at a stranger's file. It imports nothing of the application."""

import ctypes
import os
import resource
import sys
from typing import Any

OPEN_FILES = 64
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove",
    "os.rename", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "shutil.", "pty.",
)  # fmt: skip


def limit(*, memory: int) -> None:
    """Bound what the process may use: `memory` in bytes of addresses. Processor time is bounded from outside."""
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


def shut_in(*also: str) -> None:
    """Drop network, new processes and writing, as far as the system allows; the hook holds in any case.

    `also` names further audit events, or their beginnings, that are refused.
    """
    leave_network()
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    forbidden = (*FORBIDDEN, *also)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(forbidden):
            raise PermissionError(event)
        opened = arguments[2] if event == "open" and len(arguments) > 2 else 0
        if isinstance(opened, int) and opened & WRITING:
            raise PermissionError(event)

    sys.addaudithook(refuse)
