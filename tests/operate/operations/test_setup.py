"""A new installation: settings first, each tried; nothing is called ready that is not."""

from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from cissapp.cli import main
from cissapp.foundation.core.installation.settings_file import parse

PASSWORD = "seven lanterns over the bridge"
PERSON = ("--email", "first@ciss.example", "--name", "Sofia Lind", "--password", PASSWORD)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "settings.env"


def run(place: Path, *words: str, typed: str = "") -> Result:
    import os

    without = {name: value for name, value in os.environ.items() if not name.startswith("CISS_")}
    with patch.dict(os.environ, without, clear=True):
        return CliRunner().invoke(main, ["--settings", str(place), *words], input=typed)


def said(folder: Path, **other: str) -> list[str]:
    """Return the options of an installation in a folder."""
    values = {
        "BASE_URL": "http://localhost:8000",
        "DATABASE_URL": f"sqlite:///{folder}/data/ciss.db",
        "FILES_URL": f"file://{folder}/files",
        "KEYS_DIR": f"{folder}/keys",
        "MAIL_URL": f"file://{folder}/mail",
        **other,
    }
    return [word for name, value in values.items() for word in ("--set", f"CISS_{name}={value}")]


def test_a_script_sets_an_installation_up_and_again(place: Path, tmp_path: Path):
    first = run(place, "setup", "--yes", *said(tmp_path), *PERSON)
    again = run(place, "setup", "--yes")

    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    assert "The account of Sofia Lind" in first.output
    assert "sets up a second factor" in first.output
    assert "already has an account" in again.output
    assert first.output.endswith(again.output[-30:])
    assert place.stat().st_mode & 0o777 == 0o600
    assert len(parse(place.read_text())["CISS_SECRET_KEY"]) == 64
    assert not place.with_name("settings.env.old").exists()


def test_all_that_does_not_work_is_named_and_nothing_is_made(place: Path, tmp_path: Path):
    wrong = {
        "FILES_URL": f"file://{tmp_path}/file/files",
        "MAIL_URL": "smtp://127.0.0.1:1",
        "BASE_URL": "localhost",
    }
    (tmp_path / "file").touch()

    done = run(place, "setup", "--yes", *said(tmp_path, **wrong), *PERSON)

    assert done.exit_code == 1
    assert (
        "  The public address: CISS_BASE_URL must be an address such as https://ciss.example"
        in done.output
    )
    assert "  The files: the folder cannot be created. Correct CISS_FILES_URL" in done.output
    assert "  Mail: nothing answers at its address. Start it, or correct" in done.output
    assert "Ready" not in done.output
    assert not place.exists()
    assert not (tmp_path / "keys").exists()


def test_a_wrong_answer_is_asked_for_again_and_the_person_comes_last(place: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    typed = [
        *("http://localhost:8000", "", f"sqlite:///{tmp_path}/ciss.db"),
        *(f"file://{tmp_path}/file/files", f"file://{tmp_path}/files", f"{tmp_path}/keys"),
        *(f"file://{tmp_path}/mail", "", ""),
        *("first@ciss.example", "Sofia Lind", PASSWORD, PASSWORD),
    ]

    done = run(place, "setup", typed="\n".join([*typed, ""]))

    assert done.exit_code == 0, done.output
    assert done.output.index("The files") < done.output.index("the folder cannot be created")
    assert done.output.index("Rate limits") < done.output.index("at least 15 characters")
    assert PASSWORD not in done.output
    assert done.output.endswith("Ready. To start the service, run: ciss serve\n")
    assert parse(place.read_text())["CISS_FILES_URL"] == f"file://{tmp_path}/files"


def test_settings_that_stand_are_tried_and_kept(place: Path, tmp_path: Path):
    run(place, "setup", "--yes", *said(tmp_path), *PERSON)
    before = place.read_text()
    place.write_text(before.replace(f"file://{tmp_path}/mail", "smtp://127.0.0.1:1"))

    done = run(place, "setup", "--yes")

    assert (done.exit_code, "Mail: nothing answers" in done.output) == (1, True)
    refused = run(place, "setup", "--yes", *said(tmp_path))
    assert (refused.exit_code, "add --again" in refused.output) == (1, True)
    place.chmod(0o640)
    changed = run(place, "setup", "--yes", "--again", *said(tmp_path))
    assert changed.exit_code == 0, changed.output
    assert place.stat().st_mode & 0o777 == 0o640
    assert place.read_text() == before
    assert "smtp://127.0.0.1:1" in place.with_name("settings.env.old").read_text()


def test_what_is_too_weak_for_the_public_is_not_ready(place: Path, tmp_path: Path):
    public = said(tmp_path, BASE_URL="http://ciss.school.md")

    done = run(place, "setup", "--yes", *public, *PERSON)
    served = run(place, "serve")

    for result in (done, served):
        assert result.exit_code == 1
        assert "CISS_BASE_URL begins with http://" in result.output
        assert "CISS_MAIL_URL is a folder" in result.output
        assert "Ready" not in result.output
    assert "Not started" in served.output
