"""What fails while a certificate is published is tried again; what cannot be finished is ended."""

import dataclasses
import errno
from datetime import timedelta
from unittest.mock import Mock, patch

import pytest
from msgspec.structs import replace
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document import facts, signing
from cissapp.certify.certificates.models import Certificate, Publication
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.services import issuing, publishing
from cissapp.certify.certificates.services.publishing import finish_reservation, publish_reserved
from cissapp.foundation.background.models import Task
from cissapp.foundation.background.rules import TaskFailed, TaskKind
from cissapp.foundation.core import storage
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing.keys import NoKeys
from cissapp.foundation.signing.keys.keys_file import PUBLIC
from cissapp.people.notices.models import Mail
from tests.certify.certificates.reservations import SOON, counted, events, published, whole
from tests.factories import NOW

# --- what fails and is tried again ---------------------------------------------------------------


class Store(storage.LocalStore):
    """A folder that fails in some way."""

    def __init__(self, root, fails: str) -> None:
        super().__init__(root)
        self.fails = fails

    def put(self, key: str, content: bytes) -> None:
        if self.fails == "full before":
            raise OSError(errno.ENOSPC, "No space left on device")
        super().put(key, content[:-1] if self.fails == "other bytes" else content)
        if self.fails == "full after":
            raise OSError(errno.ENOSPC, "No space left on device")

    def get(self, key: str) -> bytes:
        if self.fails == "gone":
            raise FileNotFoundError(key)
        return super().get(key)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("fails", "why"),
    [
        ("full before", "No space left on device"),
        ("full after", "No space left on device"),
        ("other bytes", "SelfCheckFailed"),
        ("gone", "FileNotFoundError"),
    ],
)
def test_a_store_that_fails_leaves_the_reservation(app, make, fails: str, why: str):
    row = make.reserved()
    with app.app_context():
        store = Store(files().root, fails)

    first = published(app, make, row.id, store=store)

    assert not first.published
    assert why in (first.why or "")
    with app.app_context():
        assert (events(row.id), counted()) == (["reserved"], (1, 0))
    assert published(app, make, row.id).published
    whole(app)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("step", ["write", "fsync", "link"])
def test_a_disk_that_is_full_at_any_step_leaves_the_reservation(app, make, step: str):
    row = make.reserved()
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuse(*_args, **_values):
        raise full

    target = ("pathlib.Path.open",) if step == "write" else (f"os.{step}",)
    with patch(target[0], refuse):
        first = published(app, make, row.id)

    assert (first.published, "No space left" in (first.why or "")) == (False, True)
    assert published(app, make, row.id).published
    whole(app)


def test_a_database_that_is_full_leaves_the_reservation(app, make):
    from sqlalchemy.exc import OperationalError

    row = make.reserved()

    def refuse(_mapper, _connection, _target) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    event.listen(Publication, "before_insert", refuse)
    try:
        first = published(app, make, row.id)
    finally:
        event.remove(Publication, "before_insert", refuse)

    assert (first.published, "disk is full" in (first.why or "")) == (False, True)
    with app.app_context():
        assert (events(row.id), counted()) == (["reserved"], (1, 0))
    assert published(app, make, row.id).published
    whole(app)


def test_a_clock_behind_the_register_publishes_nothing(app, make):
    row = make.reserved()
    issuer = make.issuer()

    with app.app_context():
        behind = finish_reservation(row.id, issuer, at=NOW - timedelta(days=1))

    assert (behind.published, "behind the register" in (behind.why or "")) == (False, True)
    assert published(app, make, row.id).published


def test_who_waited_for_the_register_writes_no_moment_before_the_last(app, make):
    one, two = make.reserved(), make.reserved()
    published(app, make, one.id)
    issuer = make.issuer()

    with app.app_context():
        finished = finish_reservation(two.id, issuer, at=SOON - timedelta(seconds=30))

    assert finished.published
    with app.app_context():
        assert session.get_one(Certificate, two.id).entries[-1].at == SOON
    whole(app)


@pytest.mark.one_database("sqlite")
def test_a_silent_time_stamp_service_leaves_the_reservation(app, make):
    row = make.reserved()
    settings = replace(make.issuer().settings, tsa_url="http://127.0.0.1:9")

    first = published(app, make, row.id, signing=settings)

    assert (first.published, "http://127.0.0.1:9" in (first.why or "")) == (False, True)
    assert published(app, make, row.id).published


def test_what_was_changed_in_the_database_is_not_signed(app, make):
    row = make.reserved()

    with (
        app.app_context(),
        patch.object(register_checks, "certificate_fault", lambda _row: "was changed"),
    ):
        found = finish_reservation(row.id, make.issuer(), at=SOON)

    assert (found.published, "must be checked" in (found.why or "")) == (False, True)


