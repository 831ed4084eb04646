"""Looks for people in one file, in a separate process with very few rights.

Run as a script: the file's family is the argument, the file is read from standard input, and the answer is
JSON on standard output. The process has no secrets, no database and no settings of the application.
"""

import importlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

MEMORY = 1536 * 1024 * 1024  # addresses, not pages: the libraries reserve more than they use
SECONDS = 10.0  # of processor time; whoever runs this ends it later
HERE = Path(__file__).resolve().parent
LEAN = {
    "cissapp": HERE.parents[2],
    "cissapp.foundation": HERE.parents[1],
    "cissapp.foundation.intake": HERE.parents[1] / "intake",
    "cissapp.foundation.safeguards": HERE.parent,
    "cissapp.foundation.safeguards.pictures": HERE,
}


def main() -> None:
    """Examine one file, and write the answer."""
    confinement = _confinement()
    confinement.limit(memory=MEMORY)
    logging.disable()
    opening, detector = _load()
    confinement.shut_in()
    content = sys.stdin.buffer.read()
    people, whole = _look(
        detector, getattr(opening, sys.argv[1])(content), alone=sys.argv[1] != "pages"
    )
    sys.stdout.write(json.dumps({"people": people, "whole": whole}))
    sys.stdout.flush()
    os._exit(0)


def _confinement() -> Any:
    """Register empty stand-ins for the packages, so that their code does not run; import the confinement."""
    for name, folder in LEAN.items():
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    return importlib.import_module("cissapp.foundation.intake.confinement")


def _load() -> tuple[Any, Any]:
    image = importlib.import_module("PIL.Image")
    image.init()
    faces = importlib.import_module("cissapp.foundation.safeguards.pictures.faces")
    return importlib.import_module(
        "cissapp.foundation.safeguards.pictures.extraction"
    ), faces.Detector()


def _look(detector: Any, pictures: Iterator[Any], *, alone: bool) -> tuple[bool, bool]:
    """Return whether people are seen, and whether all was looked at."""
    whole = True
    try:
        for picture in pictures:
            if time.process_time() > SECONDS:
                return False, False
            seen = _sees(detector, picture, turned=alone)
            if seen:
                return True, True
            whole = whole and seen is not None
    except Exception:  # noqa: BLE001 -- whatever a library says of a broken file; the rest is not reached
        return False, False
    return False, whole


def _sees(detector: Any, picture: Any, *, turned: bool) -> bool | None:
    """Return whether a picture shows people; None, if it cannot be opened."""
    try:
        return bool(detector.shows_people(picture, turned=turned))
    except Exception:  # noqa: BLE001 -- a broken picture
        return None


if __name__ == "__main__":
    main()
