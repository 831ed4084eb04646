"""`ciss doctor`: each thing in a line, what mends it, and no secret."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine

from cissapp.cli import main  # noqa: F401 -- the command is loaded by it
from cissapp.foundation.core.installation.settings_file import line_of
from cissapp.operate.operations.queries import of_database, of_work
from cissapp.operate.operations.rules import State
from tests.closed_index import close_index
from tests.operate.operations.test_setup import PERSON, run, said

HIDDEN = "3f9a01c2-not-to-be-seen-3f9a01c2-77"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    done = run(folder / "settings.env", "setup", "--yes", *said(folder), *PERSON)
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """Return the settings of an installation, for one test to change."""
    return Path(shutil.copy(made / "settings.env", tmp_path / "settings.env"))


def findings(place: Path, *words: str, **changed: str) -> tuple[int, dict[str, list[dict]]]:
    with place.open("a", encoding="utf-8") as file:
        file.writelines(line_of(f"CISS_{name}", value) for name, value in changed.items())
    done = run(place, "doctor", "--json", *words)
    found: dict[str, list[dict]] = {}
    for line in done.output.splitlines():
        one = json.loads(line)
        found.setdefault(one["subject"], []).append(one)
    assert HIDDEN not in done.output
    return done.exit_code, found


def states(found: dict[str, list[dict]]) -> dict[str, str]:
    """Return the gravest state of each thing."""
    order = ["wrong", "attention", "ok", "not used"]
    return {
        name: min((one["state"] for one in some), key=order.index) for name, some in found.items()
    }


def test_a_small_installation_is_whole(place: Path):
    code, found = findings(place)

    assert code == 0
    told = states(found)
    told.pop("tesseract"), told.pop("disk")  # as the machine is
    assert told == {
        "version": "ok",
        "settings": "ok",
        "database": "ok",
        "migrations": "ok",
        "files": "ok",
        "keys": "attention",
        "mail": "attention",
        "redis": "not used",
        "queue": "not used",
        "tasks": "ok",
        "clamd": "not used",
        "time stamp": "not used",
        "address": "not used",
        "content": "ok",
        "mails": "ok",
        "daily": "attention",
        "backup": "attention",
    }


def test_each_service_that_is_away_is_named_with_what_mends_it(place: Path):
    code, found = findings(
        place,
        DATABASE_URL=f"postgresql://ciss:{HIDDEN}@127.0.0.1:1/ciss",
        FILES_URL="s3://bucket",
        S3_ENDPOINT="http://127.0.0.1:1",
        S3_REGION="eu",
        S3_KEY="key",
        S3_SECRET=HIDDEN,
        MAIL_URL=f"smtp://user:{HIDDEN}@127.0.0.1:1",
        LIMITS_URL=f"redis://:{HIDDEN}@127.0.0.1:1",
        CLAMD_URL="tcp://127.0.0.1:1",
        TSA_URL="http://127.0.0.1:1",
        SECRET_KEY=HIDDEN,
    )

    assert code == 1
    away = ("database", "files", "mail", "redis", "clamd", "time stamp")
    assert {name: states(found)[name] for name in away} == dict.fromkeys(away, "wrong")
    for name in ("database", "files", "mail", "redis", "time stamp"):
        (one,) = found[name]
        assert one["said"] == "Cannot be used: nothing answers at its address.", one
        assert one["mend"].startswith("Start it, or correct the host and port in CISS_")
    assert "cannot be checked without the database" in found["work"][0]["said"]


def test_settings_are_looked_at_all_at_once(place: Path):
    place.chmod(0o644)
    code, found = findings(place, BASE_URL="http://ciss.school.md", MAIL_FORM="x", DEMO="1")

    assert code == 1
    said = " ".join(one["said"] for one in found["settings"])
    for words in (
        "Every user of this machine can read",
        "CISS_MAIL_FORM is not a setting; perhaps you mean CISS_MAIL_FROM",
        "CISS_BASE_URL begins with http://",
        "CISS_DEMO is 1",
        "CISS_MAIL_URL is a folder",
    ):
        assert words in said


def test_wrong_settings_are_findings_too(place: Path):
    code, found = findings(place, SECRET_KEY="short", PROXY_HOPS="many")

    assert (code, [one["said"] for one in found["settings"]]) == (
        1,
        [
            "CISS_SECRET_KEY must have at least 32 characters",
            "CISS_PROXY_HOPS must be a whole number",
        ],
    )


def test_the_days_work_is_known_afterwards(place: Path):
    assert run(place, "daily").exit_code == 0

    _code, found = findings(place)

    assert found["daily"][0]["said"] == "It finished without errors 0 minutes ago."


def test_older_migrations_and_a_missing_file_are_named(place: Path, tmp_path: Path):
    _code, found = findings(place, DATABASE_URL=f"sqlite:///{tmp_path}/none.db")

    assert found["database"][0]["said"] == f"{tmp_path}/none.db does not exist."
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_can_only_be_read_is_named(made: Path):
    engine = create_engine(f"sqlite:///file:{made}/data/ciss.db?mode=ro&uri=true")
    with engine.connect() as connection:
        (found,) = [one for one in of_database._sqlite(connection) if one.state is State.WRONG]
    engine.dispose()

    assert found.said == "Cannot be used: it is read-only."
    assert "who owns the file" in found.mend


def test_a_secret_key_that_was_changed_without_the_old_one_is_named(
    place: Path, made: Path, tmp_path: Path
):
    copy = tmp_path / "copy.db"
    with (
        closing(sqlite3.connect(made / "data/ciss.db")) as whole,
        closing(sqlite3.connect(copy)) as other,
    ):
        whole.backup(other)
        other.execute(
            "INSERT INTO authenticator_app (id, user_id, sealed_secret, added_at, last_step)"
            " SELECT id, id, '1.by another key', joined_at, 0 FROM person"
        )
        other.commit()

    code, found = findings(place, DATABASE_URL=f"sqlite:///{copy}")

    (told,) = found["secret key"]
    assert (code, told["state"]) == (1, "wrong")
    assert told["said"].startswith("No secret key opens 1 secret ")
    assert "CISS_SECRET_KEY_OLD" in told["mend"]


def test_a_case_with_scores_of_another_person_is_named(place: Path, monkeypatch):
    monkeypatch.setattr(of_work, "cases_with_inherited_scores", lambda: [UUID(int=1), UUID(int=2)])

    code, found = findings(place)

    (told,) = found["reviews"]
    assert (code, told["state"]) == (0, "attention")
    assert f"Undecided: /reviews/{UUID(int=1)}, /reviews/{UUID(int=2)}." in told["said"]
    assert "scores every criterion anew" in told["mend"]


def test_a_database_that_somebody_else_writes_to_is_not_wrong(place: Path, made: Path):
    with closing(sqlite3.connect(made / "data/ciss.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        code, found = findings(place)

    assert (code, states(found)["database"]) == (0, "ok")


def test_a_database_of_a_newer_release_is_not_to_be_migrated(
    place: Path, made: Path, tmp_path: Path
):
    database = tmp_path / "newer.db"
    with closing(sqlite3.connect(made / "data/ciss.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(database)])
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    _code, found = findings(place, DATABASE_URL=f"sqlite:///{database}")

    (one,) = found["migrations"]
    assert "newer than this version of the software" in one["said"]
    assert "upgrade`" not in one["mend"]


def test_keys_that_are_gone_are_not_to_be_made_again(place: Path, tmp_path: Path):
    _code, found = findings(place, KEYS_DIR=str(tmp_path / "none"))

    said = [one["said"] for one in found["keys"]]
    assert len(said) == 1
    assert "put the folder back from a backup" in said[0]
    assert "rotate" not in said[0]


def test_a_command_without_its_database_ends_with_a_sentence(place: Path):
    with place.open("a", encoding="utf-8") as file:
        file.write(line_of("CISS_DATABASE_URL", "postgresql://ciss@127.0.0.1:1/ciss"))

    done = run(place, "audit", "check")

    assert (done.exit_code, done.output.strip()) == (
        1,
        (
            "The database cannot be used: nothing answers at its address. Start it, or correct the"
            " host and port in CISS_DATABASE_URL."
        ),
    )


def test_an_index_that_this_sqlite_cannot_open_is_named_and_put_aside(
    place: Path, made: Path, tmp_path: Path
):
    database = tmp_path / "moved.db"
    with closing(sqlite3.connect(made / "data/ciss.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(database)])
    close_index(database)

    code, found = findings(place, DATABASE_URL=f"sqlite:///{database}")
    mended = run(place, "db", "upgrade")
    again, whole = findings(place)

    assert (code, mended.exit_code, again) == (1, 0, 0)
    assert "schools cannot be added or changed" in found["database"][0]["said"]
    assert "schools are searched without it" in mended.output
    assert states(whole)["database"] == "ok"


def test_a_trial_mail_goes_to_the_named_address_only(place: Path, made: Path):
    _code, found = findings(place, "--send-to", "admin@ciss.example")

    assert (
        found["mail"][-1]["said"]
        == "A test email was sent to admin@ciss.example. Check that it arrives."
    )
    assert len(list((made / "mail").glob("*-admin@ciss.example.eml"))) == 1
