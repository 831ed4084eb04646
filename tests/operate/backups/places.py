"""Where a backup comes back to: an installation with nothing in it, on the same kind of database."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, text

from cissapp.foundation.core import clock
from cissapp.operate.backups.commands import backup, restore
from tests.operate.winddown.filling import LATER, closed, empty


def kind_of(app: Flask) -> str:
    return "sqlite" if app.config["CISS"].database_url.startswith("sqlite") else "postgresql"


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A second installation: no database at all, or one in which there is nothing."""
    if kind_of(app) == "sqlite":
        url = f"sqlite:///{tmp_path}/there/ciss.db"
    else:
        url = request.getfixturevalue("postgres")("ciss_restored")
        blank(request.getfixturevalue("postgres")("postgres"))
    other = empty(tmp_path / "there", url)
    yield other
    closed(other)


def blank(server: str) -> None:
    """Make the database anew, with nothing in it."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS ciss_restored WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE ciss_restored"))
    engine.dispose()


def back_up(app: Flask, *arguments: object, at: datetime = LATER) -> Result:
    with clock.at(at):
        return app.test_cli_runner().invoke(backup, [str(one) for one in arguments])


def bring_back(app: Flask, *arguments: object, typed: str | None = None) -> Result:
    with clock.at(LATER):
        return app.test_cli_runner().invoke(restore, [str(one) for one in arguments], input=typed)
