"""The content that this application was started with."""

from flask import current_app

from cissapp.foundation.content.values import Content

EXTENSION = "ciss-content"


def content() -> Content:
    """Return the programme's content."""
    found: Content = current_app.extensions[EXTENSION]
    return found
