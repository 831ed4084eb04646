"""CISS: training, review and certification of schools' safety policies and reporting mechanisms."""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: "Config") -> "Flask":
    """Build the application. Its rooms are loaded with the first call, so that `ciss --help` needs none.

    Nearly nothing that is made meanwhile is rubbish: looking for it takes a quarter of the start.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        from cissapp.factory import create_app  # noqa: PLC0415 -- slow import

        return create_app(config)
    finally:
        if collects:
            gc.enable()
