"""An installation is filled with invented schools: every row fits, every check passes, every first page opens."""

import errno
import os
import shutil
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Select, Table, func, select, text

from cissapp.certify.certificates.queries.register_checks import first_fault
from cissapp.certify.credentials.services.issuer import credential_issuer
from cissapp.certify.credentials.services.second_looks import examine_issued
from cissapp.certify.transparency.queries import rows as logged_rows
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import Base, db, session
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import LocalStore, files
from cissapp.foundation.core.unicode import natural_key
from cissapp.operate.demo.schools.cast import DemoState
from cissapp.operate.load.commands import load
from cissapp.operate.load.rules import spread
from cissapp.operate.load.rules.spread import EXTRAS, Share
from cissapp.operate.load.services import copies
from cissapp.operate.load.services.writing import share_files
from cissapp.operate.operations.services import integrity
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School, Tally
from cissapp.people.schools.rules import Progress, Standing
from cissapp.people.schools.services import repair_tallies
from cissapp.people.schools.services.history import repair_history
from cissapp.prepare.applications.models import Application
from cissapp.review.appeals.models import Appeal
from cissapp.review.followup.services import repair_steps
from tests.factories import NOW
from tests.operate.learners import most_have_passed

# A state for each shape of rows, and those in which some schools have most besides.
VARIED = (
    DemoState.REGISTERED,
    DemoState.HALF_WAY,
    DemoState.READY,
    DemoState.IN_REVIEW,
    DemoState.APPEALED,
    DemoState.CERTIFIED,
    DemoState.WITHDRAWN,
)
# A school for each state, for what some have besides, and for calibration.
PATTERNS = len(VARIED) + sum(len(EXTRAS[state]) for state in VARIED if state in EXTRAS) + 1
FIRST_PAGES = {
    Role.SECRETARIAT: "/oversight",
    Role.MINISTRY: "/oversight",
    Role.REGION_OFFICER: "/oversight",
    Role.COORDINATOR: "/schools",
    Role.REVIEWER: "/reviews",
    Role.SCHOOL_MANAGER: "/",
}
# Tables that hold what only some schools and groups have, each with who looks at it where.
KINDS = {
    "absence": (Role.COORDINATOR, "/reviews/people"),
    "api_token": (Role.COORDINATOR, "/account/tokens"),
    "appeal_member": (Role.SECRETARIAT, "/appeals"),
    "awareness_round": (Role.SCHOOL_MANAGER, "/school/toolkit/awareness"),
    "complaint": (Role.COORDINATOR, "/complaints"),
    "draft": (Role.SCHOOL_MANAGER, "/drafts"),
    "drill_result": (Role.COORDINATOR, "/reviews/drills"),
    "handover": (Role.SCHOOL_MANAGER, "/school/people/handover"),
    "join_request": (Role.COORDINATOR, "/schools/requests"),
    "mentor_message": (Role.REVIEWER, "/mentoring"),
    "message_recipient": (Role.COORDINATOR, "/group/messages"),
    "notification": (Role.SCHOOL_MANAGER, "/notifications"),
    "placed_poster": (Role.SCHOOL_MANAGER, "/school/toolkit/posters/round"),
    "quorum_gap": (Role.COORDINATOR, "/upkeep"),
    "removal": (Role.SCHOOL_MANAGER, "/school/removed"),
    "reporting_page": (Role.SCHOOL_MANAGER, "/school/reporting/page"),
    "retention_hold": (Role.COORDINATOR, "/group/retention"),
    "saved_filter": (Role.COORDINATOR, "/group/schools"),
    "school_list": (Role.COORDINATOR, "/schools/import"),
    "thread": (Role.SCHOOL_MANAGER, "/school/application/comments"),
    "visit": (Role.SCHOOL_MANAGER, "/school/application/visit"),
    "webhook_message": (Role.COORDINATOR, "/account/webhooks"),
}


@pytest.fixture
def keys(app: Flask) -> Iterator[None]:
    """Take the keys away again: other tests' installation has none."""
    yield
    shutil.rmtree(app.config["CISS"].keys_dir, ignore_errors=True)


# What the database knows of a table that is filled last.
ANALYSED = {
    "sqlite": "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'followed_step'",
    "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'followed_step'",
}


