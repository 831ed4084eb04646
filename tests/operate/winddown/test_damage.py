"""A damaged export is refused with a sentence, and nothing of it is imported."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import LocalStore, StoreAway, files
from cissapp.foundation.signing import keys
from cissapp.operate.winddown.archive import rows
from tests.conftest import Databases
from tests.operate.winddown.filling import few
from tests.operate.winddown.test_there_and_back import beside, run

__all__ = ["beside"]


def of_database(said: str) -> OperationalError:
    return OperationalError("SELECT name FROM school", {}, psycopg.OperationalError(said))


@pytest.fixture
def sent(app: Flask, databases: Databases, tmp_path: Path) -> Path:
    databases.kept(few)
    done = run(app, "export", tmp_path / "out")
    assert done.exit_code == 0, done.output
    return tmp_path / "out"


def table(folder: Path, name: str) -> Path:
    told = json.loads((folder / "data/installation.json").read_text())["tables"]
    return folder / "data" / next(one["path"] for one in told if one["name"] == name)


def sealed_again(folder: Path) -> None:
    """Write all hashes anew, as somebody does who wants a change to stay unseen."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted((folder / "data").rglob("*"))
        if path.is_file()
    ]
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    names = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
    tags = [f"{hashlib.sha256((folder / one).read_bytes()).hexdigest()}  {one}\n" for one in names]
    (folder / "tagmanifest-sha256.txt").write_text("".join(tags))


def recounted(folder: Path, name: str) -> None:
    path = folder / "data/installation.json"
    told = json.loads(path.read_text())
    for one in told["tables"]:
        if one["name"] == name:
            one["rows"] = len(table(folder, name).read_text().splitlines())
    path.write_text(json.dumps(told))


def is_untouched(app: Flask) -> None:
    with app.app_context():
        counts = {
            one.name: session.execute(select(func.count()).select_from(one)).scalar()
            for one in rows.tables()
        }
        assert {name for name, count in counts.items() if count} == set()
        assert list(files().stored()) == []
        assert not keys.exist(app.config["CISS"].keys_dir)


# --- damage that the hashes show -------------------------------------------------------------------


def changed_byte(folder: Path) -> None:
    path = next(one for one in sorted((folder / "data/files").rglob("*")) if one.is_file())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def missing_file(folder: Path) -> None:
    next(one for one in (folder / "data/files").rglob("*") if one.is_file()).unlink()


def truncated_table(folder: Path) -> None:
    path = table(folder, "certificate")
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


def additional_row(folder: Path) -> None:
    path = table(folder, "school")
    path.write_text(path.read_text() + path.read_text().splitlines(keepends=True)[-1])


def additional_file(folder: Path) -> None:
    (folder / "data/files/more").write_text("more")


def additional_link(folder: Path) -> None:
    (folder / "data/files/link").symlink_to("/etc/passwd")


def changed_manifest(folder: Path) -> None:
    path = folder / "manifest-sha256.txt"
    path.write_text(path.read_text().replace("data/README.txt", "data/../README.txt"))