# --- a key that signs no more, and the end of a reservation --------------------------------------


@pytest.mark.one_database("sqlite")
def test_a_reservation_whose_key_stopped_is_made_again_with_a_present_key(app, make):
    row = make.reserved()
    issuer = make.issuer()
    plain = signing.key_of_reservation

    def stopped(settings, of, at):
        if of.number == row.number:
            raise NoKeys("The key signs no more.")
        return plain(settings, of, at)

    with app.app_context(), patch.object(signing, "key_of_reservation", stopped):
        finished = finish_reservation(row.id, issuer, at=SOON)
        assert finished.published

        found = queries.newest_of_school(row.school_id)
        assert (events(row.id), events(found.id)) == (
            ["reserved", "voided"],
            ["reserved", "issued"],
        )
        before, after = facts.read_facts(row.facts), facts.read_facts(found.facts)
        assert (found.attempt, after) == (
            2,
            replace(before, number=after.number, code=after.code, key_id=after.key_id),
        )
        assert (after.number, queries.reserved_ids()) == ("MD-2026-00002", [])
        assert queries.of_application(row.application_id).id == found.id
    whole(app)


@pytest.mark.one_database("sqlite")
def test_what_was_ended_stays_ended_and_may_be_reserved_again(app, make):
    row = make.reserved()
    with app.app_context(), unit_of_work():
        found = queries.certificate(row.id)
        issuing.void(found, reason="The name was wrong.", by=SYSTEM, at=SOON)
    assert not published(app, make, row.id).published

    with app.app_context(), unit_of_work():
        found = queries.certificate(row.id)
        again = issuing.reserve_again(found, make.issuer(), by=SYSTEM, at=SOON)
        with pytest.raises(Refused):
            issuing.reserve_again(found, make.issuer(), by=SYSTEM, at=SOON)
        with pytest.raises(Refused):
            issuing.void(found, reason="x", by=SYSTEM, at=SOON)
    assert published(app, make, again.id).published
    with app.app_context(), unit_of_work(), pytest.raises(Refused):
        issuing.void(queries.certificate(again.id), reason="x", by=SYSTEM, at=SOON)
    whole(app)


@pytest.mark.one_database("sqlite")
def test_why_it_waits_says_nothing_of_a_row(app, make, monkeypatch):
    """A database names the values that did not fit; why a task failed is kept and shown."""
    row = make.reserved()
    told = DBAPIError("INSERT", {}, OSError("duplicate key\nDETAIL: Key (name)=(Ana) exists."))
    monkeypatch.setattr(publishing, "_make_file", Mock(side_effect=told))

    with app.app_context(), pytest.raises(TaskFailed) as failed:
        publishing.publish_in_background(row.id, SOON)

    assert str(failed.value) == "DBAPIError: (builtins.OSError) duplicate key"


# --- all that wait -------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_the_days_work_finishes_what_waits_and_tells_the_schools(app, make):
    rows = [make.reserved() for _ in range(3)]
    head = make.manager(rows[0].school)
    issuer = make.issuer()

    with app.app_context():
        done = [publish_reserved(issuer, at=SOON), publish_reserved(issuer, at=SOON)]
        told = session.scalars(select(Mail).where(Mail.kind == "certificate")).all()

        assert (done, counted()) == ([3, 0], (3, 3))
        assert [(one.to, one.subject) for one in told] == [
            (head.email, "Your school’s certificate is ready")
        ]
    whole(app)


def test_with_broken_keys_nothing_is_lost(app, make, tmp_path, caplog):
    make.reserved()
    (tmp_path / PUBLIC).write_text("no keys")

    with app.app_context():
        broken = make.issuer(signing=dataclasses.replace(app.config["CISS"], keys_dir=tmp_path))
        assert publish_reserved(broken, at=SOON) == 0
        assert len(queries.reserved_ids()) == 1
    assert "certificates still waiting: 1: " in caplog.text


@pytest.mark.one_database("sqlite")
def test_after_the_decision_the_file_follows_in_the_same_unit(app, make):
    row = make.reserved()

    with app.app_context(), unit_of_work():
        publishing.publish_soon(queries.certificate(row.id), at=SOON)
        assert counted() == (1, 0)

    with app.app_context():
        assert (events(row.id), counted()) == (["reserved", "issued"], (1, 1))


def test_what_the_days_work_publishes_is_no_task_any_more(app, make):
    row = make.reserved()
    with app.app_context(), unit_of_work():
        session.add(
            Task(
                kind=TaskKind.PUBLISH,
                subject_id=row.id,
                made_at=SOON,
                due_at=SOON,
                given_up_at=SOON,
            )
        )
    issuer = make.issuer()

    with app.app_context():
        assert publish_reserved(issuer, at=SOON) == 1
        assert session.scalars(select(Task)).all() == []
