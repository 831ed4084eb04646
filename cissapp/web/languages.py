"""Which language a page speaks: the person's own, else the chosen one, else the browser's."""

from collections.abc import Callable

from flask import Flask, request, session
from flask_babel import Babel

from cissapp.access.guard import signed_in

NAMES = {
    "en": "English",
    "ro": "Română",
    "uk": "Українська",
    "ru": "Русский",
    "be": "Беларуская",
}


def current() -> str:
    """Give the language of this request."""
    person = signed_in()
    chosen = getattr(person, "language", None) or session.get("language")
    if chosen in NAMES:
        return str(chosen)
    return request.accept_languages.best_match(list(NAMES), "en") or "en"


def init_app(app: Flask, time_zone: Callable[[], str]) -> None:
    """Set Flask-Babel up; moments are written in the time zone that the function names."""
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=current, timezone_selector=time_zone)
