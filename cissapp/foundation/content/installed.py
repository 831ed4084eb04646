"""The content that this application was started with."""

from datetime import date, datetime

from flask import current_app

from cissapp.foundation.content.values import Content
from cissapp.foundation.core import clock

EXTENSION = "ciss-content"


def content() -> Content:
    """Return the programme's content."""
    found: Content = current_app.extensions[EXTENSION]
    return found


def day_in(country_code: str | None, moment: datetime) -> date:
    """Return the date of a moment on the calendars of a country, whose people act on it; without one, in UTC."""
    return clock.local_day(moment, content().time_zone(country_code or ""))
