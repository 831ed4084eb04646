"""Asks the web layer what the sender confirmed, so that services need not depend on it."""

from typing import Protocol

from flask import Flask, current_app

CONFIRMATIONS = "ciss-confirmations"


class Confirmations(Protocol):
    """The confirmations sent with the current request."""

    def is_confirmed(self, counts: dict[str, int]) -> bool:
        """Return whether there are no signs, or the sender confirmed exactly these; remember it."""

    def take_confirmation(self) -> dict[str, int]:
        """Return what was confirmed and clear it."""


def init_app(app: Flask, confirmations: Confirmations) -> None:
    """Register the source of confirmations."""
    app.extensions[CONFIRMATIONS] = confirmations


def confirmations() -> Confirmations:
    """Return this application's source of confirmations."""
    found: Confirmations = current_app.extensions[CONFIRMATIONS]
    return found
