"""Publishes in a process that is killed on the way, as by `kill -9` or a power cut."""

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from flask import Flask

from cissapp.certify.certificates.commands import certificates
from cissapp.certify.certificates.services import register
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


def killed(app: Flask, step: str, count: int, workers: int) -> int | None:
    """Split a process off that dies before a step as it comes there for the `count`th time; return its exit code.

    A new interpreter would need longer to start than to publish. All that it started are dead as well by then.
    """
    split = get_context("fork")
    ended, lives = split.Pipe(duplex=False)
    process = split.Process(target=_publish, args=(app, step, count, workers))
    process.start()
    lives.close()  # now the processes alone hold this end
    ended.poll(None)
    process.join()
    return process.exitcode


def _publish(app: Flask, step: str, count: int, workers: int) -> None:
    os.setsid()
    die_at(*STEPS[step], count)
    app.test_cli_runner().invoke(certificates, ["publish", "--workers", str(workers)])
