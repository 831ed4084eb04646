"""A migrated, empty SQLite file, made once for all processes of a run: to migrate takes seconds, to copy nothing."""

import fcntl
import shutil
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from cissapp import create_app
from cissapp.foundation.core.db import db, session
from config import ROOT, Config


def migrated_file(folder: Path) -> Path:
    """Return the file, made by whoever asks for it first."""
    file = folder / "migrated.db"
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            new = folder / "migrating.db"
            migrate(_application(folder, f"sqlite:///{new}"))
            new.replace(file)
    return file


def _application(folder: Path, url: str) -> Flask:
    return create_app(
        Config(
            secret_key="for tests only, and long enough to pass",
            base_url="http://ciss.example",
            database_url=url,
            files_url=f"file://{folder}/files",
            cache_dir=folder / "cache",
            modules_dir=ROOT / "modules",
            testing=True,
        )
    )


def migrate(app: Flask) -> None:
    """Bring the database of an application up to date, and let go of it."""
    with app.app_context():
        upgrade()
        session.remove()
        db.engine.dispose()


def copy(file: Path, url: str) -> None:
    """Lay the file where an application looks for its database."""
    shutil.copy(file, url.removeprefix("sqlite:///"))
