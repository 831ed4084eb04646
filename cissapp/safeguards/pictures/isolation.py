"""Runs the worker: one process for each file, with a time limit, few at once."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 15
SECONDS_IN_QUEUE = 30
PLACES = BoundedSemaphore(2)
# Each library would start a thread for each processor; the worker may start none.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
logger = logging.getLogger(__name__)


class Family(StrEnum):
    """How pictures lie in a file: it is one, it has pages, or it is a package with pictures inside."""

    PICTURE = "picture"
    PAGES = "pages"
    PACKAGE = "package"


@dataclass(frozen=True)
class Looked:
    """Whether people were seen, and whether every picture could be looked at."""

    people: bool
    whole: bool


NOT_LOOKED = Looked(people=False, whole=False)


def look_into(content: bytes, family: Family) -> Looked:
    """Look for people in the pictures of a file; what cannot be looked at is told, never passed over."""
    if not PLACES.acquire(timeout=SECONDS_IN_QUEUE):
        return NOT_LOOKED
    try:
        raw = _run(content, family)
    finally:
        PLACES.release()
    try:
        answer = json.loads(raw)
        return Looked(people=bool(answer["people"]), whole=bool(answer["whole"]))
    except (KeyError, TypeError, ValueError):
        return NOT_LOOKED


def shows_people(picture: bytes) -> bool:
    """Say whether people are seen in a picture, a JPEG or PNG; False too, if it cannot be opened."""
    return look_into(picture, Family.PICTURE).people


def _run(content: bytes, family: Family) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 -- every argument is ours
            [sys.executable, "-I", "-X", "utf8", str(WORKER), family.value],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=ONE_THREAD,
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("The picture worker did not answer: %s", type(error).__name__)
        return b""
    if done.returncode:
        # Its last words may name a file inside the document: they are not logged.
        logger.warning("The picture worker ended with %d", done.returncode)
        return b""
    return done.stdout
