"""The drill: a backup while others write, a restore elsewhere, and the same certificates, files and chains there."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Self

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from cissapp.certify.certificates import queries
from cissapp.certify.certificates import services as changing
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event as Happened
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import close_connections, db, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.operate.backups.archive import encryption
from cissapp.operate.backups.services import finishing, making
from cissapp.operate.operations.services import integrity
from cissapp.people.accounts.models import UserSession
from cissapp.people.schools.models import School
from cissapp.verify.verification.checking.offline import check_offline
from cissapp.verify.verification.checking.offline_sources import OfflineSources
from tests.operate.backups.places import back_up, bring_back, elsewhere, kind_of
from tests.operate.winddown.filling import LATER, addresses, answers, closed, few

__all__ = ["elsewhere"]

ADDRESS = "http://ciss.example\n"


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """A key that opens backups: its public part, and its file."""
    drawn = encryption.new_identity()
    path = tmp_path / "key.txt"
    path.write_bytes(encryption.identity_text(drawn))
    return str(drawn.to_public()), path


@pytest.fixture(autouse=True)
def _rows_of_factories(monkeypatch) -> None:
    """What factories make has no lines in the trail that rows could be compared with."""
    monkeypatch.setattr(integrity, "faults_of_rows", lambda: iter(()))


def stored(app: Flask) -> dict[str, str]:
    """The files of an installation: SHA-256 by key."""
    with app.app_context():
        store = files()
        return {
            one.key: hashlib.sha256(store.get(one.key)).hexdigest()
            for one in store.stored()
            if not one.key.startswith("kept/")
        }


class Writers:
    """Others who go on working: each writes a row, its line of the trail, and a file, again and again."""

    def __init__(self, app: Flask) -> None:
        self.app, self.ended, self.count = app, Event(), 0
        self.threads = [Thread(target=self.work, args=(number,)) for number in range(2)]

    def work(self, number: int) -> None:
        with self.app.app_context():
            written = 0
            while not self.ended.is_set():
                with unit_of_work():
                    school = session.scalars(select(School).limit(1)).one()
                    files().put(f"documents/{number}-{written}", f"{number}-{written}".encode())
                    record(Happened.SCHOOL_CHANGED, school, by=SYSTEM, at=clock.now())
                written += 1
                self.count += 1
            session.remove()

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()


def test_a_backup_under_load_comes_back_elsewhere(
    app, databases, elsewhere, key, tmp_path, monkeypatch
):
    made = databases.kept(few)
    before = stored(app)
    counted = making._listed

    with Writers(app) as writers:

        def listed(store):
            """The snapshot is there: wait until more was written than it has."""
            at = writers.count
            while writers.count < at + 4:
                clock_ticks.wait(0.001)
            return counted(store)

        clock_ticks = Event()
        monkeypatch.setattr(making, "_listed", listed)
        done = back_up(app, tmp_path / "out", "--recipient", key[0])
    assert done.exit_code == 0, done.output
    assert "Read back: every hash matches." in done.output
    (path,) = (tmp_path / "out").iterdir()

    back = bring_back(elsewhere, path, "--identity", key[1], "--accept-loss")

    assert back.exit_code == 0, back.output
    with app.app_context():
        written = session.scalar(select(func.count()).select_from(AuditEntry))
    with elsewhere.app_context():
        entries = session.scalar(select(func.count()).select_from(AuditEntry))
        restored = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id.desc())).first()
    assert restored is Happened.INSTALLATION_RESTORED
    assert entries - 1 <= written - 4  # what came after the moment of the backup is not in it
    there = stored(elsewhere)
    assert {name: there.get(name) for name in before} == before
    every_certificate_verifies(elsewhere, len(made))
    asked = addresses(app)
    assert answers(elsewhere, asked) == answers(app, asked)
    it_goes_on(elsewhere)


def every_certificate_verifies(app: Flask, count: int) -> None:
    with app.app_context():
        ring = keys.load(app.config["CISS"].keys_dir)
        found = [one for one in queries.all_certificates() if one.publication]
        for certificate in found:
            content = register_checks.stored_file(certificate, files())
            verdict = check_offline(content, OfflineSources(ring), at=LATER, expiring_days=90)
            assert verdict.facts is not None
        assert len(found) == count


def it_goes_on(app: Flask) -> None:
    """The next rows get the next numbers, and signing and chains go on."""
    with app.app_context(), clock.at(LATER):
        with unit_of_work():
            valid = next(one for one in queries.all_certificates() if queries.is_alive(one))
            changing.withdraw(valid, reason="It goes on here.", by=SYSTEM, at=LATER)
        assert register_checks.first_fault(files()) is None
        session.remove()


def test_a_restore_that_is_killed_leaves_nothing_usable_and_is_repeated(
    app, databases, elsewhere, key, tmp_path
):
    databases.kept(few)
    assert back_up(app, tmp_path / "out", "--recipient", key[0]).exit_code == 0
    order = (elsewhere, tmp_path / "out", "--identity", key[1], "--accept-loss")

    assert killed(elsewhere, lambda: bring_back(*order)) == 9

    with elsewhere.app_context():
        if kind_of(elsewhere) == "sqlite":
            assert not Path(
                elsewhere.config["CISS"].database_url.removeprefix("sqlite:///")
            ).exists()
        else:
            assert inspect(db.engine).get_table_names() == []
            db.engine.dispose()
    assert stored(elsewhere) == stored(app)  # files alone open nothing
    again = bring_back(*order)
    assert again.exit_code == 0, again.output
    every_certificate_verifies(elsewhere, 5)


def killed(app: Flask, work) -> int:
    """Do something in another process, which is killed when everything is written and nothing is kept."""
    close(app)
    child = os.fork()
    if child == 0:
        finishing.keep_extent = lambda *_a, **_k: os._exit(9)
        work()
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def close(app: Flask) -> None:
    """Stop the service."""
    with app.app_context():
        close_connections()


def withdrawn(app: Flask, at: int = 0) -> str:
    """Withdraw a certificate that is in force; its number."""
    with app.app_context(), clock.at(LATER), unit_of_work():
        alive = [one for one in queries.all_certificates() if queries.is_alive(one)]
        changing.withdraw(alive[at], reason="After the backup.", by=SYSTEM, at=LATER)
        return alive[at].number


def snapshot(app: Flask, path: Path) -> Path:
    from cissapp.verify.verifier.commands import verifier

    with clock.at(LATER):
        done = app.test_cli_runner().invoke(verifier, ["snapshot", str(path)])
    assert done.exit_code == 0, done.output
    return path


def last_events(app: Flask) -> dict[str, RegisterEvent]:
    with app.app_context():
        return {one.number: one.entries[-1].event for one in queries.all_certificates()}


@pytest.mark.one_database("postgresql")
def test_what_was_withdrawn_after_the_backup_is_withdrawn_again(
    app, databases, elsewhere, key, make, tmp_path
):
    databases.kept(few)
    person = make.user()
    app.test_client().sign_in(person)
    assert back_up(app, tmp_path / "out", "--recipient", key[0]).exit_code == 0
    before = last_events(app)
    number = withdrawn(app)
    with app.app_context(), clock.at(LATER), unit_of_work():
        other = next(one for one in queries.all_certificates() if queries.is_alive(one))
        changing.suspend(other, reason="Since.", cure_days=9, by=SYSTEM, at=LATER)
        suspended = other.number
    order = (elsewhere, tmp_path / "out", "--identity", key[1])

    closed_by_default = bring_back(*order)
    known = bring_back(*order, "--published", snapshot(app, tmp_path / "snapshot.json"))

    assert (closed_by_default.exit_code, known.exit_code) == (1, 0), known.output
    assert "would become valid again" in closed_by_default.output
    assert last_events(elsewhere) == {
        **before,
        number: RegisterEvent.WITHDRAWN,
        suspended: RegisterEvent.SUSPENDED,
    }
    assert f"{number}: withdrawn again" in known.output
    with elsewhere.app_context():
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0


@pytest.mark.one_database("sqlite")
def test_a_store_that_stayed_says_that_the_log_went_on(app, databases, key, tmp_path):
    databases.kept(few)
    assert back_up(app, tmp_path / "out", "--recipient", key[0]).exit_code == 0
    withdrawn(app)
    files_of = tmp_path / "out"

    refused = bring_back(app, files_of, "--identity", key[1], "--replace", typed=ADDRESS)
    mirror = snapshot(app, tmp_path / "snapshot.json")
    asked = bring_back(
        app, files_of, "--identity", key[1], "--published", mirror, "--replace", typed="yes\n"
    )
    in_use = bring_back(app, files_of, "--identity", key[1], "--published", mirror)
    close(app)
    done = bring_back(
        app, files_of, "--identity", key[1], "--published", mirror, "--replace", typed=ADDRESS
    )

    assert (refused.exit_code, "has 1 entry from after this backup" in refused.output) == (
        1,
        True,
    ), refused.output
    assert (asked.exit_code, "Nothing was written." in asked.output) == (1, True)
    assert (in_use.exit_code, "--replace" in in_use.output) == (1, True)
    assert done.exit_code == 0, done.output
    with app.app_context():
        kept = [one.key for one in files().stored() if one.key.startswith("kept/before-")]
    assert len(kept) == 1


@pytest.mark.one_database("sqlite")
def test_what_does_not_belong_here_is_refused_in_words(
    app, databases, elsewhere, key, tmp_path, monkeypatch
):
    monkeypatch.setenv("CISS_SETTINGS", "")
    monkeypatch.delenv("CISS_SECRET_KEY", raising=False)
    databases.kept(few)
    done = back_up(app, tmp_path / "out", "--recipient", key[0])
    (path,) = (tmp_path / "out").iterdir()
    seal = done.output.rpartition("Seal: ")[2].strip()
    other = tmp_path / "other.txt"
    other.write_bytes(encryption.identity_text(encryption.new_identity()))
    short = tmp_path / "ciss-20261126T000000Z.age"
    short.write_bytes(path.read_bytes()[:-5000])
    with_key = ("--identity", key[1], "--accept-loss")

    def said(*arguments) -> str:
        result = bring_back(elsewhere, *arguments)
        assert result.exit_code == 1
        return result.output

    assert "encrypted for other keys" in said(path, "--identity", other, "--accept-loss")
    assert "incomplete" in said(short, *with_key)
    assert "seal is different" in said(path, *with_key, "--seal", "0" * 64)
    assert "There are no backups" in said(tmp_path / "empty", *with_key)
    (tmp_path / "s.json").write_text('{"format": "ciss-snapshot-1"}')
    assert "cannot be trusted" in said(path, *with_key, "--published", tmp_path / "s.json")
    checked = back_up(app, "check", path, "--identity", key[1]).output
    usual = elsewhere.config["CISS"].secret_key
    monkeypatch.setenv("CISS_SECRET_KEY", usual)
    proven = back_up(app, "check", path, "--identity", key[1]).output
    assert ("NOT PROVEN" in checked, "Origin proven: it was made" in proven) == (True, True)
    elsewhere.config["CISS"].__dict__["secret_key"] = "another one, as long as it must be"
    assert "NOTHING PROVES" in said(path, *with_key)
    elsewhere.config["CISS"].__dict__["secret_key"] = usual
    elsewhere.config["CISS"].__dict__["base_url"] = "http://another.example"
    assert "--foreign" in said(path, *with_key)
    elsewhere.config["CISS"].__dict__["base_url"] = "http://ciss.example"
    elsewhere.config["MIGRATIONS"] = frozenset({"0001"})
    assert "newer version" in said(path, *with_key)
    elsewhere.config["MIGRATIONS"] = app.config["MIGRATIONS"]
    folder = elsewhere.config["CISS"].keys_dir
    keys.create_keys(folder, organisation="Others", at=LATER)
    assert "Move the folder elsewhere" in said(path, *with_key)
    assert not (tmp_path / "there" / "ciss.db").exists()
    assert not (tmp_path / "there" / "files").exists()
    keys_away = folder.rename(folder.with_name("keys-away"))
    assert keys_away.is_dir()
    right = bring_back(elsewhere, path, *with_key, "--seal", seal)
    assert right.exit_code == 0, right.output


@pytest.mark.only_on("sqlite")
def test_a_damaged_database_does_not_come_back(
    app, databases, elsewhere, key, tmp_path, monkeypatch
):
    """A row that is not as the trail says was in the backup: it is named, and nothing is kept."""
    databases.kept(few)
    url = app.config["CISS"].database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(url)) as database:
        database.execute("DROP TRIGGER register_entry_no_update")
        database.execute(
            "UPDATE register_entry SET payload = replace(payload, '2026', '2027') WHERE id = 2"
        )
        database.commit()
    assert back_up(app, tmp_path / "out", "--recipient", key[0]).exit_code == 0

    refused = bring_back(elsewhere, tmp_path / "out", "--identity", key[1], "--accept-loss")

    assert (refused.exit_code, "register:" in refused.output) == (1, True), refused.output
    assert list((tmp_path / "there").glob("*ciss.db*")) == []
    closed(elsewhere)