def no_export(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


HASHES: dict[Callable[[Path], None], str] = {
    changed_byte: "was changed after the export: its SHA-256 differs.",
    missing_file: "is missing. Copy the export again.",
    truncated_table: "was changed after the export: its SHA-256 differs.",
    additional_row: "was changed after the export: its SHA-256 differs.",
    additional_file: "data/files/more is not in the list of files.",
    additional_link: "data/files/link is a link. An export contains only files.",
    changed_manifest: "manifest-sha256.txt was changed after the export",
    no_export: "is not a complete export: bagit.txt cannot be read.",
}


@pytest.mark.one_database("sqlite")
def test_what_the_hashes_show_is_refused_and_nothing_is_imported(beside, sent, tmp_path):
    found = {}
    for damage, sentence in HASHES.items():
        folder = tmp_path / damage.__name__
        shutil.copytree(sent, folder)
        damage(folder)
        done = run(beside, "import", folder)
        good = done.exit_code == 1 and sentence in done.output
        found[damage.__name__] = good or done.output
        is_untouched(beside)

    assert found == {one.__name__: True for one in HASHES}


# --- damage under hashes that were written anew ----------------------------------------------------


def of_register(folder: Path, change: Callable[[list[dict]], None]) -> None:
    path = table(folder, "register_entry")
    found = [json.loads(line) for line in path.read_text().splitlines()]
    change(found)
    path.write_text("".join(json.dumps(one) + "\n" for one in found))


def withdrawal_undone(folder: Path) -> None:
    """The last row of a withdrawn certificate goes, and the log's entry with it."""
    gone: list[int] = []

    def change(found: list[dict]) -> None:
        row = next(one for one in found if one["event"] == "withdrawn")
        gone.append(row["id"])
        found.remove(row)

    of_register(folder, change)
    path = table(folder, "log_leaf")
    lines = [one for one in path.read_text().splitlines() if f'_id":{gone[0]},' not in one]
    path.write_text("".join(f"{one}\n" for one in lines))
    for name in ("register_entry", "log_leaf"):
        recounted(folder, name)


def reason_changed(folder: Path) -> None:
    def change(found: list[dict]) -> None:
        next(one for one in found if "reason" in one)["reason"] = "Another reason altogether."

    of_register(folder, change)


def level_raised(folder: Path) -> None:
    path = table(folder, "certificate")
    path.write_text(path.read_text().replace('"level":2', '"level":3'))


def file_swapped(folder: Path) -> None:
    path = folder / "data/files.jsonl"
    found = [json.loads(line) for line in path.read_text().splitlines()]
    first, second = [one for one in found if one["key"].startswith("certificates/")][:2]
    first["sha256"], second["sha256"] = second["sha256"], first["sha256"]
    path.write_text("".join(json.dumps(one) + "\n" for one in found))


def salt_changed(folder: Path) -> None:
    path = table(folder, "log_leaf")
    line = json.loads(path.read_text().splitlines()[0])
    path.write_text(path.read_text().replace(line["salt"], "0" * 64))


def trail_changed(folder: Path) -> None:
    path = table(folder, "audit_entry")
    path.write_text(path.read_text().replace("certificate.withdrawn", "certificate.reinstated"))


def count_wrong(folder: Path) -> None:
    path = folder / "data/installation.json"
    told = json.loads(path.read_text())
    next(one for one in told["tables"] if one["name"] == "school")["rows"] += 1
    path.write_text(json.dumps(told))


def strange_column(folder: Path) -> None:
    path = table(folder, "country")
    path.write_text(path.read_text().replace('"code":', '"colour":"red","code":'))


def strange_value(folder: Path) -> None:
    path = table(folder, "school")
    path.write_text(path.read_text().replace('"standing":"valid"', '"standing":"golden"'))


def orphan(folder: Path) -> None:
    path = table(folder, "school")
    path.write_text(path.read_text().replace('"country_code":"MD"', '"country_code":"XX"'))


def same_row_twice(folder: Path) -> None:
    additional_row(folder)
    recounted(folder, "school")


def other_migration(folder: Path) -> None:
    path = folder / "data/installation.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"migration": "0001"}))


def other_format(folder: Path) -> None:
    path = folder / "data/installation.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"format": "ciss-winddown-9"}))


HIDDEN: dict[Callable[[Path], None], str] = {
    withdrawal_undone: "is damaged",
    reason_changed: "The register is damaged",
    level_raised: "its columns do not match its facts",
    file_swapped: "The register is damaged",
    salt_changed: "The public log is damaged",
    trail_changed: "is damaged",
    count_wrong: "when it was exported.",
    strange_column: "has an unknown column colour",
    strange_value: "has an invalid value in standing",
    orphan: "A row of school does not match the other rows.",
    same_row_twice: "A row of school does not match the other rows.",
    other_migration: "The export is at migration 0001",
    other_format: "The export has an unknown format",
}


# What a database has a part in: rows that it refuses, and rows that are in it when the export proves to be damaged.
IN_DATABASE = {withdrawal_undone, strange_value, orphan, same_row_twice}


def test_what_was_changed_under_new_hashes_is_refused_too(
    beside, sent, tmp_path, databases, request
):
    whole = databases.kind == "sqlite" or request.config.getoption("long")
    chosen = {one: HIDDEN[one] for one in HIDDEN if whole or one in IN_DATABASE}
    found = {}
    for damage, sentence in chosen.items():
        folder = tmp_path / damage.__name__
        shutil.copytree(sent, folder)
        damage(folder)
        sealed_again(folder)
        done = run(beside, "import", folder)
        good = done.exit_code == 1 and sentence in done.output
        found[damage.__name__] = good or (done.exit_code, done.output, repr(done.exception))
        is_untouched(beside)

    assert found == {one.__name__: True for one in chosen}


@pytest.mark.one_database("sqlite")
def test_the_seal_shows_any_change(beside, sent):
    sealed_again(sent)

    wrong = run(beside, "import", sent, "--seal", "0" * 64)
    right = hashlib.sha256((sent / "tagmanifest-sha256.txt").read_bytes()).hexdigest()

    assert (wrong.exit_code, "The seal is different" in wrong.output) == (1, True)
    is_untouched(beside)
    assert run(beside, "import", sent, "--seal", right).exit_code == 0


# --- the place -------------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_an_installation_that_is_in_use_takes_nothing_in(app, sent):
    done = run(app, "import", sent)

    assert done.exit_code == 1
    assert " has rows. Import the export into a new, empty installation." in done.output


@pytest.mark.one_database("sqlite")
def test_a_second_import_takes_nothing_in(beside, sent):
    assert [run(beside, "import", sent).exit_code for _ in range(2)] == [0, 1]


def test_an_export_never_overwrites(app, tmp_path):
    (tmp_path / "out").mkdir()

    done = run(app, "export", tmp_path / "out")

    assert (done.exit_code, "already exists" in done.output) == (1, True)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("place", "error", "said"),
    [
        ("archive.rows.rows_of", of_database("deadlock detected\nProcess 7"), "deadlock detected."),
        ("archive.rows.rows_of", of_database("database or disk is full"), "the disk is full."),
        ("archive.bags.BagWriter.close", OSError(28, "No space left on device"), "Free some space"),
        (
            "services.exporting.faults_now",
            of_database("disk image is malformed"),
            "the file is damaged.",
        ),
    ],
)
def test_what_cannot_be_read_or_written_is_said_and_leaves_nothing(
    app, tmp_path, monkeypatch, place, error, said
):
    monkeypatch.setattr(f"cissapp.operate.winddown.{place}", Mock(side_effect=error))

    done = run(app, "export", tmp_path / "out")

    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert done.output.startswith("The export could not be made, and nothing of it was kept. ")
    assert said in done.output
    assert len(done.output.splitlines()) == 1
    assert not [*tmp_path.glob("*out*")]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    "bug", [FileNotFoundError("of our own"), IntegrityError("SELECT", {}, sqlite3.IntegrityError())]
)
def test_a_bug_keeps_its_traceback_and_leaves_nothing(app, databases, tmp_path, monkeypatch, bug):
    databases.kept(few)
    monkeypatch.setattr(
        "cissapp.operate.winddown.services.exporting.faults_now", Mock(side_effect=bug)
    )

    done = run(app, "export", tmp_path / "out")

    assert done.exception is bug
    assert not [*tmp_path.glob("*out*")]


@pytest.mark.one_database("sqlite")
def test_files_of_a_store_that_is_away_are_not_taken_for_missing(
    app, databases, tmp_path, monkeypatch
):
    databases.kept(few)
    monkeypatch.setattr(LocalStore, "get", Mock(side_effect=StoreAway("it did not answer")))

    done = run(app, "export", tmp_path / "out")

    assert (done.exit_code, "it did not answer. Fix the cause" in done.output) == (1, True)
    assert not [*tmp_path.glob("*out*")]


@pytest.mark.one_database("sqlite")
def test_a_file_that_is_gone_is_named_and_the_rest_goes(app, databases, beside, tmp_path):
    made = databases.kept(few)
    with app.app_context():
        (files().root / made[0].file_key).unlink()

    sent = run(app, "export", tmp_path / "out")
    taken = run(beside, "import", tmp_path / "out")

    assert (sent.exit_code, taken.exit_code) == (1, 0), sent.output + taken.output
    assert f"Missing here, and marked as missing in the export: {made[0].file_key}" in sent.output
    assert (
        f"The file {made[0].file_key} was already missing when the export was made." in taken.output
    )
