"""The blueprint of the room, and what its pages share."""

from flask import Blueprint

from cissapp.foundation.core.installation.settings import current_config

bp = Blueprint("sign_on", "cissapp.people.sign_on", template_folder="templates")
RATE = "60 per 5 minutes"


def to_loopback() -> bool:
    """Return whether a provider may be on this machine itself, without TLS; for trials only."""
    return current_config().webhooks_to_loopback
