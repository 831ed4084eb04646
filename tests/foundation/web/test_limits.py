"""Rate limits: who guesses is stopped, who signs in is not."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from cissapp import create_app
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import TooManyAttempts
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.services import tokens
from config import ROOT, Config
from tests import factories
from tests.client import Client
from tests.migrated import copy
from tests.oversee.api.programs import Program, program_of


def limited_app(folder: Path, migrated: Path) -> Flask:
    """An application with its limits on, which the tests' own has off."""
    config = Config(
        secret_key="for tests only, and long enough to pass",
        base_url="http://ciss.example",
        database_url=f"sqlite:///{folder}/ciss.db",
        files_url=f"file://{folder}/files",
        mail_url=f"file://{folder}/mail",
        keys_dir=folder / "keys",
        modules_dir=ROOT / "modules",
        testing=True,
    )
    make = create_app(config)
    copy(migrated, config.database_url)
    factories.bind(make)
    factories.user(Role.SECRETARIAT, email="known@ciss.example")
    limited = create_app(replace(config, testing=False))
    limited.test_client_class = Client
    return limited


def sign_in(browser: Client, password: str) -> int:
    data = {"email": "known@ciss.example", "password": password}
    return browser.post("/sign-in", data=data).status_code


def test_a_guesser_waits_and_a_full_staff_room_does_not(tmp_path: Path, migrated: Path):
    app = limited_app(tmp_path, migrated)

    right = [sign_in(app.test_client(), factories.PASSWORD) for _ in range(35)]
    wrong = [sign_in(app.test_client(), "not the password at all") for _ in range(35)]

    assert set(right) == {302}
    assert wrong[0] == 200
    assert wrong[-1] == 429
    assert wrong.index(429) <= 31


def test_a_program_is_told_how_often_it_may_ask_and_who_guesses_tokens_waits(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
):
    app = limited_app(tmp_path, migrated)
    program = program_of(app, factories.user(Role.MINISTRY))
    looked_up: list[str] = []
    known = tokens.known_token
    monkeypatch.setattr(tokens, "known_token", lambda text: looked_up.append(text) or known(text))
    with clock.at(factories.NOW):
        asked = program.ask("/countries")
        guessed = [Program(app, "ciss_guess").ask("/countries") for _ in range(125)]
        asked_beside = program.ask("/countries")
    said = guessed[-1].get_json(force=True)

    assert len(looked_up) == len([asked, *guessed, asked_beside])
    assert asked.status_code == 200
    assert asked.headers["RateLimit-Limit"] == "600"
    assert asked.headers["RateLimit-Remaining"] == "599"
    assert (asked_beside.status_code, asked_beside.headers["RateLimit-Remaining"]) == (200, "598")
    assert [one.headers.get("Retry-After") for one in (asked, guessed[0])] == [None, None]
    assert 0 <= int(asked.headers["RateLimit-Reset"]) <= 60
    assert [guessed[0].status_code, guessed[-1].status_code] == [401, 429]
    assert (said["code"], int(guessed[-1].headers["Retry-After"]) > 0) == (
        "too_many_requests",
        True,
    )


@pytest.mark.parametrize(
    ("method", "data", "kept"),
    [
        ("POST", {"text": "a long story that nobody types twice"}, True),
        ("POST", {"text": "a long story", "password": "secret"}, False),
        ("GET", {}, False),
    ],
)
def test_what_was_typed_is_given_back_to_who_must_wait(
    app: Flask, client: Client, method: str, data: dict[str, str], kept: bool
):
    until = factories.NOW + timedelta(seconds=90)
    with clock.at(factories.NOW), app.test_request_context("/join", method=method, data=data):
        told = app.make_response(app.handle_user_exception(TooManyAttempts(until)))
        of_others = app.make_response(app.handle_user_exception(TooManyRequests()))

    assert (told.status_code, told.headers["Retry-After"]) == (429, "90")
    assert "Wait for 2 minutes" in told.get_data(as_text=True)
    assert of_others.status_code == 429
    for page in (told, of_others):
        assert ("a long story" in page.get_data(as_text=True)) is kept
        assert "secret" not in page.get_data(as_text=True)
