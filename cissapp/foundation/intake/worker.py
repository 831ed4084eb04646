"""Examines one file, in a process of its own that can do little else.

Run as a script: the kind as argument, the file on standard input. Standard output is a line of JSON
followed by the bytes produced: the stripped copy, or, page by page, its pictures (kind "page", or "scan" for
those used for OCR; the first and the last number as arguments). Pages are drawn as long as there is time for
one more; the rest are left to the next worker. A page is written before the next is begun, which may be bad.
For a picture (kind "square") the QR codes are read, or else it is returned small and grey. A logo (kind
"logo") is redrawn.
It loads this package's modules without the application around them: no secrets, no database, a quick start.
"""

import contextlib
import importlib
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

MEMORY = 512 * 1024 * 1024
# In CPU seconds from the start; the caller's limit comes later. The check itself comes first.
TEXT_UNTIL = 3.0
TEXT_AT_LEAST = 0.3
LONGEST_TEXT = 500_000
# A page after the first is begun only before this: it has the greater part of the time for itself.
NEXT_PAGE_UNTIL = 1.0
HERE = Path(__file__).resolve().parent
LEAN = {
    "cissapp": HERE.parents[1],
    "cissapp.foundation": HERE.parent,
    "cissapp.foundation.intake": HERE,
}
MODULES = {
    "pdf": "cissapp.foundation.intake.pdf.document",
    "package": "cissapp.foundation.intake.office.document",
    "page": "cissapp.foundation.intake.pdf.drawing",
    "square": "cissapp.foundation.intake.squares",
    "scan": "cissapp.foundation.intake.pdf.drawing",
    "logo": "cissapp.foundation.intake.logo_drawing",
}
STRIPPERS = {
    "pdf": "cissapp.foundation.intake.stripping.pdf",
    "package": "cissapp.foundation.intake.stripping.office",
}


class TextTakesLong(BaseException):
    """The time to read text is up. Not an `Exception`, so no library mistakes it for an error of its own."""


def main() -> None:
    """Examine one file, and write the answer."""
    confinement = _confinement()
    confinement.limit(memory=MEMORY)
    logging.disable()
    kind = sys.argv[1]
    reasons, made = _load(kind)
    strippers = importlib.import_module(STRIPPERS[kind]) if kind in STRIPPERS else None
    confinement.shut_in("ctypes.")
    content = sys.stdin.buffer.read()
    try:
        if kind == "square":
            answer, behind = made.squares(content)
        elif kind == "logo":
            answer, behind = made.drawn_logo(content)
        elif strippers is None:
            _draw(made, content)
            os._exit(0)
        else:
            answer, behind = _judge(made, strippers, content)
    except reasons.FileRejected as rejected:
        answer, behind = {"reason": rejected.reason.value}, b""
    _write(answer, behind)
    os._exit(0)


def _judge(judges: Any, strippers: Any, content: bytes) -> tuple[dict[str, Any], bytes]:
    report, text = judges.judge(content)
    copy, named = strippers.stripped(content)
    pieces = _read_text(text)
    answer = {
        "kind": report.kind,
        "pages": report.pages,
        "findings": sorted(finding.value for finding in report.findings | named),
        "text": _clean("".join(pieces)),
        "texts": [_clean(piece) for piece in pieces] if report.pages else [],
    }
    return answer, copy


def _draw(drawing: Any, content: bytes) -> None:
    draw = drawing.drawn_to_read if sys.argv[1] == "scan" else drawing.drawn
    first, last = int(sys.argv[2]), int(sys.argv[3])
    for number in range(first, last + 1):
        if number > first and time.process_time() >= NEXT_PAGE_UNTIL:
            return
        page = draw(content, number)
        sizes = [[width, height, len(packed)] for width, height, packed in page]
        _write(sizes, b"".join(packed for _width, _height, packed in page))


def _write(answer: Any, behind: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + behind)
    sys.stdout.flush()


def _confinement() -> Any:
    """Set up empty packages instead of running their code, and load the confinement module."""
    for name, folder in LEAN.items():
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    return importlib.import_module("cissapp.foundation.intake.confinement")


def _load(kind: str) -> tuple[Any, Any]:
    reasons = importlib.import_module("cissapp.foundation.intake.reasons")
    return reasons, importlib.import_module(MODULES[kind])


def _read_text(pages: Iterator[str]) -> list[str]:
    """Read text until it is long enough or takes too long; a file without readable text is still accepted."""
    pieces: list[str] = []
    with contextlib.suppress(
        Exception, TextTakesLong
    ):  # whatever stops a reader, the file itself is good
        _collect(pages, pieces)
    return pieces


def _collect(pages: Iterator[str], pieces: list[str]) -> None:
    left = TEXT_UNTIL - time.process_time()
    signal.signal(signal.SIGPROF, _time_is_up)
    signal.setitimer(signal.ITIMER_PROF, max(TEXT_AT_LEAST, left))
    size = 0
    try:
        for page in pages:
            pieces.append(page)
            size += len(page)
            if size > LONGEST_TEXT:
                break
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _time_is_up(*_: object) -> None:
    raise TextTakesLong


def _clean(text: str) -> str:
    """Return the printable text: no control characters, no lone surrogates, plain spaces."""
    signs = (" " if sign.isspace() and sign not in "\n\t" else sign for sign in text[:LONGEST_TEXT])
    kept = "".join(sign for sign in signs if sign.isprintable() or sign in "\n\t")
    return kept.encode("utf-8", "ignore")[:LONGEST_TEXT].decode("utf-8", "ignore").strip()


if __name__ == "__main__":
    main()
