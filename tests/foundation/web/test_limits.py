"""Rate limits: who guesses is stopped, who signs in is not."""

from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from cissapp import create_app
from cissapp.foundation.core.roles import Role
from config import ROOT, Config
from tests import factories
from tests.client import Client


def limited_app(folder: Path) -> Flask:
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
    with make.app_context():
        upgrade()
    factories.bind(make)
    factories.user(Role.SECRETARIAT, email="known@ciss.example")
    limited = create_app(replace(config, testing=False))
    limited.test_client_class = Client
    return limited


def sign_in(browser: Client, password: str) -> int:
    data = {"email": "known@ciss.example", "password": password}
    return browser.post("/sign-in", data=data).status_code


def test_a_guesser_waits_and_a_full_staff_room_does_not(tmp_path: Path):
    app = limited_app(tmp_path)

    right = [sign_in(app.test_client(), factories.PASSWORD) for _ in range(35)]
    wrong = [sign_in(app.test_client(), "not the password at all") for _ in range(35)]

    assert set(right) == {302}
    assert wrong[0] == 200
    assert wrong[-1] == 429
    assert wrong.index(429) <= 31
