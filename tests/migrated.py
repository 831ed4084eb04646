"""A migrated, empty database: to migrate takes seconds, to copy nothing.

The file of SQLite is made once for all processes of a run, the database of PostgreSQL once for its server.
"""

import fcntl
import shutil
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from cissapp import create_app
from cissapp.foundation.core.db import db, session
from config import ROOT, Config
from tests.postgres import Address

TEMPLATE = "ciss_template"
_migrated_servers: set[str] = set()


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


def migrated_database(server: Address, name: str, folder: Path) -> str:
    """Make a database of a running server anew, and return its address."""
    if server(TEMPLATE) not in _migrated_servers:
        make_anew(server, TEMPLATE)
        migrate(_application(folder, server(TEMPLATE)))
        _migrated_servers.add(server(TEMPLATE))
    make_anew(server, name, f"TEMPLATE {TEMPLATE}")
    return server(name)


def make_anew(server: Address, name: str, template: str = "") -> None:
    """Make a database, in the place of the one of this name, if there is one."""
    engine = create_engine(server("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} {template}"))
    engine.dispose()


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
