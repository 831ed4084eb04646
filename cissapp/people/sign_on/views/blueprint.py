"""The blueprint of the room, and what its pages share."""

from flask import Blueprint, current_app

bp = Blueprint("sign_on", "cissapp.people.sign_on", template_folder="templates")
RATE = "60 per 5 minutes"


def to_loopback() -> bool:
    """Return whether a provider may be on this machine itself, without TLS; for trials only."""
    return bool(current_app.config["CISS"].webhooks_to_loopback)
