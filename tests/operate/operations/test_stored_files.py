"""Files without a row go after an hour; rows without a file are told."""

import logging
from datetime import timedelta

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import AcceptedFile
from cissapp.foundation.intake.media import MediaType
from cissapp.operate.operations.queries import of_work
from cissapp.operate.operations.queries.of_files import missing_of_sample
from cissapp.operate.operations.services import daily, stored_files
from cissapp.people.schools.models import School
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.prepare.documents.rules.files import CheckedFile
from tests.foundation.core.test_storage import bucket, s3

__all__ = ["bucket", "s3"]


@pytest.fixture
def document(app, make):
    """A document with its file; gives the key of it."""
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        made = documents.add_document(
            session.get(School, school.id),
            title="Policy",
            evidence_code="POL",
            file=CheckedFile(b"policy", "policy.pdf", AcceptedFile(MediaType.PDF, "text", 1, ())),
            store=files(),
            by=head,
            at=clock.now(),
        )
        return made.versions[0].file_key


def keys():
    return sorted(one.key for one in files().stored())


def test_a_file_without_a_row_goes_after_an_hour_and_no_other(app, document):
    with app.app_context(), unit_of_work():
        for key in ("documents/ab/alone", "uploads/one/alone", "somebody-elses/file"):
            files().put(key, b"alone")
        half_written = files().root / "documents" / "ab" / ".alone.0123"
        half_written.write_bytes(b"ha")
        now = clock.now()

        young = stored_files.remove_orphans(files(), at=now + timedelta(minutes=59))
        old = stored_files.remove_orphans(files(), at=now + timedelta(minutes=61))

        assert (young, old) == (0, 3)
        assert keys() == sorted([document, "somebody-elses/file"])


@pytest.mark.one_database("sqlite")
def test_a_row_whose_file_is_gone_is_told_by_name(app, document, caplog):
    with app.app_context(), unit_of_work():
        version = session.query(DocumentVersion).one()
        before = stored_files.report_missing(files())
        files().delete(document)

        with caplog.at_level(logging.ERROR):
            after = stored_files.report_missing(files())

    assert (before, after) == (0, 1)
    assert caplog.messages == [f"the file {document} of document_version {version.id} is missing"]


@pytest.mark.one_database("sqlite")
def test_a_file_that_comes_while_the_store_is_read_is_not_called_missing(app, document):
    class Before:
        """The store as it was before the file came."""

        stored = staticmethod(list)
        get = staticmethod(lambda key: files().get(key))

    with app.app_context():
        assert stored_files.missing_files(Before()) == []


def test_the_days_work_tells_of_both_and_no_job_of_it_fails(app, document):
    with app.app_context():
        files().put("documents/ab/alone", b"alone")
        with clock.at(clock.now() + timedelta(hours=2)):
            results = daily(content(), at=clock.now())

    assert [one.name for one in results if one.fault] == []
    done = {one.name: one.count for one in results}
    names = ("stored files without a record deleted", "records whose file is missing")
    assert [done[name] for name in names] == [1, 0]
    assert done["unfinished uploads deleted"] == 0


@pytest.mark.one_database("sqlite")
def test_an_s3_store_is_swept_the_same(app, document, bucket):
    with app.app_context(), unit_of_work():
        bucket.put(document, b"policy")
        bucket.put("uploads/one/alone", b"alone")

        removed = stored_files.remove_orphans(bucket, at=clock.now() + timedelta(hours=2))

        assert removed == 1
        assert [one.key for one in bucket.stored()] == [document]
        assert stored_files.report_missing(bucket) == 0
        bucket.delete(document)


def test_a_store_that_is_not_the_one_of_the_rows_is_noticed(app, document):
    with app.app_context():
        whole = missing_of_sample(files())
        files().delete(document)
        gone = missing_of_sample(files())
        (told,) = of_work._stored_files()

    assert whole[0] == 0
    assert gone == (1, whole[1])
    assert told.said == "Of 1 file tried, 1 is missing."
