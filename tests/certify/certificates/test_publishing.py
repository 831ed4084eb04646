"""From the reservation to the file: whatever breaks in between, there is one certificate or none."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.document import signing
from cissapp.certify.certificates.models import Certificate, Publication, RegisterEntry
from cissapp.certify.certificates.services import issuing, register
from cissapp.certify.certificates.services.publishing import PublishingResult, finish_reservation
from cissapp.foundation.core import storage
from cissapp.foundation.core.db import new_id, session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import seal
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Standing
from tests.certify.certificates.reservations import SOON, counted, events, published, whole
from tests.factories import NOW


class Crash(BaseException):
    """The process is gone."""


def test_a_reservation_has_number_and_row_and_nothing_else(app, make):
    school = make.school()

    row = make.reserved(school)

    with app.app_context():
        found = session.get_one(Certificate, row.id)
        assert (found.number, found.attempt, found.publication, found.file_key) == (
            "MD-2026-00001",
            1,
            None,
            None,
        )
        assert events(row.id) == ["reserved"]
        assert queries.reserved_ids() == [row.id]
        assert queries.of_school(school.id) == []
        assert session.get_one(School, school.id).standing is Standing.NONE
    whole(app)


@pytest.mark.one_database("sqlite")
def test_publishing_gives_it_file_and_standing(app, make):
    school = make.school()
    row = make.reserved(school)

    finished = published(app, make, row.id)

    assert finished == PublishingResult(row.id, published=True)
    with app.app_context():
        found = session.get_one(Certificate, row.id)
        content = files().get(found.file_key)
        assert seal.examine(content, make.keyring()).good
        assert (found.file_size, found.publication.published_at) == (len(content), SOON)
        assert events(row.id) == ["reserved", "issued"]
        assert [one.at for one in found.entries] == [NOW, SOON]
        assert session.get_one(School, school.id).standing is Standing.VALID
        assert queries.reserved_ids() == []
    whole(app)


def test_who_comes_second_publishes_nothing_and_leaves_no_file(app, make):
    row = make.reserved()
    published(app, make, row.id)
    with app.app_context():
        before = sorted(one.key for one in files().stored())

    again = published(app, make, row.id)

    assert again == PublishingResult(row.id, published=False)
    with app.app_context():
        assert counted() == (1, 1)
        assert sorted(one.key for one in files().stored()) == before


def test_two_at_once_give_one_certificate(app, make):
    """Both have signed and stored before either of them writes a row."""
    row = make.reserved()
    meeting, results = threading.Barrier(2), []
    issuer = make.issuer()
    plain = issuing.make_file

    def made(*args, **values):
        found = plain(*args, **values)
        meeting.wait(timeout=30)
        return found

    def work() -> None:
        with app.app_context():
            results.append(finish_reservation(row.id, issuer, at=SOON))
            session.remove()

    with patch.object(issuing, "make_file", made):
        threads = [threading.Thread(target=work) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    assert sorted(one.published for one in results) == [False, True]
    assert [one.why for one in results] == [None, None]
    with app.app_context():
        assert counted() == (1, 1)
        assert events(row.id) == ["reserved", "issued"]
        assert len([one for one in files().stored() if one.key.startswith("certificates/")]) == 1
    whole(app)


def test_the_database_lets_a_school_have_one_file_a_cycle(app, make):
    row = make.certified()
    with app.app_context(), pytest.raises(IntegrityError), unit_of_work():
        other = Certificate(
            **{
                **{
                    column.name: getattr(row, column.name)
                    for column in Certificate.__table__.columns
                },
                "id": new_id(),
                "number": "MD-2026-00099",
                "code": "X" * 20,
                "attempt": 2,
            }
        )
        other.publication = Publication(
            school_id=row.school_id,
            cycle=row.cycle,
            file_key="certificates/x",
            file_sha256="0" * 64,
            file_size=1,
            key_id=row.key_id,
            published_at=NOW,
        )
        session.add(other)
        session.flush()


# --- a crash between any two steps ---------------------------------------------------------------


@contextmanager
def broken(target: object, name: str, *, after: bool = False) -> Iterator[None]:
    """Let the process die when it comes to this step, or right after it."""
    plain = getattr(target, name)

    def dies(*args, **values):
        if after:
            plain(*args, **values)
        raise Crash

    with patch.object(target, name, dies):
        yield


# Until its file is stored, a database has been asked for the reservation, and for nothing else.
BEFORE_THE_ROWS: dict[str, Callable[[], object]] = {
    "before the drawing": lambda: broken(signing, "draw_certificate"),
    "before the signature": lambda: broken(seal, "sign"),
    "after the signature": lambda: broken(seal, "sign", after=True),
    "after the examination": lambda: broken(seal, "examine", after=True),
    "while the file is written": lambda: broken(storage.os, "fsync"),
    "before the file is in its place": lambda: broken(storage.os, "link"),
    "when the file is in its place": lambda: broken(storage.os, "link", after=True),
    "after the file is stored": lambda: broken(storage.LocalStore, "put", after=True),
    "after it is read back": lambda: broken(storage.LocalStore, "get", after=True),
}
AT_THE_ROWS: dict[str, Callable[[], object]] = {
    "before the rows": lambda: broken(issuing, "publish_each"),
    "between the rows": lambda: broken(register, "enter_each"),
    "after the row of the register": lambda: broken(register, "enter_each", after=True),
    "before the rows are kept": lambda: broken(issuing, "publish_each", after=True),
    "after the rows are kept": lambda: broken(session.session_factory.class_, "commit", after=True),
}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("where", BEFORE_THE_ROWS)
def test_a_crash_before_the_rows_leaves_a_reservation_that_is_finished_later(app, make, where):
    leaves_all_or_nothing(app, make, BEFORE_THE_ROWS[where], kept=False)


@pytest.mark.parametrize("where", AT_THE_ROWS)
def test_a_crash_leaves_one_certificate_or_a_reservation_that_is_finished_later(app, make, where):
    kept = where == "after the rows are kept"
    leaves_all_or_nothing(app, make, AT_THE_ROWS[where], kept=kept)


def leaves_all_or_nothing(app, make, crash: Callable[[], object], *, kept: bool) -> None:
    row = make.reserved()
    issuer = make.issuer()

    with app.app_context():
        with pytest.raises(Crash), crash():
            finish_reservation(row.id, issuer, at=SOON)
        session.remove()
    with app.app_context():
        assert events(row.id) == (["reserved", "issued"] if kept else ["reserved"])
        assert counted() == (1, int(kept))
        assert session.get_one(School, row.school_id).standing is (
            Standing.VALID if kept else Standing.NONE
        )
    whole(app)

    again = published(app, make, row.id)

    assert again.published is not kept
    with app.app_context():
        assert events(row.id) == ["reserved", "issued"]
        assert counted() == (1, 1)
        assert seal.examine(files().get(queries.certificate(row.id).file_key), make.keyring()).good
    whole(app)


def test_a_crash_of_the_decision_leaves_nothing(app, make):
    submission = make.decided()
    with app.app_context(), pytest.raises(Crash), broken(register, "enter", after=True):
        make.reserved(submission.application.school, cycle=2)

    with app.app_context():
        session.rollback()
        assert counted() == (0, 0)
        assert session.scalar(select(func.count()).select_from(RegisterEntry)) == 0