@pytest.mark.both_databases
@pytest.mark.usefixtures("keys")
def test_a_loaded_installation_is_whole_and_the_pages_of_all_it_has_open(app, sign_in, monkeypatch):
    monkeypatch.setattr(spread, "SHARES", {state: spread.SHARES[state] for state in VARIED})
    even = {
        state: {extra: Share(1000 // len(extras), extras[extra].weeks) for extra in extras}
        for state, extras in EXTRAS.items()
    }
    monkeypatch.setattr(spread, "EXTRAS", even)

    with most_have_passed():
        found = app.test_cli_runner().invoke(
            load, ["--schools", "200", "--country", "MD", "--country", "UA"]
        )

    assert found.exit_code == 0, found.output
    with app.app_context():
        tables = Base.metadata.tables
        schools = session.scalars(select(School)).all()
        assert len(schools) == 200 + PATTERNS
        assert {one.progress for one in schools} >= {Progress.REGISTERED, Progress.DECIDED}
        assert Standing.EXPIRED in {one.standing for one in schools}
        named = session.scalars(select(User)).all()
        assert [one.name_key for one in named] == [natural_key(one.name) for one in named]
        assert {name for name in KINDS if not _copied(tables[name])} == set()
        assert list(_dangling()) == []
        assert list(integrity.faults(files())) == []
        assert first_fault(files()) is None
        assert len(logged_rows()) > 20
        assert examine_issued(files(), issuer=credential_issuer(), at=NOW) == 0
        assert (repair_tallies(at=NOW), repair_history(at=NOW), repair_steps(NOW)) == (0, 0, 0)
        # A country may have 40,000 places, and pages add up what is counted of each.
        counted = set(session.scalars(select(Tally.region_code).distinct()))
        tops = {code for pack in content().countries.values() for code in pack.top()}
        assert counted - tops <= {one.region_code for one in schools}
        assert session.scalar(text(ANALYSED[db.engine.dialect.name])) > 0
        looking = [
            *((session.scalars(_newest(role)).one(), page) for role, page in FIRST_PAGES.items()),
            *(
                (session.scalars(_who_has(tables[name], role)).first(), page)
                for name, (role, page) in KINDS.items()
            ),
        ]
    for person, page in looking:
        assert person, page
        answer = sign_in(person).get(page, follow_redirects=page in FIRST_PAGES.values())
        assert answer.status_code == 200, (page, person.email)


def _newest(role: Role) -> Select[User]:
    return select(User).where(User.role == role).order_by(User.email.desc()).limit(1)


def _copied(table: Table) -> bool:
    """Whether a table has rows beyond those of the pattern schools."""
    return (session.scalar(select(func.count()).select_from(table)) or 0) > 1


def _who_has(table: Table, role: Role) -> Select[User]:
    """Find people of a role who have rows of a table, themselves or by their school."""
    people = select(User).where(User.role == role, User.deactivated_at.is_(None)).limit(1)
    if role is not Role.SCHOOL_MANAGER:
        return people.order_by(User.email)
    people = people.where(User.email.like("head0.%"))
    if "school_id" in table.c:
        return people.where(User.school_id.in_(select(table.c.school_id)))
    if "user_id" in table.c:
        return people.where(User.id.in_(select(table.c.user_id)))
    cases = select(Application.school_id).where(Application.id.in_(select(table.c.application_id)))
    return people.where(User.school_id.in_(cases))


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
@pytest.mark.usefixtures("keys")
def test_a_later_load_with_other_countries_and_more_people_copies_the_same_patterns(
    app, monkeypatch
):
    """Those who hear an appeal are then reviewers of another group."""
    states = (DemoState.REGISTERED, DemoState.APPEALED)
    monkeypatch.setattr(spread, "SHARES", {state: Share(500, 10) for state in states})
    monkeypatch.setattr(spread, "EXTRAS", {})

    for arguments in (["--country", "MD"], ["--country", "BY", "--country", "MD"]):
        found = app.test_cli_runner().invoke(load, ["--schools", "40", *arguments])
        assert found.exit_code == 0, found.output

    with app.app_context():
        appeals = session.scalars(select(Appeal)).all()
        assert len(appeals) > 20
        # New ones would begin before the last entry of the register, which then refuses them.
        made = select(School.country_code).where(School.code.like("DEMO-%"))
        assert set(session.scalars(made)) == {"MD"}
        assert {len({one.person_id for one in appeal.members}) for appeal in appeals} == {2}
        assert list(_dangling()) == []


@pytest.mark.one_database("sqlite")
def test_nothing_is_written_beside_what_was_not_invented(app, make):
    school = make.school()

    found = app.test_cli_runner().invoke(load, ["--schools", "5"])

    assert found.exit_code == 1
    assert "not made by this command" in found.output
    with app.app_context():
        assert session.scalars(select(School.id)).all() == [school.id]


@pytest.mark.one_database("sqlite")
def test_a_country_without_a_pack_is_named(app):
    found = app.test_cli_runner().invoke(load, ["--schools", "5", "--country", "XX"])

    assert found.exit_code == 1
    assert "No country pack has the code XX" in found.output


@pytest.mark.only_on("postgresql")
def test_a_batch_may_rest_while_its_rows_are_made(app, monkeypatch):
    """On a busy machine that took more than the ten seconds after which the server ended the whole load."""
    rests = []

    def ask(*_):
        rests.append(session.scalar(text("SHOW idle_in_transaction_session_timeout")))
        return []

    monkeypatch.setattr(copies, "_write_batch", ask)
    with app.app_context():
        written = copies.write_copies(SimpleNamespace(store=None), {"MD": 1}, 0)
        assert list(written) == [1]

    assert rests == ["10min"]


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
