"""What was acknowledged survives `kill -9`: a real server process, killed in the middle of answers."""

import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

import pytest

from cissapp import create_app
from cissapp.foundation.core.roles import Role
from config import Config
from tests import factories
from tests.client import Client
from tests.migrated import copy
from tests.processes import ciss, ended
from tests.shipped import MODULE

ROUNDS, LONG_ROUNDS = 3, 20
PATIENCE = 1_200  # tenths of a second, on a machine that others use as well
QUIZ = f"/learn/{MODULE.id}/quiz"


@dataclass
class Running:
    """A server process, who talks to it, and a browser that looks past it into the same installation."""

    environment: dict[str, str]
    port: int
    browser: Client
    cookie: str
    token: str
    process: ForkServerProcess | None = None
    acknowledged: dict[int, str] = field(default_factory=dict)
    under_way: tuple[int, str] | None = None

    def start(self, *options: str) -> None:
        address = f"127.0.0.1:{self.port}"
        self.process = ciss("serve", "--bind", address, *options, environment=self.environment)
        for _ in range(PATIENCE):
            assert self.process.is_alive(), "the server ended while it started"
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.join()

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Accept": "application/json" if fields else "text/html"}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode({"csrf_token": self.token, **fields})
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def answer_until_killed(self, form: dict[str, str], random: Random) -> None:
        """Save answers until the server is gone; remember those that it acknowledged."""
        try:
            while True:
                position, choice = random.randint(1, 10), str(random.randint(1, 2))
                self.under_way = (position, choice)
                status, said = self.ask("POST", f"{QUIZ}/{position}", **form, chosen=choice)
                if status == 200 and json.loads(said).get("saved"):
                    self.acknowledged[position] = choice
        except OSError:
            return


@pytest.fixture
def running(tmp_path: Path, migrated: Path) -> Iterator[Running]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = Config(
        secret_key="for tests only, and long enough to pass",
        base_url=f"http://127.0.0.1:{port}",
        database_url=f"sqlite:///{tmp_path}/ciss.db",
        files_url=f"file://{tmp_path}/files",
        mail_url=f"file://{tmp_path}/mail",
        keys_dir=tmp_path / "keys",
        testing=True,
    )
    app = create_app(config)
    app.test_client_class = Client
    copy(migrated, config.database_url)
    factories.bind(app)
    browser: Client = app.test_client()
    browser.sign_in(factories.user(Role.SCHOOL_MANAGER))
    token = browser.token()
    cookie = browser.get_cookie("ciss")
    assert cookie
    environment = {
        "PATH": os.environ["PATH"],
        "CISS_SECRET_KEY": config.secret_key,
        "CISS_BASE_URL": config.base_url,
        "CISS_DATABASE_URL": config.database_url,
        "CISS_FILES_URL": config.files_url,
        "CISS_MAIL_URL": config.mail_url,
        "CISS_KEYS_DIR": str(config.keys_dir),
    }
    server = Running(environment, port, browser, f"ciss={cookie.value}", token)
    yield server
    if server.process and server.process.is_alive():
        server.kill()


