"""A write that cannot be kept is answered as such: with a page, or as JSON, and nothing is acknowledged."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, select, text

from cissapp import create_app
from cissapp.foundation.core.db import db, session
from cissapp.prepare.assessment.models import SelfScore
from cissapp.prepare.documents.models import DocumentVersion
from config import ROOT, Config
from tests import factories
from tests.client import Client
from tests.conftest import SECRET
from tests.migrated import copy

ADDRESS = "/school/self-assessment/A1"
JSON = {"Accept": "application/json"}
NO_ROOM = "The service has no storage space left. You can still read, but nothing new can be saved."
BUSY = "The service is busy. Wait a minute and try again."


def answer_of(number: int) -> dict[str, str]:
    return {"level": "2", "text": f"{number}. What we do, and who does it. " * 60, "pages": "1"}


def rows(app: Flask, kind: type) -> int:
    with app.app_context():
        return session.scalar(select(func.count()).select_from(kind)) or 0


# --- a disk without room ----------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def on_disk(disk: Path, migrated: Path) -> Iterator[Flask]:
    """An installation on that disk."""
    app = create_app(
        Config(
            secret_key=SECRET,
            base_url="http://ciss.example",
            database_url=f"sqlite:///{disk}/ciss.db",
            files_url=f"file://{disk}/files",
            mail_url=f"file://{disk}/mail",
            keys_dir=disk / "keys",
            modules_dir=ROOT / "modules",
            testing=True,
        )
    )
    app.test_client_class = Client
    copy(migrated, app.config["CISS"].database_url)
    factories.bind(app)
    yield app
    with app.app_context():
        session.remove()
        db.engine.dispose()


def fill(disk: Path, app: Flask) -> Path:
    """Leave no room: not even what the log of writes has taken already."""
    with app.app_context():
        session.remove()
        db.engine.dispose()
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("PRAGMA wal_checkpoint(TRUNCATE)")
            )
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 512, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def test_answers_on_a_full_disk_are_not_kept_each_time(on_disk: Flask, disk: Path):
    head = factories.manager(factories.school())
    browser: Client = on_disk.test_client()
    browser.sign_in(head)
    assert browser.get(ADDRESS).status_code == 200
    filler = fill(disk, on_disk)

    said = []
    for number in range(12):
        headers = JSON if number % 2 else {}
        answer = browser.post(ADDRESS, data=answer_of(number), headers=headers)
        words = answer.get_json()["message"] if number % 2 else answer.get_data(as_text=True)
        typed = number % 2 or f"{number}. What we do, and who does it." in words
        said.append((answer.status_code, NO_ROOM in words, bool(typed)))
    shown = browser.get(ADDRESS).status_code
    there = rows(on_disk, SelfScore)
    filler.unlink()
    after = browser.post(ADDRESS, data=answer_of(1))

    assert said == [(507, True, True)] * 12
    assert (shown, there) == (200, 0)
    assert (after.status_code, rows(on_disk, SelfScore)) == (302, 1)


def test_a_file_on_a_full_disk_is_not_kept(on_disk: Flask, disk: Path):
    head = factories.manager(factories.school())
    browser: Client = on_disk.test_client()
    browser.sign_in(head)
    fill(disk, on_disk)

    answer = browser.post(
        "/school/documents/new",
        data={
            "title": "Policy",
            "evidence_code": "POL",
            "file": (BytesIO(factories.pdf_of()), "policy.pdf"),
        },
        content_type="multipart/form-data",
    )

    assert (answer.status_code, NO_ROOM in answer.get_data(as_text=True)) == (507, True)
    assert rows(on_disk, DocumentVersion) == 0


# --- a database that is gone ------------------------------------------------------------------


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
@pytest.mark.parametrize("wants", ["page", "json"])
def test_a_server_that_dies_at_the_commit_has_kept_nothing(app, postgres, make, sign_in, wants):
    browser = sign_in(make.manager(make.school()))
    killer = create_engine(postgres("postgres"), isolation_level="AUTOCOMMIT")
    died = []

    def dies(connection) -> None:
        if not died:
            died.append(connection.connection.dbapi_connection.info.backend_pid)
            with killer.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": died[0]})

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", dies)
    try:
        answer = browser.post(ADDRESS, data=answer_of(1), headers=JSON if wants == "json" else {})
    finally:
        event.remove(engine, "commit", dies)
        killer.dispose()
    then = browser.post(ADDRESS, data=answer_of(2))

    words = answer.get_json()["message"] if wants == "json" else answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"], BUSY in words) == (503, "30", True)
    assert (len(died), then.status_code, rows(app, SelfScore)) == (1, 302, 1)


@pytest.fixture
def cut_off(tmp_path: Path) -> Flask:
    """An application whose database server does not answer."""
    return create_app(
        Config(
            secret_key=SECRET,
            base_url="http://ciss.example",
            database_url="postgresql+psycopg://nobody@127.0.0.1:1/none",
            files_url=f"file://{tmp_path}/files",
            modules_dir=ROOT / "modules",
            testing=True,
        )
    )


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/learn"), ("POST", ADDRESS), ("GET", "/register"), ("GET", "/")],
)
def test_without_a_database_every_page_says_so(cut_off: Flask, method: str, address: str):
    """The page of an error asked who is signed in, and failed itself."""
    browser = cut_off.test_client()
    with browser.session_transaction() as cookie:
        cookie["token"] = "somebody was signed in"

    page = browser.open(address, method=method)
    data = browser.open(address, method=method, headers=JSON)

    if address == "/":  # needs no database, unless somebody is signed in
        assert page.status_code in {200, 503}
        return
    assert (page.status_code, BUSY in page.get_data(as_text=True)) == (503, True)
    assert (data.status_code, data.get_json()["message"]) == (503, BUSY)
    assert page.headers["Retry-After"] == "30"


# --- what a fault leaves behind ---------------------------------------------------------------


def test_a_known_fault_is_one_line_with_its_reference(cut_off: Flask, caplog):
    browser = cut_off.test_client()

    answer = browser.get("/register", headers=JSON)

    lines = [one for one in caplog.records if one.getMessage().startswith("fault ")]
    assert len(lines) == 1
    assert lines[0].exc_info is None
    assert answer.get_json()["reference"] in lines[0].getMessage()
    assert "GET /register 503" in lines[0].getMessage()


@pytest.mark.parametrize(
    ("address", "told"),
    [("/calendar/a-secret-address.ics", "/calendar/<token>.ics"), ("/a/K3PX7M", "/a/<code>")],
)
def test_a_fault_leaves_no_link_in_the_log_that_opens_something(
    cut_off: Flask, caplog, address, told
):
    cut_off.test_client().get(address)

    (line,) = [one for one in caplog.records if one.getMessage().startswith("fault ")]
    assert f"GET {told}" in line.getMessage()
    said = " ".join(one.getMessage() for one in caplog.records)
    assert not any(secret in said for secret in ("a-secret-address", "K3PX7M"))


def test_what_was_typed_is_given_back_but_to_no_other_site_and_no_password(cut_off: Flask):
    browser = cut_off.test_client()
    with browser.session_transaction() as cookie:
        cookie["token"] = "somebody was signed in"
    typed = {"text": "what was typed", "level": "2"}

    ours = browser.post(ADDRESS, data=typed).get_data(as_text=True)
    foreign = browser.post(ADDRESS, data=typed, headers={"Origin": "https://evil.example"})
    secret = browser.post(ADDRESS, data={**typed, "password": "a secret"})

    assert ('name="text"' in ours, "what was typed" in ours, f'action="{ADDRESS}"' in ours) == (
        True,
        True,
        True,
    )
    assert "<h1>This was not saved</h1>" in squeezed(ours)
    assert "What you typed was kept" not in ours
    assert "what was typed" not in foreign.get_data(as_text=True)
    assert "a secret" not in secret.get_data(as_text=True)


@pytest.mark.parametrize(
    ("language", "heading", "label"),
    [
        ("en", "This was not saved", "How your school meets this"),
        ("ro", "Nu s-a salvat", "Cum îndeplinește școala dumneavoastră"),
        ("uk", "Це не збережено", "Як Ваша школа це виконує"),
    ],
)
def test_entries_stand_under_the_words_of_their_form_in_the_language_of_the_page(
    cut_off: Flask, language: str, heading: str, label: str
):
    browser = signed_in(cut_off, language=language)
    typed = {"text": "what was typed", "level": "2", "seen": "stamp", "made_up_name": "a word"}

    page = browser.post(ADDRESS, data=typed).get_data(as_text=True)

    words = squeezed(page)
    assert f"<h1>{heading}</h1>" in words
    assert f"<dt>{label}" in words
    assert "Text</dt>" not in words
    assert "Made up name" not in words
    assert words.count("a word") == 2  # in the hidden field, and below without a name
    assert words.count("stamp") == 1


def test_a_chosen_file_is_named_as_one_to_choose_again(cut_off: Flask):
    browser = signed_in(cut_off)

    def sent(**data: object) -> str:
        file = (BytesIO(b"%PDF-1.7"), "our policy.pdf")
        answer = browser.post("/school/documents/new", data={**data, "file": file})
        assert answer.status_code == 503
        return squeezed(answer.get_data(as_text=True))

    for page in (sent(title="Policy"), sent()):
        assert "The file that you chose was not saved. Choose it again" in page
        assert "our policy.pdf" in page
    nothing = browser.post(
        "/school/documents/new", data={"title": "Policy", "file": (BytesIO(), "")}
    )
    assert "Choose it again" not in nothing.get_data(as_text=True)


def test_after_a_fault_of_ours_what_was_typed_is_given_back_too(tmp_path: Path, monkeypatch):
    app = create_app(
        Config(
            secret_key=SECRET,
            base_url="http://ciss.example",
            database_url=f"sqlite:///{tmp_path}/none.db",
            files_url=f"file://{tmp_path}/files",
            modules_dir=ROOT / "modules",
        )
    )
    monkeypatch.setattr("cissapp.foundation.web.origin.from_another_site", lambda: False)

    def broken() -> None:
        raise RuntimeError("a bug")

    app.before_request_funcs.setdefault(None, []).insert(0, broken)
    browser = app.test_client()

    answer = browser.post(ADDRESS, data={"text": "what was typed"})
    page = squeezed(answer.get_data(as_text=True))
    secret = browser.post("/sign-in", data={"email": "a@b.example", "password": "a secret"})

    assert answer.status_code == 500
    assert "<h1>This was not saved</h1>" in page
    assert "Something went wrong on our side." in page
    assert page.count("what was typed") == 2
    assert "a@b.example" not in secret.get_data(as_text=True)


def signed_in(app: Flask, **session_values: str) -> object:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update({"token": "somebody was signed in", **session_values})
    return browser


def squeezed(page: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", " ".join(page.split()))
