"""Keeps what the isolated workers answered: the same file is looked into once in a run of tests."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from types import ModuleType
from typing import Any

import pytest

from cissapp.foundation.intake import isolation as intake
from cissapp.foundation.safeguards.pictures import isolation as pictures

# What a test may set otherwise is part of the question.
SETTINGS = ("WORKER", "SECONDS", "SECONDS_TO_DRAW")


@contextmanager
def remembered(folder: Path) -> Iterator[None]:
    """Answer from a folder what was answered before, in whichever process: a worker is a function of the file alone.

    What ended badly is asked again.
    """
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for module in (intake, pictures):
            patch.setattr(module, "_run", _remembering(folder, module, module._run))
        yield


def _remembering(
    folder: Path, module: ModuleType, run: Callable[..., bytes]
) -> Callable[..., bytes]:
    def answered(content: bytes, *arguments: Any) -> bytes:
        settings = tuple(str(getattr(module, name, "")) for name in SETTINGS)
        question = repr((sha256(content).hexdigest(), arguments, settings, sys.executable))
        kept = folder / sha256(question.encode()).hexdigest()
        if not kept.exists():
            answer = run(content, *arguments)
            if not answer:
                return answer
            new = kept.with_suffix(f".{os.getpid()}-{get_ident()}")
            new.write_bytes(answer)
            new.replace(kept)
        return kept.read_bytes()

    return answered
