"""A new installation by its commands: set-up, the day's work, the checks."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cissapp.cli import main

PASSWORD = "seven lanterns over the bridge"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "CISS_SECRET_KEY": "5feceb66ffc86f38d952786c6d696c79c2dbc239",
        "CISS_BASE_URL": "http://ciss.example",
        "CISS_DATABASE_URL": f"sqlite:///{tmp_path}/ciss.db",
        "CISS_FILES_URL": f"file://{tmp_path}/files",
        "CISS_MAIL_URL": f"file://{tmp_path}/mail",
        "CISS_KEYS_DIR": str(tmp_path / "keys"),
    }


def run(environment: dict[str, str], *words: str) -> Result:
    import os
    from unittest.mock import patch

    with patch.dict(os.environ, environment, clear=False):
        return CliRunner().invoke(main, list(words))


def set_up(environment: dict[str, str]) -> Result:
    return run(
        environment,
        *("setup", "--email", "first@ciss.example", "--name", "Sofia Lind"),
        *("--password", PASSWORD),
    )


def test_a_new_installation_is_set_up_and_whole(environment: dict[str, str], tmp_path: Path):
    made = set_up(environment)

    assert made.output.endswith("Ready. To start the service, run: ciss serve\n")
    assert made.exit_code == 0
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    for words in (("db", "check"), ("daily",), ("audit", "check"), ("log", "check")):
        done = run(environment, *words)
        assert (words, done.exit_code) == (words, 0), done.output
        assert done.output.strip()
    assert run(environment, "db", "upgrade").output.startswith("The database is at migration ")


def test_a_weak_password_is_refused_in_words(environment: dict[str, str]):
    made = run(
        environment,
        *("setup", "--email", "first@ciss.example", "--name", "Sofia", "--password", "short"),
    )

    assert made.exit_code == 1
    assert "Use at least 15 characters." in made.output


def test_wrong_settings_are_all_named_at_once():
    done = run(
        {"CISS_SECRET_KEY": "short", "CISS_BASE_URL": "ciss", "CISS_FILES_URL": "ftp://x"}, "daily"
    )

    assert done.exit_code == 2
    for name in ("CISS_SECRET_KEY", "CISS_BASE_URL", "CISS_FILES_URL"):
        assert name in done.output


def test_every_command_says_what_it_does(environment: dict[str, str]):
    listed = run(environment, "--help").output

    for name in ("access", "audit", "certificates", "content", "daily", "db", "demo", "log"):
        assert f"\n  {name} " in listed
