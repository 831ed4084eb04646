"""The settings of the application that is running."""

from typing import cast

from flask import current_app

from config import Config


def current_config() -> Config:
    """Return the settings of this installation."""
    return cast("Config", current_app.config["CISS"])
