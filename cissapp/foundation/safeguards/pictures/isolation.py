"""Has a worker look for people in the pictures of a file, and reads its answer."""

import json
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from cissapp.foundation.intake import worker_pool as isolated
from cissapp.foundation.intake.worker_pool import WorkerFailed

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 14.0  # of processor time
# Each library would start a thread for each processor; the worker may start none.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class Family(StrEnum):
    """How pictures lie in a file: it is one, it has pages, or it is a package with pictures inside."""

    PICTURE = "picture"
    PAGES = "pages"
    PACKAGE = "package"


class PeopleSearch(Struct, frozen=True):
    """What a search for people found: whether some were seen, and whether every picture could be opened."""

    people: bool
    whole: bool


NOT_SEARCHED = PeopleSearch(people=False, whole=False)


def search_for_people(content: bytes, family: Family) -> PeopleSearch:
    """Search the pictures of a file for people; what cannot be searched is reported, never skipped.

    Raise `Busy` if no worker is free to search it now.
    """
    try:
        answer = json.loads(_run(content, family))
        return PeopleSearch(people=bool(answer["people"]), whole=bool(answer["whole"]))
    except (KeyError, TypeError, ValueError):
        return NOT_SEARCHED


def shows_people(picture: bytes) -> bool:
    """Return whether people are seen in a picture, a JPEG or PNG; False too, if it cannot be opened."""
    return search_for_people(picture, Family.PICTURE).people


def _run(content: bytes, family: Family) -> bytes:
    try:
        return isolated.run(
            WORKER, content, family.value, cpu_seconds=SECONDS, environment=ONE_THREAD
        )
    except WorkerFailed:
        return b""
