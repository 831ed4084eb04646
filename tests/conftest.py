"""Application, databases, client. Nothing of a room.

A test of services, queries or locks runs on SQLite and on PostgreSQL, unless another one sends the same
statements to both and it is marked so. A test that opens pages runs on one of the two, drawn from its name:
what a page asks of the database is tested on both below it. `--long` runs every test on both, but for those
that are about one alone (`only_on`). Each test gets a fresh, migrated database.
"""

import gc
import os
import pickle
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from contextvars import Context
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

import tests.shipped  # noqa: F401 -- the first: who asks for the content after it finds it read
from cissapp import create_app
from cissapp.foundation.core import clock
from cissapp.foundation.core import db as committing
from cissapp.foundation.core.db import db, unit_of_work
from cissapp.foundation.core.engines.waiting import LIMITS
from cissapp.foundation.web.limits import limiter
from cissapp.people.accounts.models import User
from config import ROOT, Config
from tests import factories, hashing, redis_server
from tests.answers import remembered
from tests.client import Client
from tests.migrated import copy, migrated_database, migrated_file
from tests.postgres import Address, Emptied, start_postgres
from tests.snapshots import Snapshot
from tests.verdicts import LOOKED_AT, PARSED

Made = TypeVar("Made")

SECRET = "for tests only, and long enough to pass"


# A test makes much that is gone with it: looking for circles as often as usual costs a tenth of the time.
gc.set_threshold(400_000, 20, 50)

hashing.make_cheap()


def _at_once(_file: int) -> None:
    """Let a file that is thrown away not wait for the disk: what lasts is tried with processes of their own."""


os.fsync = _at_once

# Nothing goes by the clock: on a machine that others use as well, two seconds are soon over.
LIMITS.update(dict.fromkeys(LIMITS, 120_000))

# Nothing is timed (ADR 15): an example that takes long on a busy machine, or under coverage, is no fault.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

