"""An application without a database, for the words of posters."""

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

import cissapp


@pytest.fixture(scope="session")
def poster_app() -> Flask:
    app = Flask("cissapp")
    folder = Path(cissapp.__file__).parent / "translations"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app, locale_selector=lambda: "en")
    return app
