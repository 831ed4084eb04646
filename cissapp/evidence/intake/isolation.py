"""Runs the worker: one process for each file, with a time limit, and no more at once than there are processors."""

import json
import logging
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from cissapp.evidence.intake.kinds import Kind
from cissapp.evidence.intake.media import MediaType
from cissapp.evidence.intake.reasons import Doubt, Finding, Reason
from cissapp.evidence.intake.sentences import FINDINGS
from cissapp.evidence.intake.verdict import Picture, Taken

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 4.5
SECONDS_TO_DRAW = 3.0  # a person waits for the page, and has its text without the picture
SECONDS_IN_QUEUE = 10
PLACES = BoundedSemaphore(max(2, os.cpu_count() or 2))
logger = logging.getLogger(__name__)


def look_into(kind: Kind, content: bytes) -> Taken:
    """Have the worker look into a file; anything but a proper answer means that it could not be checked."""
    head, _, copy = _answer(content, SECONDS, kind.value).partition(b"\n")
    try:
        return _parsed(json.loads(head), copy)
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt(Reason.NOT_CHECKED) from error


def draw(content: bytes, number: int) -> list[Picture]:
    """Have the worker draw a page of a PDF that was taken, large and small; raise Doubt if it cannot."""
    head, _, behind = _answer(content, SECONDS_TO_DRAW, "page", str(number)).partition(b"\n")
    try:
        return _pictures(json.loads(head)["pictures"], BytesIO(behind))
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt(Reason.NOT_CHECKED) from error


def _answer(content: bytes, seconds: float, *arguments: str) -> bytes:
    if not PLACES.acquire(timeout=SECONDS_IN_QUEUE):
        raise Doubt(Reason.BUSY)
    try:
        return _run(content, seconds, *arguments)
    finally:
        PLACES.release()


def _parsed(answer: dict[str, Any], copy: bytes) -> Taken:
    if "reason" in answer:
        raise Doubt(Reason(answer["reason"]))
    findings = [Finding(finding) for finding in answer["findings"]]
    if not copy:
        raise ValueError("there is no copy")
    return Taken(
        media_type=MediaType(answer["kind"]),
        text=str(answer["text"]),
        pages=None if answer["pages"] is None else int(answer["pages"]),
        findings=tuple(FINDINGS[finding] for finding in findings),
        texts=tuple(str(text) for text in answer["texts"]),
        found=tuple(finding.value for finding in findings),
        copy=copy,
    )


def _pictures(sizes: list[Any], source: BytesIO) -> list[Picture]:
    """Cut the bytes into pictures; they must be ours, whole, and nothing else."""
    pictures = [
        Picture(int(width), int(height), source.read(int(size))) for width, height, size in sizes
    ]
    if source.read(1) or not all(one.content.startswith(b"RIFF") for one in pictures):
        raise ValueError("this is no picture of a page")
    return pictures


def _run(content: bytes, seconds: float, *arguments: str) -> bytes:
    command = [sys.executable, "-I", "-X", "utf8", str(WORKER), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- every argument is ours
            command,
            input=content,
            capture_output=True,
            timeout=seconds,
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