def fields_of(page: str) -> dict[str, str]:
    """Read the hidden fields of the question's form."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = [
        (re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in found
    ]
    return {
        name[1]: value[1]
        for name, value in pairs
        if name and value and name[1] not in {"csrf_token", "next", "sequence"}
    }


def takes_an_option(page: str) -> bool:
    """Return whether the question takes the number of one of its options."""
    fields = re.findall(r'<input[^>]*name="chosen"[^>]*>', page)
    return any('type="radio"' in field for field in fields)


def answer_in(page: str) -> str | None:
    """Read the answer on the page: the chosen option, or what was typed where words are asked for.

    Which questions an attempt draws is left to chance, so every kind that takes one value counts.
    """
    for one in re.findall(r'<input[^>]*name="chosen"[^>]*>', page):
        value = re.search(r'value="([^"]*)"', one)
        if value and (" checked" in one or 'type="text"' in one):
            return value[1]
    return None


def test_an_acknowledged_answer_survives_kill_9(running: Running, request: pytest.FixtureRequest):
    random = Random(5)
    running.start()
    assert running.ask("POST", f"{QUIZ}/start")[0] in {302, 303}
    form = fields_of(running.ask("GET", f"{QUIZ}/1")[1])
    for _ in range(LONG_ROUNDS if request.config.getoption("long") else ROUNDS):
        writer = threading.Thread(target=running.answer_until_killed, args=(form, random))
        writer.start()
        time.sleep(random.uniform(0.3, 1.2))
        running.kill()
        writer.join()
        running.start()
        shown = {
            position: answer_in(running.ask("GET", f"{QUIZ}/{position}")[1])
            for position in running.acknowledged
        }
        # The answer under way at the kill may have been kept without its acknowledgement.
        lost = {
            position: (choice, shown[position])
            for position, choice in running.acknowledged.items()
            if shown[position] != choice and running.under_way != (position, shown[position])
        }
        assert lost == {}
        running.acknowledged = {position: shown[position] or "" for position in shown}

    assert running.acknowledged


CALLS = "fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg"
# A call stands in one line, or in two, if another thread called meanwhile: what counts is when it came to its end.
WRITTEN = re.compile(r"pwrite64\(\d+<[^>]*-wal>")
BEGUN = re.compile(r"(?P<thread>\d+) +(fsync|fdatasync)\(\d+<[^>]*-wal>")
ENDED = re.compile(r"(?P<thread>\d+) +<\.\.\. (fsync|fdatasync) resumed>.* = 0")


def synced(lines: list[str]) -> list[int]:
    """List the lines at which a sync of SQLite's log had ended that began after the last write into it."""
    last = max((at for at, line in enumerate(lines) if WRITTEN.search(line)), default=len(lines))
    found, under_way = [], set()
    for at, line in enumerate(lines[last + 1 :], last + 1):
        if begun := BEGUN.match(line):
            under_way.add(begun["thread"])
            found += [at] if line.endswith(" = 0") else []
        elif (ended := ENDED.match(line)) and ended["thread"] in under_way:
            found.append(at)
    return found


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace, which .ci/run installs")
def test_an_answer_leaves_after_what_it_says_is_on_the_disk(running: Running, tmp_path: Path):
    """A killed process loses nothing that the system has; only a sync outlives the loss of power."""
    running.start()
    assert running.ask("POST", f"{QUIZ}/start")[0] in {302, 303}
    pages = {position: running.ask("GET", f"{QUIZ}/{position}")[1] for position in range(1, 11)}
    position = next(one for one, page in pages.items() if takes_an_option(page))
    form = fields_of(pages[position])
    assert running.process
    calls = tmp_path / "calls.txt"
    command = ["strace", "-f", "-y", "-s", "20", "-e", f"trace={CALLS}", "-e", "signal=none"]
    command += ["-o", str(calls), "-p", str(running.process.pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as witness:
        assert witness.stderr
        if "attached" not in witness.stderr.readline():
            pytest.skip("strace may not look into another process on this machine")
        status, said = running.ask("POST", f"{QUIZ}/{position}", **form, chosen="1")
        for _ in range(100):
            lines = calls.read_text(errors="replace").splitlines()
            answers = [at for at, line in enumerate(lines) if '"HTTP/1.1 200 OK' in line]
            if answers:
                break
            time.sleep(0.1)  # it writes down what it saw a moment later
        witness.terminate()

    assert (status, bool(json.loads(said).get("saved"))) == (200, True)
    assert synced(lines[: answers[0]]) != []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_rests_lets_the_log_of_writes_be_emptied(running: Running, workers: str):
    """Who forgets to end a look keeps SQLite's log growing for as long as the server runs."""
    running.start("--workers", workers)
    assert running.ask("GET", "/learn")[0] == 200
    assert running.ask("POST", f"{QUIZ}/start")[0] in {302, 303}
    assert running.process
    file = running.environment["CISS_DATABASE_URL"].removeprefix("sqlite:///")
    # A request ends its look after its answer has left, so it may still have a moment to go.
    stranger = sqlite3.connect(file, timeout=10)
    busy = stranger.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    stranger.close()
    running.process.terminate()  # the workers of several end with their parent
    ended(running.process)

    assert not busy
