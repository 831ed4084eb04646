"""Looks for people in one file, in a process of its own that can do little else.

Run as a script: the family of the file as argument, the file on standard input, the answer as JSON on
standard output. Nothing of the application is around it: no secrets, no database, no settings.
"""

import ctypes
import importlib
import json
import logging
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

STARTED = time.monotonic()
MEMORY = 1536 * 1024 * 1024  # addresses, not pages: the libraries reserve more than they use
CPU_SECONDS = 14
SECONDS = 10.0
OPEN_FILES = 64
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
HERE = Path(__file__).resolve().parent
LEAN = {
    "cissapp": HERE.parents[1],
    "cissapp.safeguards": HERE.parent,
    "cissapp.safeguards.pictures": HERE,
}
FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove",
    "os.rename", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "shutil.", "pty.",
)  # fmt: skip


def main() -> None:
    """Answer for one file."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    logging.disable()
    opening, detector = _load()
    _shut_in()
    content = sys.stdin.buffer.read()
    people, whole = _look(
        detector, getattr(opening, sys.argv[1])(content), alone=sys.argv[1] != "pages"
    )
    sys.stdout.write(json.dumps({"people": people, "whole": whole}))
    sys.stdout.flush()
    os._exit(0)


def _load() -> tuple[Any, Any]:
    for name, folder in LEAN.items():
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    image = importlib.import_module("PIL.Image")
    image.init()
    faces = importlib.import_module("cissapp.safeguards.pictures.faces")
    return importlib.import_module("cissapp.safeguards.pictures.opening"), faces.Detector()


def _shut_in() -> None:
    """Give up the network, new processes and writing, as far as the system allows."""
    flags = NEW_NETWORK if os.geteuid() == 0 else NEW_NETWORK | NEW_USER
    ctypes.CDLL(None).unshare(flags)
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)
    flags = arguments[2] if event == "open" and len(arguments) > 2 else 0
    if isinstance(flags, int) and flags & WRITING:
        raise PermissionError(event)


def _look(detector: Any, pictures: Iterator[Any], *, alone: bool) -> tuple[bool, bool]:
    """Say whether people are seen, and whether all was looked at."""
    whole = True
    try:
        for picture in pictures:
            if time.monotonic() - STARTED > SECONDS:
                return False, False
            seen = _sees(detector, picture, turned=alone)
            if seen:
                return True, True
            whole = whole and seen is not None
    except Exception:  # noqa: BLE001 -- whatever a library says of a broken file; the rest is not reached
        return False, False
    return False, whole


def _sees(detector: Any, picture: Any, *, turned: bool) -> bool | None:
    """Say whether a picture shows people; None, if it cannot be opened."""
    try:
        return bool(detector.shows_people(picture, turned=turned))
    except Exception:  # noqa: BLE001 -- a broken picture
        return None


if __name__ == "__main__":
    main()
