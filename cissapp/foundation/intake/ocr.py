"""Reads the text of a picture by OCR with Tesseract, in a confined process of its own.

A server without Tesseract, or without the model of a language, reads nothing, and everything else works.
"""

import logging
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from cissapp.foundation.intake import worker_pool
from cissapp.foundation.intake.worker_pool import WorkerFailed

log = logging.getLogger(__name__)

WORKER = Path(__file__).with_name("ocr_worker.py")
PROGRAM = "tesseract"
SECONDS = 25.0  # of processor time; a dense page in two languages takes about five
SECONDS_TO_LIST = 10
# Its threads would compete for the processors, and it may not start any.
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
# What Tesseract calls the languages of the pages.
MODELS = {"en": "eng", "uk": "ukr", "ro": "ron", "ru": "rus", "be": "bel"}
# Its model for the orientation of a page, and the minimum confidence.
ORIENTATION, CLEAR = "osd", 1.5
TOLD = re.compile(r"^([A-Z][a-z ]+): ([\d.]+)$", re.MULTILINE)
WORD = 5  # the level of a line of TSV that is a word
COLUMNS = 12


class ReadWord(Struct, frozen=True):
    """A word, the confidence with which it was read (0 to 100), and its box in pixels of the picture.

    `block`, `paragraph` and `line` show which words belong together.
    """

    text: str
    sure: float
    box: tuple[int, int, int, int]
    block: int
    paragraph: int
    line: int


class ReadPicture(Struct, frozen=True):
    """The words read in a picture, and its size in pixels."""

    width: int
    height: int
    words: tuple[ReadWord, ...]

    @property
    def text(self) -> str:
        """The words in lines, with an empty line between paragraphs."""
        return text_of(self.words)


@lru_cache(maxsize=1)
def installed_models() -> frozenset[str]:
    """Return Tesseract's names of the installed languages; empty if it is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        return frozenset()
    try:
        listed = subprocess.run(  # noqa: S603 -- every argument is ours
            [program, "--list-langs"], capture_output=True, timeout=SECONDS_TO_LIST, check=True
        )
    except (OSError, subprocess.SubprocessError):
        log.warning("Tesseract is installed, but does not list the languages it can read")
        return frozenset()
    return frozenset(listed.stdout.decode("utf-8", "replace").split("\n")[1:]) - {""}


def can_read(languages: Sequence[str] = ()) -> bool:
    """Return whether OCR is possible here: in any of these languages, or in any at all."""
    return bool(_models(languages or list(MODELS)))


def read_text(picture: bytes, languages: Sequence[str]) -> str | None:
    """Return the text of a picture (JPEG, PNG or WebP) in these languages ("uk", "en"); "" if there is none.

    Return None if it cannot be read: no Tesseract, none of the languages, no picture, or too much work. Raise
    `Busy` if it cannot be read now. It takes seconds: never call it inside a transaction.
    """
    found = read_picture(picture, languages)
    return None if found is None else found.text


def read_picture(picture: bytes, languages: Sequence[str]) -> ReadPicture | None:
    """Return the words of a picture with their positions; otherwise like `read_text`."""
    models = _models(languages)
    try:
        return _parsed(_run(picture, "+".join(models), "read")) if models else None
    except (WorkerFailed, ValueError):
        return None


def turn_needed(picture: bytes) -> int:
    """Return the clockwise rotation that a page needs (0, 90, 180, 270 degrees); 0 if that is unclear."""
    if ORIENTATION not in installed_models():
        return 0
    try:
        told = dict(TOLD.findall(_run(picture, ORIENTATION, "turn")))
        return int(told["Rotate"]) if float(told["Orientation confidence"]) >= CLEAR else 0
    except (WorkerFailed, KeyError, ValueError):
        return 0


def _run(picture: bytes, models: str, mode: str) -> str:
    program = shutil.which(PROGRAM)
    if program is None:
        raise WorkerFailed("tesseract is gone")
    answer = worker_pool.run(
        WORKER, picture, program, models, mode, cpu_seconds=SECONDS, environment=ONE_THREAD
    )
    return answer.decode("utf-8", "replace")


def text_of(words: Iterable[ReadWord]) -> str:
    """Return the words line by line, with an empty line between paragraphs."""
    paragraphs = groupby(words, key=lambda word: (word.block, word.paragraph))
    return "\n\n".join("\n".join(_lines(inside)) for _, inside in paragraphs)


def _lines(words: Iterable[ReadWord]) -> Iterator[str]:
    for _, line in groupby(words, key=lambda word: word.line):
        yield " ".join(word.text for word in line)


def _models(languages: Sequence[str]) -> list[str]:
    named = dict.fromkeys(MODELS.get(language, language) for language in languages)
    return [model for model in named if model in installed_models()]


def _parsed(answer: str) -> ReadPicture:
    """Parse Tesseract's TSV: header, then level, page, block, paragraph, line, word, box, certainty, text."""
    width = height = 0
    words = []
    for row in answer.split("\n")[1:]:
        cells = row.rstrip("\r").split("\t", COLUMNS - 1)
        if len(cells) < COLUMNS - 1:
            continue
        left, top, wide, high = (int(cell) for cell in cells[6:10])
        if cells[0] == "1":
            width, height = wide, high
        elif cells[0] == str(WORD) and cells[-1].strip():
            block, paragraph, line = (int(cell) for cell in cells[2:5])
            place = (left, top, wide, high)
            words.append(
                ReadWord(cells[-1].strip(), float(cells[10]), place, block, paragraph, line)
            )
    if not width:
        raise ValueError("this is no answer of tesseract")
    return ReadPicture(width, height, tuple(words))
