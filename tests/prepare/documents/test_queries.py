"""Documents are read in a constant number of queries, and only in their place."""

from datetime import timedelta
from uuid import uuid4

from cissapp.foundation.core.db import session
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from tests.factories import NOW
from tests.statements import statements_sent


def document(school, by, title, versions=1):
    row = Document(
        school_id=school.id, title=title, evidence_code="POL", created_at=NOW, created_by_id=by.id
    )
    session.add(row)
    session.flush()
    for number in range(1, versions + 1):
        session.add(
            DocumentVersion(
                document_id=row.id,
                school_id=school.id,
                number=number,
                state=VersionState.DRAFT,
                file_key=uuid4().hex,
                file_name="policy.pdf",
                media_type=MediaType.PDF,
                size=3,
                sha256=f"{number:064}",
                text="x" * 1000,
                uploaded_at=NOW + timedelta(days=number),
                uploaded_by_id=by.id,
            )
        )
    session.flush()
    return row


def test_the_names_of_uploaders_come_in_one_query(context, make):
    school = make.school()
    head = make.manager(school, name="Ana")
    row = queries.document(document(school, head, "Policy", 3).id)

    with statements_sent() as sent:
        assert queries.uploaders(row.versions) == {head.id: "Ana"}

    assert len(sent) == 1


def test_a_version_is_found_only_in_its_document(context, make):
    school = make.school()
    head = make.manager(school)
    one, two = document(school, head, "One"), document(school, head, "Two")
    version = queries.versions(one.id)[0]

    assert queries.version(one.id, version.id) is version
    assert queries.version(two.id, version.id) is None
