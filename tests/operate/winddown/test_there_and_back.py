"""Everything out of one installation and into another: both answer the same, byte for byte."""

import json
import warnings
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.models import RegisterEntry
from cissapp.certify.certificates.queries import register_checks
from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.operate.winddown import rules
from cissapp.operate.winddown.archive import rows
from cissapp.operate.winddown.commands import winddown
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services import passwords
from cissapp.people.notices.models import Mail
from cissapp.verify.verification.checking.offline import check_offline
from cissapp.verify.verification.checking.offline_sources import OfflineSources
from cissapp.verify.verification.rules import CheckAnswer
from tests.migrated import copy, migrated_database
from tests.operate.winddown.filling import LATER, addresses, answers, closed, empty, few, fill


def run(app: Flask, *arguments: object) -> Result:
    with clock.at(LATER):
        return app.test_cli_runner().invoke(winddown, [str(one) for one in arguments])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Go from one kind of database to the other; in the long form to the same kind as well."""
    if "other" in metafunc.fixturenames:
        long = metafunc.config.getoption("long")
        metafunc.parametrize("other", ["other-kind", *["same-kind"] * long], indirect=True)


@pytest.fixture
def other(request: pytest.FixtureRequest, app: Flask, tmp_path: Path):
    """A second installation, empty, on a database of the other kind, or of the same."""
    kind = kind_of(app) if request.param == "same-kind" else OTHER_KIND[kind_of(app)]
    yield from second(request, kind, tmp_path)


@pytest.fixture
def beside(request: pytest.FixtureRequest, app: Flask, tmp_path: Path):
    """A second installation, empty, on the same kind of database as the first."""
    yield from second(request, kind_of(app), tmp_path)


@pytest.fixture
def home(request: pytest.FixtureRequest, app: Flask, tmp_path: Path):
    """A third installation, empty, on the kind of database from which the way began."""
    folder = tmp_path / "home"
    folder.mkdir()
    yield from second(request, kind_of(app), folder)


OTHER_KIND = {"sqlite": "postgresql", "postgresql": "sqlite"}


def kind_of(app: Flask) -> str:
    return "sqlite" if app.config["CISS"].database_url.startswith("sqlite") else "postgresql"


def second(request: pytest.FixtureRequest, kind: str, tmp_path: Path):
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/other.db"
        copy(request.getfixturevalue("migrated"), url)
    else:
        server, shared = map(request.getfixturevalue, ("postgres", "shared_folder"))
        url = migrated_database(server, "ciss_other", shared)
    app = empty(tmp_path, url)
    yield app
    closed(app)


def tables_of(folder: Path) -> dict[str, list[str]]:
    told = json.loads((folder / "data/installation.json").read_text())["tables"]
    return {one["name"]: (folder / "data" / one["path"]).read_text().splitlines() for one in told}


@pytest.mark.one_database("sqlite")
def test_another_installation_goes_on_and_answers_the_same(app, other, tmp_path, request):
    fill(app)
    out, again = tmp_path / "out", tmp_path / "again"

    sent = run(app, "export", out)
    taken = run(other, "import", out)

    assert (sent.exit_code, sent.output.count("\n")) == (0, 2), sent.output
    assert taken.exit_code == 0, taken.output
    assert "The register and the log are intact." in taken.output
    asked = addresses(app)
    here, there = answers(app, asked), answers(other, asked)
    assert there == here
    assert {status for status, _ in here.values()} == {200, 404}
    assert [one for one, (status, _) in here.items() if status == 404] == ["/badge/0000.svg"]
    # What is exported from there is what came: nothing was lost on the way, on either database.
    assert run(other, "export", again).exit_code == 0
    assert tables_of(again) == tables_of(out)
    every_certificate_verifies_offline(other, out)
    it_goes_on(other)
    if kind_of(other) != kind_of(app):  # and back, in the other direction
        back = request.getfixturevalue("home")
        assert run(back, "import", again).exit_code == 0
        assert answers(back, asked) == here
        every_certificate_verifies_offline(back, again)
        it_goes_on(back)


def every_certificate_verifies_offline(other: Flask, out: Path) -> None:
    ring = keys.load_public(out / "data/keys/keys.json")
    found = {}
    with other.app_context():
        for certificate in queries.all_certificates():
            content = register_checks.stored_file(certificate, files())
            verdict = check_offline(content, OfflineSources(ring), at=LATER, expiring_days=90)
            found[certificate.number] = verdict.facts is not None and verdict.answer
        assert len(found) >= 9
        assert {CheckAnswer.ALTERED, CheckAnswer.NOT_OURS, False} & {*found.values()} == set()


def it_goes_on(other: Flask) -> None:
    """The next rows get the next numbers, and the chain goes on."""
    from cissapp.certify.certificates import services
    from cissapp.foundation.audit.rules import Event
    from cissapp.foundation.audit.services import record
    from cissapp.people.schools.models import School

    with other.app_context(), clock.at(LATER):
        with unit_of_work():
            last = session.scalar(select(func.max(AuditEntry.id)))
            school = session.scalars(select(School).order_by(School.id)).first()
            record(Event.SCHOOL_CHANGED, school, by=SYSTEM, at=LATER)
            session.flush()
            assert session.scalar(select(func.max(AuditEntry.id))) == last + 1
            row = session.scalar(select(func.max(RegisterEntry.id)))
            valid = next(one for one in queries.all_certificates() if queries.is_alive(one))
            with_reason = {"reason": "It goes on here.", "by": SYSTEM, "at": LATER}
            services.withdraw(valid, **with_reason)
            assert session.scalar(select(func.max(RegisterEntry.id))) > row
        assert register_checks.first_fault(files()) is None


@pytest.mark.one_database("sqlite")
def test_what_opens_something_stays_behind(app, make, tmp_path):
    person = make.user()
    app.test_client().sign_in(person)
    few(app)
    mail = make.kept(
        Mail(
            kind="reset",
            to=person.email,
            subject="Set a new password",
            body="http://ciss.example/reset/secret-token",
            queued_at=LATER,
            next_try_at=LATER,
        )
    )
    assert run(app, "export", tmp_path / "out").exit_code == 0

    found = tables_of(tmp_path / "out")
    everything = "".join(line for lines in found.values() for line in lines)

    assert rules.LEFT_OUT & found.keys() == set()
    assert ("secret-token" in everything, "argon2" in everything) == (False, False)
    assert [json.loads(line)["password_hash"] for line in found["person"]] == ["!"]
    sent = {json.loads(line)["id"]: json.loads(line) for line in found["mail"]}[str(mail.id)]
    assert ("body" in sent, sent["given_up_at"]) == (False, LATER.isoformat())
    assert not list((tmp_path / "out").rglob("*.pem"))
    assert not passwords.verify_password("!", "")


def test_without_people_nobody_is_named_and_the_public_pages_are_the_same(
    app, beside, make, tmp_path
):
    people = make.trained(make.school(name="Never certified"))
    names = [text for one in people for text in (one.name, one.email)]
    few(app)

    sent = run(app, "export", tmp_path / "out", "--without-people")
    taken = run(beside, "import", tmp_path / "out")

    assert (sent.exit_code, taken.exit_code) == (0, 0), sent.output + taken.output
    everything = "".join(path.read_text() for path in (tmp_path / "out/data/tables").iterdir())
    assert [one for one in [*names, "Never certified"] if one in everything] == []
    # The start page also counts schools under way, and those stay behind.
    asked = [address for address in addresses(app) if address != "/"]
    assert answers(beside, asked) == answers(app, asked)
    with beside.app_context():
        assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.one_database("sqlite")
def test_it_is_a_bag_for_others_too(app, databases, tmp_path):
    databases.kept(few)
    run(app, "export", tmp_path / "out")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit

        bag = bagit.Bag(str(tmp_path / "out"))
        assert bag.validate() is True
    readme = (tmp_path / "out/data/README.txt").read_text()
    assert "by the service at http://ciss.example" in readme
    assert "ciss winddown import THIS_FOLDER" in readme


@pytest.mark.one_database("sqlite")
def test_every_table_is_exported_or_named_as_left_out(app, tmp_path):
    run(app, "export", tmp_path / "out")

    found = tables_of(tmp_path / "out")

    with app.app_context():
        assert {*found} == {table.name for table in rows.tables()} - rules.LEFT_OUT


@pytest.mark.only_on("postgresql")
def test_no_migration_writes_a_table_anew_while_it_is_exported(app, make, tmp_path, monkeypatch):
    """To the transaction that exports, such a table would be empty, and the seal would be over that."""
    make.school()
    real, said = rows.rows_of, []

    def migrating_first(table, *where):
        if not said:
            with db.engine.connect() as migrating:
                migrating.execute(text("SET LOCAL lock_timeout = 100"))
                with pytest.raises(OperationalError) as told:
                    migrating.execute(text("ALTER TABLE school ALTER COLUMN pupils TYPE bigint"))
            said.append(str(told.value.orig))
        return real(table, *where)

    monkeypatch.setattr(rows, "rows_of", migrating_first)

    assert run(app, "export", tmp_path / "out").exit_code == 0
    assert "lock timeout" in said[0]
    assert len(tables_of(tmp_path / "out")["school"]) == 1
