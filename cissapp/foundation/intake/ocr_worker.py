"""Confines itself, opens one picture, and becomes Tesseract, which reads it and can do little else.

Run as a script: the path of Tesseract, its languages, and "read" or "turn" as arguments, the picture on
standard input. Standard output is Tesseract's result as TSV, or the orientation of the page. Tesseract's
own picture decoders never see untrusted bytes: it gets grey pixels.
"""

import importlib
import logging
import os
import resource
import sys
import warnings
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

MEMORY = 1024 * 1024 * 1024
MOST_PIXELS = 40_000_000
# A page at 300 dpi; more pixels take more time and are read no better.
LONGEST_SIDE = 3_500
FORMATS = ("JPEG", "PNG", "WEBP")
MODES = {"read": ["--psm", "3", "tsv"], "turn": ["--psm", "0"]}
HERE = Path(__file__).resolve().parent
LEAN = {
    "cissapp": HERE.parents[1],
    "cissapp.foundation": HERE.parent,
    "cissapp.foundation.intake": HERE,
}


def main() -> None:
    """Open the picture, and have it read."""
    program, languages, mode = sys.argv[1:4]
    confinement = _confinement()
    confinement.limit(memory=MEMORY)
    logging.disable()
    image = importlib.import_module("PIL.Image")
    image.preinit()
    confinement.leave_network()
    picture = _opened(image, sys.stdin.buffer.read())
    held = os.memfd_create("picture")
    with os.fdopen(os.dup(held), "wb") as pixels:
        picture.save(pixels, "PPM")
    os.lseek(held, 0, os.SEEK_SET)
    os.dup2(held, 0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    command = [program, "stdin", "stdout", "-l", languages, *MODES[mode]]
    os.execv(program, command)  # noqa: S606 -- no shell, every argument is ours


def _opened(image: Any, content: bytes) -> Any:
    warnings.simplefilter("error", image.DecompressionBombWarning)
    image.MAX_IMAGE_PIXELS = MOST_PIXELS
    opened = image.open(BytesIO(content), formats=FORMATS)
    opened.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
    upright = importlib.import_module("PIL.ImageOps").exif_transpose(opened).convert("L")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def _confinement() -> Any:
    """Set up empty packages instead of running their code, and load the confinement module."""
    for name, folder in LEAN.items():
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    return importlib.import_module("cissapp.foundation.intake.confinement")


if __name__ == "__main__":
    main()
