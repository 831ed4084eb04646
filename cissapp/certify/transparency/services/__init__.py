"""Writes of the public log."""

from cissapp.certify.transparency.services.checkpoints import (
    add_cosignatures,
    save_extent,
    sign_checkpoint,
    sign_now,
)
from cissapp.certify.transparency.services.entries import catch_up, enter_register_rows

__all__ = [
    "add_cosignatures",
    "catch_up",
    "enter_register_rows",
    "save_extent",
    "sign_checkpoint",
    "sign_now",
]
