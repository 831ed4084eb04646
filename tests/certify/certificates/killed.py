"""Runs `ciss certificates publish` as a process that is killed on the way, as by `kill -9` or a power cut.

    python -m tests.certify.certificates.killed STEP COUNT WORKERS

The settings are those of the service, from the environment. `STEP` says between which two steps the process
dies when it comes there for the `COUNT`th time; with COUNT 0 it lives.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from cissapp.certify.certificates.services import register
from cissapp.cli import main
from cissapp.foundation.core import db, storage
from cissapp.foundation.signing import seal

STEPS: dict[str, tuple[object, str]] = {
    "signature": (seal, "sign"),
    "file": (storage.os, "fsync"),
    "in place": (storage.os, "link"),
    "stored": (storage.LocalStore, "get"),
    "rows": (register, "record"),
    "commit": (db, "_keep"),
}


def die_at(target: object, name: str, count: int) -> None:
    """Let the process, and all that it started, die when it comes here for the `count`th time."""
    plain: Callable[..., Any] = getattr(target, name)
    left = [count]

    def passed(*args: Any, **values: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.killpg(0, signal.SIGKILL)
        return plain(*args, **values)

    setattr(target, name, passed)


if __name__ == "__main__":
    step, times, workers = sys.argv[1:]
    if int(times):
        die_at(*STEPS[step], int(times))
    sys.argv = ["ciss", "certificates", "publish", "--workers", workers]
    main()
