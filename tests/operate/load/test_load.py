"""An installation is filled with invented schools: every row fits, every check passes, every first page opens."""

import errno
import os
import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from cissapp.certify.certificates.queries.register_checks import first_fault
from cissapp.certify.transparency.queries import rows as logged_rows
from cissapp.foundation.core.db import Base, session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import LocalStore, files
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.load.commands import load
from cissapp.operate.load.rules import spread
from cissapp.operate.load.services.writing import share_files
from cissapp.operate.operations.services import integrity
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress, Standing
from cissapp.people.schools.services import repair_tallies
from cissapp.people.schools.services.history import repair_history
from tests.factories import NOW

# One state for each shape of rows: most of the time goes into the patterns.
FEW = (DemoState.REGISTERED, DemoState.HALF_WAY, DemoState.TO_DECIDE, DemoState.CERTIFIED)
FIRST_PAGES = {
    Role.SECRETARIAT: "/oversight",
    Role.MINISTRY: "/oversight",
    Role.REGION_OFFICER: "/oversight",
    Role.COORDINATOR: "/schools",
    Role.REVIEWER: "/reviews",
    Role.SCHOOL_MANAGER: "/",
}


@pytest.fixture
def keys(app: Flask) -> Iterator[None]:
    """Take the keys away again: other tests' installation has none."""
    yield
    shutil.rmtree(app.config["CISS"].keys_dir, ignore_errors=True)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "SHARES", {state: spread.SHARES[state] for state in FEW})


@pytest.mark.both_databases
@pytest.mark.usefixtures("keys", "few")
def test_a_loaded_installation_is_whole_and_every_role_has_its_first_page(app, sign_in):
    found = app.test_cli_runner().invoke(load, ["--schools", "200", "--country", "UA"])

    assert found.exit_code == 0, found.output
    with app.app_context():
        schools = session.scalars(select(School)).all()
        assert len(schools) == 200 + len(FEW) + 1
        assert {one.progress for one in schools} >= {Progress.REGISTERED, Progress.DECIDED}
        assert Standing.EXPIRED in {one.standing for one in schools}
        assert list(_dangling()) == []
        assert list(integrity.faults(files())) == []
        assert first_fault(files()) is None
        assert len(logged_rows()) > 20
        assert (repair_tallies(at=NOW), repair_history(at=NOW)) == (0, 0)
        people = {
            role: session.scalars(
                select(User).where(User.role == role).order_by(User.email.desc()).limit(1)
            ).one()
            for role in FIRST_PAGES
        }
    for role, page in FIRST_PAGES.items():
        assert sign_in(people[role]).get(page, follow_redirects=True).status_code == 200, role


def _dangling() -> Iterator[str]:
    """Name each foreign key that points to nothing: SQLite looks at none while rows come in bulk."""
    for table in Base.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            target = constraint.referred_table.alias()
            pairs = [(one.parent, target.c[one.column.name]) for one in constraint.elements]
            query = select(func.count()).select_from(table)
            query = query.where(
                *(column.is_not(None) for column, _ in pairs),
                ~select(1).where(*(column == other for column, other in pairs)).exists(),
            )
            if session.scalar(query):
                yield f"{table.name}: {constraint.name}"


@pytest.mark.one_database("sqlite")
def test_nothing_is_written_beside_what_was_not_invented(app, make):
    school = make.school()

    found = app.test_cli_runner().invoke(load, ["--schools", "5"])

    assert found.exit_code == 1
    assert "not made by this command" in found.output
    with app.app_context():
        assert session.scalars(select(School.id)).all() == [school.id]


def test_a_country_without_a_pack_is_named(app):
    found = app.test_cli_runner().invoke(load, ["--schools", "5", "--country", "XX"])

    assert found.exit_code == 1
    assert "No country pack has the code XX" in found.output


def test_files_that_a_dropped_database_left_behind_are_replaced(tmp_path):
    store = LocalStore(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).write_text(name)

        share_files(store, [(name, "certificates/copy")])

    assert (tmp_path / "certificates/copy").read_text() == "new"
    assert (tmp_path / "old").read_text() == "old"


def test_a_file_that_has_as_many_names_as_it_may_is_copied_for_the_next(tmp_path, monkeypatch):
    store, link = LocalStore(tmp_path), os.link
    (tmp_path / "made").write_text("made")

    def link_twice(file, target):
        if file.stat().st_nlink > 2:
            raise OSError(errno.EMLINK, "Too many links")
        link(file, target)

    monkeypatch.setattr(os, "link", link_twice)
    share_files(store, [("made", f"copies/{number}") for number in range(5)])

    copies = sorted((tmp_path / "copies").iterdir())
    assert [one.read_text() for one in copies] == ["made"] * 5
    assert len({one.stat().st_ino for one in copies}) == 3
