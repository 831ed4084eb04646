"""CISS: training, review and certification of schools' safety policies and reporting mechanisms."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: "Config") -> "Flask":
    """Build the application. Its rooms are loaded with the first call, so that `ciss --help` needs none."""
    from cissapp.factory import create_app  # noqa: PLC0415 -- slow import

    return create_app(config)
