"""Reads the newest migration from its files; Alembic is only loaded to change a database."""

import re
from pathlib import Path
from typing import Any

from flask import Flask

from cissapp.foundation.core.db import db

NAMED = re.compile(r"^(down_)?revision(?:: .+)? = \"(\w+)\"", re.MULTILINE)


class LateMigrations:
    """A stand-in for Flask-Migrate's settings, which creates them when something asks for them."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._folder = app, folder

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of Flask-Migrate's settings."""
        from flask_migrate import Migrate  # noqa: PLC0415 -- slow import, and no page needs it

        Migrate(self._app, db, directory=str(self._folder), render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def known(folder: Path) -> tuple[frozenset[str], str]:
    """Return all revisions, and the one that no other builds on."""
    revisions: set[str] = set()
    followed: set[str] = set()
    for path in (folder / "versions").glob("*.py"):
        for down, revision in NAMED.findall(path.read_text(encoding="utf-8")):
            (followed if down else revisions).add(revision)
    (head,) = revisions - followed
    return frozenset(revisions), head


def newest(folder: Path) -> str:
    """Return the revision that no other one builds on."""
    return known(folder)[1]


def init_app(app: Flask, folder: Path) -> None:
    """Let the application know its migrations, and which is the newest."""
    app.extensions["migrate"] = LateMigrations(app, folder)
    app.config["MIGRATIONS"], app.config["MIGRATION_HEAD"] = known(folder)
