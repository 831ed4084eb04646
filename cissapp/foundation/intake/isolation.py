"""Has a worker look into a file, or draw a page of it, and reads its answer."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from cissapp.foundation.intake import workers as isolated
from cissapp.foundation.intake.kinds import Kind
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.reasons import Doubt, Finding, Reason
from cissapp.foundation.intake.sentences import FINDINGS
from cissapp.foundation.intake.verdict import Picture, Taken
from cissapp.foundation.intake.workers import NoAnswer

WORKER = Path(__file__).with_name("worker.py")
# Of processor time.
SECONDS = 5.0
SECONDS_TO_DRAW = 3.0  # a person waits for the page, and has its text without the picture


def look_into(kind: Kind, content: bytes) -> Taken:
    """Have the worker look into a file; anything but a proper answer means that it could not be checked.

    Raise `Doubt`, or `Busy` where nobody could look at it now.
    """
    head, _, copy = _run(content, SECONDS, kind.value).partition(b"\n")
    try:
        return _parsed(json.loads(head), copy)
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt(Reason.NOT_CHECKED) from error


def draw(content: bytes, number: int) -> list[Picture]:
    """Have the worker draw a page of a PDF that was taken, large and small; raise `Doubt` if it cannot, or `Busy`."""
    head, _, behind = _run(content, SECONDS_TO_DRAW, "page", str(number)).partition(b"\n")
    try:
        return _pictures(json.loads(head)["pictures"], BytesIO(behind))
    except (KeyError, TypeError, ValueError) as error:
        raise Doubt(Reason.NOT_CHECKED) from error


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
    try:
        return isolated.run(WORKER, content, *arguments, cpu_seconds=seconds)
    except NoAnswer as error:
        raise Doubt(Reason.NOT_CHECKED) from error
