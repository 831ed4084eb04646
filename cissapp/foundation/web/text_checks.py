"""Validators for a line or a text, shared by the forms of several rooms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

LINE_MOST = 200
TEXT_MOST = 5000


def short(least: Any, most: int = LINE_MOST) -> list[Any]:
    """Require a line of text that is not blank and not too long."""
    too_long = _l("Use at most %(most)s characters.", most=most)
    return [DataRequired(least), Length(max=most, message=too_long)]


def long_text() -> list[Any]:
    """Limit the length of a text."""
    too_long = _l("Use at most %(most)s characters.", most=TEXT_MOST)
    return [Length(max=TEXT_MOST, message=too_long)]
