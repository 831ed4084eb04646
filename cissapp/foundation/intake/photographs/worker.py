"""Makes a page of one photograph, in a process of its own that can do little else.

Run as a script: its kind and the degrees to turn it by as arguments, the photograph on standard input.
Standard output is a line of JSON followed by the page and its thumbnail.
"""

import importlib
import json
import logging
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

MEMORY = 1536 * 1024 * 1024  # addresses, not pages: the libraries reserve more than they use
# The HEIC decoder always starts one thread of its own.
THREADS = {"HEIF": 2}
HERE = Path(__file__).resolve().parent
LEAN = {
    "cissapp": HERE.parents[2],
    "cissapp.foundation": HERE.parents[1],
    "cissapp.foundation.intake": HERE.parent,
    "cissapp.foundation.intake.photographs": HERE,
}


def main() -> None:
    """Make the page, and write the answer."""
    confinement = _confinement()
    confinement.limit(memory=MEMORY)
    logging.disable()
    normalising = _load()
    confinement.shut_in(threads=THREADS.get(sys.argv[1], 0))
    content = sys.stdin.buffer.read()
    try:
        measures, pictures = normalising.prepared(content, sys.argv[1], int(sys.argv[2]))
    except normalising.CannotOpen as error:
        measures, pictures = {"fault": str(error)}, []
    else:
        measures["first"] = len(pictures[0])
    sys.stdout.buffer.write(json.dumps(measures).encode() + b"\n" + b"".join(pictures))
    sys.stdout.flush()
    os._exit(0)


def _confinement() -> Any:
    """Set up empty packages instead of running their code, and load the confinement module."""
    for name, folder in LEAN.items():
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__path__ = [str(folder)]
    return importlib.import_module("cissapp.foundation.intake.confinement")


def _load() -> Any:
    importlib.import_module("PIL.Image").init()
    return importlib.import_module("cissapp.foundation.intake.photographs.normalising")


if __name__ == "__main__":
    main()
