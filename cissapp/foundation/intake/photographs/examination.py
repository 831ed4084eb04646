"""Has a worker make a page of a photograph, reads it by OCR, and accepts it or says why not."""

import json
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.intake import ocr, worker_pool
from cissapp.foundation.intake.ocr import ReadPicture
from cissapp.foundation.intake.photographs.faults import PhotoFault, PhotoRefused
from cissapp.foundation.intake.photographs.kinds import PhotoKind, photo_kind
from cissapp.foundation.intake.photographs.legibility import (
    PhotoMeasures,
    fault_of,
    is_read_well,
    lies_on_its_side,
)
from cissapp.foundation.intake.worker_pool import WorkerFailed

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 10.0  # of processor time
# Each library would start a thread per processor, but the worker may not start any.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
FIRST = b"\xff\xd8\xff"


class PagePhotograph(Struct, frozen=True):
    """A page made from a photograph: its JPEG, a thumbnail, its size, and the text read from it."""

    content: bytes
    small: bytes
    width: int
    height: int
    measures: PhotoMeasures
    reading: ReadPicture | None = None


def prepare(content: bytes, languages: Sequence[str], *, by_hand: bool = False) -> PagePhotograph:
    """Make a page of a photograph (JPEG, PNG, HEIC) and read it in these languages.

    A page on its side is turned if its text shows the orientation. Raise `PhotoRefused` with the fault, or
    `Busy` if it cannot be processed now. It takes seconds: never call it inside a transaction.
    """
    page = _made(content, photo_kind(content), 0)
    page = replace(page, reading=ocr.read_picture(page.content, languages))
    if page.reading and (not is_read_well(page.reading) or lies_on_its_side(page.reading)):
        page = _turned_by_itself(page, languages)
    fault = fault_of(page.measures, page.reading, by_hand=by_hand)
    if fault:
        raise PhotoRefused(fault)
    return page


def turn(content: bytes, languages: Sequence[str], *, degrees: int = 90) -> PagePhotograph:
    """Turn an existing page clockwise and read it again; raise as `prepare` does, except for legibility."""
    page = _made(content, PhotoKind.JPEG, degrees)
    return replace(page, reading=ocr.read_picture(page.content, languages))


def _turned_by_itself(page: PagePhotograph, languages: Sequence[str]) -> PagePhotograph:
    degrees = ocr.turn_needed(page.content)
    if not degrees:
        return page
    turned = replace(turn(page.content, languages, degrees=degrees), measures=page.measures)
    return turned if turned.reading and is_read_well(turned.reading) else page


def _made(content: bytes, kind: PhotoKind, degrees: int) -> PagePhotograph:
    try:
        answer = worker_pool.run(
            WORKER,
            content,
            kind.value,
            str(degrees),
            cpu_seconds=SECONDS,
            environment=ONE_THREAD,
        )
        return _parsed(answer)
    except (WorkerFailed, KeyError, TypeError, ValueError) as error:
        raise PhotoRefused(PhotoFault.DAMAGED) from error


def _parsed(answer: bytes) -> PagePhotograph:
    head, _, behind = answer.partition(b"\n")
    told = json.loads(head)
    if "fault" in told:
        raise PhotoRefused(PhotoFault(told["fault"]))
    first = int(told["first"])
    content, small = behind[:first], behind[first:]
    if not (content.startswith(FIRST) and small.startswith(FIRST)):
        raise ValueError("this is no page of a photograph")
    width, height = (int(side) for side in told["size"])
    short, long = (int(side) for side in told["sides"])
    measures = PhotoMeasures((short, long), float(told["light"]), float(told["blur"]))
    return PagePhotograph(content, small, width, height, measures)
