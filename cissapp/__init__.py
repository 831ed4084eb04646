"""CISS: training, review and certification of schools' safety policies and reporting mechanisms."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config

FACTORY = "cissapp.factory"


def create_app(config: "Config") -> "Flask":
    """Build the application. Its rooms are loaded with the first call, so that `ciss --help` needs none."""
    with starting():
        from cissapp.factory import create_app  # noqa: PLC0415 -- slow import

        return create_app(config)


@contextmanager
def starting() -> Iterator[None]:
    """Disable garbage collection for the block, and exempt for good what the first start creates.

    Almost nothing created at start-up is garbage: looking for it took a third of the start-up time.
    """
    collects, is_first = gc.isenabled(), FACTORY not in sys.modules
    gc.disable()
    try:
        yield
    finally:
        if is_first:
            gc.freeze()
        if collects:
            gc.enable()
