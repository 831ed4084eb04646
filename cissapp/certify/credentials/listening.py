"""Hears of each new row of the register, inside its transaction, and acts on it."""

from typing import Any

from flask import current_app

from cissapp.certify.certificates.models import RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.credentials import services
from cissapp.certify.credentials.queries import CHANGES
from cissapp.certify.credentials.services import Making
from cissapp.foundation.signing import keys
from cissapp.foundation.web.context import content
from config import Config


def making() -> Making:
    """Give what this installation makes credentials with."""
    config: Config = current_app.config["CISS"]
    programme = content()
    return Making(
        config.base_url, keys.load(config.keys_dir), programme.standard, programme.countries
    )


def make_or_follow(entry: RegisterEntry, **_rest: Any) -> None:
    """Make the credential when a certificate is issued; sign the lists when its status changes."""
    if entry.event is RegisterEvent.ISSUED:
        services.make(entry.certificate, making=making(), at=entry.at)
    elif entry.event in CHANGES:
        services.follow(entry.certificate, making=making(), at=entry.at)
