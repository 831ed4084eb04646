"""What the sender of this request has confirmed. The web answers; whoever writes asks here, and knows no web."""

from typing import Protocol

from flask import Flask, current_app

CONFIRMATIONS = "ciss-confirmations"


class Confirmations(Protocol):
    """Answers for the request that is under way."""

    def is_confirmed(self, counts: dict[str, int]) -> bool:
        """Return whether nothing was seen, or the sender has looked at just that; remember it."""

    def take_confirmation(self) -> dict[str, int]:
        """Return what was confirmed, once."""


def init_app(app: Flask, confirmations: Confirmations) -> None:
    """Register who answers."""
    app.extensions[CONFIRMATIONS] = confirmations


def confirmations() -> Confirmations:
    """Return who answers in this application."""
    found: Confirmations = current_app.extensions[CONFIRMATIONS]
    return found