KINDS = ("sqlite", "postgresql")
BROWSERS = {"client", "sign_in"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run the tests of pages on both databases, and the journeys in both widths",
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run a chosen file or test in this process: it answers before the others would have started."""
    chosen = [Path(one.partition("::")[0]) for one in config.args]
    return 0 if all(one.suffix == ".py" for one in chosen) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process is left with one at the end.

    The first of a browser makes the demo: those beside it need none, so that nobody waits for it.
    """
    longest = ("test_dossier", "winddown", "journeys", "browser")

    def place(item: pytest.Item) -> int:
        names = {item.path.stem, item.path.parent.name}
        return next((at for at, name in enumerate(longest) if name in names), len(longest))

    items.sort(key=place)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the databases of a test."""
    if "databases" in metafunc.fixturenames and not is_given(metafunc, "databases"):
        metafunc.parametrize("databases", _kinds(metafunc), indirect=True)


def is_given(metafunc: pytest.Metafunc, name: str) -> bool:
    """Say whether a test chooses these values itself."""
    marks = metafunc.definition.iter_markers("parametrize")
    return any(name in mark.args[0] for mark in marks)


def _kinds(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    on_both = metafunc.definition.get_closest_marker("both_databases")
    on_one = metafunc.definition.get_closest_marker("one_database")
    only_on = metafunc.definition.get_closest_marker("only_on")
    opens_pages = BROWSERS & set(metafunc.fixturenames)
    if only_on:
        return only_on.args
    if on_both or not (opens_pages or on_one) or metafunc.config.getoption("long"):
        return KINDS
    if on_one:
        return on_one.args
    name = f"{metafunc.definition.path.parent.name}/{metafunc.function.__name__}"
    return (KINDS[zlib.crc32(name.encode()) % len(KINDS)],)


def _as_for_tests(connection: Any, _record: Any) -> None:
    """Let a database that is thrown away not wait for the disk, as PostgreSQL's here does not.

    Who does not ask for an order gets the other one than usual: what leans on it fails here, and always.
    """
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA reverse_unordered_selects=ON")


class Databases:
    """One application for a kind of database, and a fresh database for each test."""

    def __init__(self, kind: str, folder: Path, server: Address | None, shared: Path) -> None:
        self.kind, self.folder, self.server, self.shared = kind, folder, server, shared
        if kind == "sqlite":
            url = f"sqlite:///{folder}/test.db"
            self.empty = migrated_file(shared)
            copy(self.empty, url)
        else:
            assert server
            url = migrated_database(server, "ciss_test", shared)
            self.emptied = Emptied(url)
        config = Config(
            secret_key=SECRET,
            base_url="http://ciss.example",
            database_url=url,
            files_url=f"file://{folder}/files",
            mail_url=f"file://{folder}/mail",
            keys_dir=folder / "keys",
            cache_dir=shared / "cache",
            modules_dir=ROOT / "modules",
            webhooks_to_loopback=True,
            second_factor=False,  # what asks for one turns it on: `tests/people/factors`
            testing=True,
        )
        self.app = create_app(config)
        self.app.test_client_class = Client
        # Two processes with two applications each would compile the same templates four times.
        self.app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(shared), "%s.template")
        with self.app.app_context():
            if kind == "sqlite":
                event.listen(db.engine, "connect", _as_for_tests)
            event.listen(db.engine, "checkout", self._touch)
            # A run sends more statements than are kept compiled as a rule, which is 500.
            db.engine._compiled_cache.capacity = 5_000
        self._snapshots: dict[str, tuple[Snapshot, bytes]] = {}
        self._touched = False
        self.patched = False
        self.usual = self._settings()

    def _touch(self, *_event: Any) -> None:
        self._touched = True

    def rest(self) -> None:
        """End what a test left open; connections to the server are kept, those to a file end with it."""
        with self.app.app_context():
            db.session.remove()
            if self.kind == "sqlite":
                db.engine.dispose()

    def fresh(self) -> None:
        """Replace the database by the migrated, empty one; empty the folders."""
        limiter.enabled = (
            False  # one for a process: an application that is no test's has turned it on
        )
        self.rest()
        if self.kind == "sqlite":
            for path in self.folder.glob("test.db*"):
                path.unlink()
            shutil.copy(self.empty, self.folder / "test.db")
        elif not self.emptied.again():
            assert self.server
            migrated_database(self.server, "ciss_test", self.shared)
        for name in ("files", "mail"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self._touched = False

    def kept(self, make: Callable[..., Made], *arguments: Any) -> Made:
        """Return what `make` returns, with the database and the files as it leaves them: made once for a process.

        The database is still empty when it is asked for. What comes back is a copy: a test may change it, and its rows.
        """
        name = f"{make.__module__}.{make.__qualname__}{arguments}"
        if self._has(name):
            self.fresh()
            return cast("Made", self._put_back(name))
        return self._keep(name, partial(make, self.app, *arguments))

    def may_begin(self) -> bool:
        """Return whether nobody has asked the database for anything yet, and all is as in other tests."""
        usual = self.usual == self._settings()
        return usual and not self._touched and not self.patched

    def _settings(self) -> tuple[Any, ...]:
        return self.app.config["CISS"], self.app.extensions["ciss-content"]

    def begun(self, make: Callable[..., Made], **values: Any) -> Made:
        """Return what `make` returns, without an application's context: made once for a process, if a test begins with it.

        The clock belongs to what is made. The database is still empty when it is asked for.
        """
        stopped = clock._frozen.get()
        name = f"{make.__module__}.{make.__qualname__}{values}{stopped}"
        if self._has(name):
            made = self._put_back(name)
        else:
            made = self._keep(name, lambda: Context().run(_made_at, stopped, make, values))
        self._touched = True
        return cast("Made", made)

    def _has(self, name: str) -> bool:
        return name in self._snapshots and self._snapshots[name][0].has_its_keys()

    def _put_back(self, name: str) -> Any:
        snapshot, value = self._snapshots[name]
        snapshot.put_back()
        return pickle.loads(value)

    def _keep(self, name: str, make: Callable[[], Made]) -> Made:
        made = make()
        self.rest()
        # Beside the installation: tests that look through all of its files find none of these.
        store = self.folder.with_name(f"{self.folder.name}-kept-{uuid4()}")
        connection = self.emptied.connection if self.server else None
        value = pickle.dumps(made)
        self._snapshots[name] = (Snapshot(self.folder, store, connection), value)
        return cast("Made", pickle.loads(value))


def _made_at(stopped: datetime | None, make: Callable[..., Made], values: dict[str, Any]) -> Made:
    with clock.at(stopped) if stopped else nullcontext():
        return make(**values)


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    """Stop the clock at the moment at which the factories make everything."""
    with clock.at(factories.NOW):
        yield


@pytest.fixture
def clock_of_next_day() -> Iterator[None]:
    """Stop the clock a day later."""
    with clock.at(factories.NOW + timedelta(days=1)):
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Address]:
    """A running PostgreSQL server: a function from a database's name to its address."""
    yield from start_postgres()


@pytest.fixture(scope="session", autouse=True)
def _answers_of_workers(shared_folder: Path) -> Iterator[None]:
    """Look into one and the same file, and at one and the same page, once: hundreds of tests show the same few."""
    PARSED.share(shared_folder)
    LOOKED_AT.share(shared_folder)
    with remembered(shared_folder / "answers"):
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def migrated(shared_folder: Path) -> Path:
    """A migrated, empty SQLite file, for an installation of a test's own."""
    return migrated_file(shared_folder)


@pytest.fixture(scope="session")
def built_databases() -> dict[str, Databases]:
    """The applications of this process by kind of database: each is built once, whatever the order of tests."""
    return {}


@pytest.fixture
def databases(
    request: pytest.FixtureRequest,
    built_databases: dict[str, Databases],
    tmp_path_factory: pytest.TempPathFactory,
    shared_folder: Path,
) -> Databases:
    kind = request.param
    if kind not in built_databases:
        server = request.getfixturevalue("postgres") if kind == "postgresql" else None
        folder = tmp_path_factory.mktemp(kind)
        built_databases[kind] = Databases(kind, folder, server, shared_folder)
        gc.collect()
        gc.freeze()  # what an application is made of stays: nobody has to look for rubbish in it again
    return built_databases[kind]


@pytest.fixture
def app(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with a fresh database."""
    databases.fresh()
    databases.patched = "monkeypatch" in request.fixturenames
    factories.bind(databases.app, databases)
    yield databases.app
    databases.rest()


@pytest.fixture
def plain_files() -> Iterator[None]:
    """Certificates whose files no test of the file looks at."""
    with factories.files_nobody_looks_at():
        yield


@pytest.fixture
def redis() -> Iterator[redis_server.RedisServer]:
    """A Redis of one's own."""
    yield from redis_server.redis_server()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """A unit of work around a test of services or queries. Not together with a client.

    It is committed, for what the database says to that. The steps behind the commit are left out: nobody would
    look at them, and what fails there is kept from whoever made the change.
    """
    with app.app_context(), unit_of_work():
        yield
        committing._after_commit.set([])


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], Client]:
    """Sign a person in, and give the browser."""

    def signed_in(user: User) -> Client:
        browser = app.test_client()
        browser.sign_in(user)
        return browser

    return signed_in


@pytest.fixture
def make(app: Flask) -> object:
    """The factories, bound to the application of this test."""
    return factories
