"""Has a worker examine a file, or draw a page of it, and reads its answer."""

import json
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from cissapp.foundation.intake import worker_pool as isolated
from cissapp.foundation.intake.kinds import FileFamily
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason
from cissapp.foundation.intake.results import AcceptedFile, DrawnLogo, DrawnPage, ReadSquares
from cissapp.foundation.intake.sentences import FINDINGS
from cissapp.foundation.intake.worker_pool import WorkerFailed

PNG = b"\x89PNG\r\n\x1a\n"
WORKER = Path(__file__).with_name("worker.py")
# In seconds of CPU time.
SECONDS = 5.0
SECONDS_TO_READ = 6.0  # of a photo with many pixels
SECONDS_FOR_A_LOGO = 4.0
SECONDS_TO_DRAW = 3.0  # a person waits for the page, and has its text without the picture


def examine_in_worker(kind: FileFamily, content: bytes) -> AcceptedFile:
    """Have a worker examine a file; any response but a valid one means that it could not be checked.

    Raise `FileRejected`, or `Busy` if it cannot be examined now.
    """
    head, _, copy = _run(content, SECONDS, kind.value).partition(b"\n")
    try:
        return _parsed(json.loads(head), copy)
    except (KeyError, TypeError, ValueError) as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error


def draw(
    content: bytes, first: int, last: int | None = None, *, to_read: bool = False
) -> list[list[DrawnPage]]:
    """Have a worker draw pages of an accepted PDF, each large and small, or once for OCR.

    Return the first page and as many of the next as there was time for; none if the first cannot be drawn, and
    those before a page that cannot. Raise `Busy`.
    """
    kind = "scan" if to_read else "page"
    numbers = str(first), str(last or first)
    try:
        answer = isolated.run(WORKER, content, kind, *numbers, cpu_seconds=SECONDS_TO_DRAW)
    except WorkerFailed as failed:
        answer = failed.answer
    pages: list[list[DrawnPage]] = []
    with suppress(KeyError, TypeError, ValueError):
        # Those before a bad end of the answer stay.
        pages.extend(_pages(BytesIO(answer)))
    return pages


def read_squares(content: bytes) -> ReadSquares:
    """Have a worker read the QR codes of a picture or a scan; raise `FileRejected` if it cannot, or `Busy`."""
    head, _, grey = _run(content, SECONDS_TO_READ, "square").partition(b"\n")
    try:
        answer = json.loads(head)
        texts = tuple(str(text) for text in answer["squares"])
        return ReadSquares(texts, bool(answer["is_picture"]), grey)
    except (KeyError, TypeError, ValueError) as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error


def draw_logo(content: bytes) -> tuple[DrawnLogo, tuple[int, int]]:
    """Have a worker redraw a logo; return it and its size before. Raise `FileRejected` or `Busy`."""
    head, _, drawn = _run(content, SECONDS_FOR_A_LOGO, "logo").partition(b"\n")
    try:
        return _logo(json.loads(head), drawn)
    except (KeyError, TypeError, ValueError) as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error


def _parsed(answer: dict[str, Any], copy: bytes) -> AcceptedFile:
    if "reason" in answer:
        raise FileRejected(RejectionReason(answer["reason"]))
    findings = [FileFinding(finding) for finding in answer["findings"]]
    if not copy:
        raise ValueError("there is no copy")
    return AcceptedFile(
        media_type=MediaType(answer["kind"]),
        text=str(answer["text"]),
        pages=None if answer["pages"] is None else int(answer["pages"]),
        findings=tuple(FINDINGS[finding] for finding in findings),
        texts=tuple(str(text) for text in answer["texts"]),
        found=tuple(finding.value for finding in findings),
        copy=copy,
    )


def _logo(answer: dict[str, Any], drawn: bytes) -> tuple[DrawnLogo, tuple[int, int]]:
    if "reason" in answer:
        raise FileRejected(RejectionReason(answer["reason"]))
    (width, height), before = answer["size"], answer["before"]
    if width and not drawn.startswith(PNG):
        raise ValueError("this is no picture of a logo")
    return DrawnLogo(int(width), int(height), drawn), (int(before[0]), int(before[1]))


def _pages(source: BytesIO) -> Iterator[list[DrawnPage]]:
    """Cut the bytes into the pictures of each page; they must be ours and whole."""
    while head := source.readline():
        sizes = [[int(one) for one in picture] for picture in json.loads(head)]
        page = [DrawnPage(width, height, source.read(size)) for width, height, size in sizes]
        are_whole = [len(one.content) for one in page] == [size for *_sides, size in sizes]
        if not page or not are_whole or not all(one.content[:4] == b"RIFF" for one in page):
            raise ValueError("this is no picture of a page")
        yield page


def _run(content: bytes, seconds: float, *arguments: str) -> bytes:
    try:
        return isolated.run(WORKER, content, *arguments, cpu_seconds=seconds)
    except WorkerFailed as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error
