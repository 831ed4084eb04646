"""Runs the worker: one process for each file, with a time limit, and no more at once than there are processors."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from cissapp.evidence.intake.kinds import Kind
from cissapp.evidence.intake.reasons import Doubt, Finding, Reason
from cissapp.evidence.intake.sentences import FINDINGS
from cissapp.evidence.intake.verdict import Taken
from cissapp.evidence.rules import MediaType

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 4.5
SECONDS_IN_QUEUE = 10
PLACES = BoundedSemaphore(max(2, os.cpu_count() or 2))
logger = logging.getLogger(__name__)


def look_into(kind: Kind, content: bytes) -> Taken:
    """Have the worker look into a file; anything but a proper answer means that it could not be checked."""
    if not PLACES.acquire(timeout=SECONDS_IN_QUEUE):
        raise Doubt(Reason.BUSY)
    try:
        raw = _run(kind, content)
    finally:
        PLACES.release()
    try:
        return _parsed(json.loads(raw))
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt(Reason.NOT_CHECKED) from error


def _parsed(answer: dict[str, Any]) -> Taken:
    if "reason" in answer:
        raise Doubt(Reason(answer["reason"]))
    return Taken(
        media_type=MediaType(answer["kind"]),
        text=str(answer["text"]),
        pages=None if answer["pages"] is None else int(answer["pages"]),
        findings=tuple(FINDINGS[Finding(finding)] for finding in answer["findings"]),
    )


def _run(kind: Kind, content: bytes) -> bytes:
    command = [sys.executable, "-I", "-X", "utf8", str(WORKER), kind.value]
    try:
        done = subprocess.run(  # noqa: S603 -- every argument is ours
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("The worker did not answer: %s", type(error).__name__)
        raise Doubt(Reason.NOT_CHECKED) from error
    if done.returncode:
        logger.warning("The worker ended with %d: %r", done.returncode, done.stderr[-1_000:])
        raise Doubt(Reason.NOT_CHECKED)
    return done.stdout
