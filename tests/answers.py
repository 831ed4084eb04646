"""Keeps what the isolated workers answered: the same file is looked into once in a run of tests."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from types import ModuleType
from typing import Any

import pytest

from cissapp.evidence.intake import isolation as intake
from cissapp.safeguards.pictures import isolation as pictures

# What a test may set otherwise is part of the question.
SETTINGS = ("WORKER", "SECONDS", "SECONDS_TO_DRAW")


@contextmanager
def remembered() -> Iterator[None]:
    """Answer from memory what was answered before: a worker is a function of the file alone.

    What ended badly is asked again.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (intake, pictures):
            patch.setattr(module, "_run", _remembering(module, module._run))
        yield


def _remembering(module: ModuleType, run: Callable[..., bytes]) -> Callable[..., bytes]:
    kept: dict[tuple[Any, ...], bytes] = {}

    def answered(content: bytes, *arguments: Any) -> bytes:
        settings = tuple(str(getattr(module, name, "")) for name in SETTINGS)
        question = (sha256(content).digest(), arguments, settings, sys.executable)
        if question not in kept:
            answer = run(content, *arguments)
            if not answer:
                return answer
            kept[question] = answer
        return kept[question]

    return answered
