"""Writes of documents and of the lock: done once, recorded, refused when closed."""

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.storage import LocalStore
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.assessment.models import SelfEvidence
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries, services
from cissapp.prepare.documents.models import Document, DocumentVersion, EvidenceLock
from cissapp.prepare.documents.rules import VersionState
from cissapp.prepare.documents.rules.files import UploadedFile
from tests.factories import NOW
from tests.prepare.acts import EXAMINED, LATER, add, more, score, trail
from tests.refusals import codes


@pytest.fixture
def school(context, make):
    return make.school()


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


def stored(store):
    return sorted(path.read_bytes() for path in store.root.rglob("*") if path.is_file())


@pytest.mark.one_database("sqlite")
def test_a_document_is_kept_with_its_file_and_recorded(school, head, store):
    document = add(school, head, store, b"one", file_name="..\\secret/po\u202elicy.pdf")

    version = document.versions[0]
    sha256 = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    assert (
        document.school_id, document.title, document.evidence_code, document.created_by_id,
        version.school_id, version.number, version.state, version.file_name, version.media_type,
        version.size, version.sha256, version.text, version.uploaded_at, version.uploaded_by_id,
    ) == (
        school.id, "Safety policy", "POL", head.id,
        school.id, 1, VersionState.DRAFT, "policy.pdf", MediaType.PDF,
        3, sha256, EXAMINED.text, NOW, head.id,
    )  # fmt: skip
    assert store.get(version.file_key) == b"one"
    assert version.file_key.startswith("documents/")
    assert trail(school) == [("document.added", {"kind": "POL", "sha256": sha256, "size": 3})]


@pytest.mark.one_database("sqlite")
def test_the_same_content_is_not_kept_twice(school, head, store):
    first = add(school, head, store)

    with pytest.raises(Refused) as refused:
        add(school, head, store, title="Another title")

    problem = refused.value.problems[0]
    assert (problem.code, problem.message % problem.values, problem.link) == (
        "file",
        "You already have this file, as “Safety policy”. Nothing was added.",
        ("documents.document", {"document_id": first.id}),
    )
    assert stored(store) == [b"one"]
    assert [entry.title for entry in queries.documents(school.id)] == ["Safety policy"]


@pytest.mark.one_database("sqlite")
def test_another_school_may_have_the_same_content(school, head, store, make):
    add(school, head, store)
    other = make.school()

    add(other, make.manager(other), store)

    assert stored(store) == [b"one", b"one"]


def test_versions_are_counted_up_and_the_newest_is_not_repeated(school, head, store):
    document = add(school, head, store)

    second = more(document, head, store, b"two")

    assert (second.number, second.state, second.uploaded_at) == (2, VersionState.DRAFT, LATER)
    assert [version.number for version in document.versions] == [1, 2]
    with pytest.raises(Refused) as refused:
        more(document, head, store, b"two")
    assert codes(refused) == ["file"]
    assert more(document, head, store, b"one").number == 3
    assert [event for event, _facts in trail(school)] == [
        "document.added",
        "document.version_added",
        "document.version_added",
    ]


@pytest.mark.one_database("sqlite")
def test_there_is_a_limit_and_what_is_over_it_leaves_no_file(school, head, store):
    for number in range(40):
        document = add(school, head, store, str(number).encode())
    for number in range(19):
        more(document, head, store, f"v{number}".encode())

    with pytest.raises(Refused) as documents:
        add(school, head, store, b"one too many")
    with pytest.raises(Refused) as versions:
        more(document, head, store, b"one too many")

    assert (codes(documents), codes(versions)) == (["documents"], ["versions"])
    assert len(stored(store)) == 59


def test_a_store_that_fails_leaves_no_row(school, head, tmp_path):
    class Full(LocalStore):
        def put(self, key, content):
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        add(school, head, Full(tmp_path))

    assert queries.documents(school.id) == []


@pytest.mark.one_database("sqlite")
def test_a_draft_is_removed_with_its_file_once_the_change_is_kept(app, make, store):
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        document = add(school, head, store)
        version = more(document, head, store, b"two")
    with app.app_context(), unit_of_work():
        row = session.get(DocumentVersion, version.id)
        left = services.remove_draft(row, store=store, by=head, at=LATER)
        assert [one.number for one in left.versions] == [1]
        assert stored(store) == [b"one", b"two"]
    assert stored(store) == [b"one"]


def test_a_removal_that_is_not_kept_leaves_the_file(app, make, store):
    school = make.school()
    head = make.manager(school)
    with app.app_context(), unit_of_work():
        version = add(school, head, store).versions[0]

    def fail_later():
        with unit_of_work():
            row = session.get(DocumentVersion, version.id)
            services.remove_draft(row, store=store, by=head, at=LATER)
            raise RuntimeError("something fails later")

    with app.app_context(), pytest.raises(RuntimeError, match="later"):
        fail_later()

    assert stored(store) == [b"one"]


def test_with_its_last_draft_a_document_goes_and_is_evidence_no_longer(school, head, store):
    document = add(school, head, store)
    score(school, head, ScoreFacts(2, "text", document_ids=frozenset({document.id})))

    left = services.remove_draft(document.versions[0], store=store, by=head, at=LATER)

    assert left is None
    assert session.scalars(select(Document)).all() == []
    assert session.scalars(select(SelfEvidence)).all() == []
    event, facts = trail(school)[-1]
    assert (event, facts["document_removed"]) == ("document.draft_removed", True)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("state", sorted(set(VersionState) - {VersionState.DRAFT}))
def test_what_was_handed_in_is_not_removed(school, head, store, state):
    version = add(school, head, store).versions[0]
    version.state = state
    session.flush()

    with pytest.raises(Refused) as refused:
        services.remove_draft(version, store=store, by=head, at=LATER)

    assert codes(refused) == ["state"]
    assert stored(store) == [b"one"]


def test_a_document_that_a_colleague_removed_takes_no_version(school, head, store):
    document = add(school, head, store)
    services.remove_draft(document.versions[0], store=store, by=head, at=LATER)

    with pytest.raises(Missing):
        more(document, head, store, b"two")

    assert stored(store) == [b"one"]


def test_a_file_is_examined_outside_the_transaction(app, make):
    school = make.school()
    with app.app_context(), unit_of_work():
        sent = UploadedFile(make.pdf_of("Policy"), "policy.pdf")
        examined = services.check_file(school.id, sent, clamd_url="").examined
        assert not session().in_transaction()
        assert (examined.media_type, examined.text) == (MediaType.PDF, "Policy")

        with pytest.raises(Refused) as refused:
            services.check_file(school.id, UploadedFile(b"<html>", "policy.pdf"), clamd_url="")
        assert codes(refused) == ["file"]


def states(document):
    return [(version.number, version.state.value) for version in queries.versions(document.id)]


def test_the_newest_versions_are_frozen_accepted_and_replaced(school, head, store):
    policy, plan = add(school, head, store), add(school, head, store, b"plan", title="Plan")
    more(policy, head, store, b"two")

    frozen = services.freeze_versions(school.id, by=head, at=NOW)
    assert [(one.document_id, one.number) for one in frozen] == [(plan.id, 1), (policy.id, 2)]
    assert states(policy) == [(1, "draft"), (2, "submitted")]

    more(policy, head, store, b"three")
    again = services.freeze_versions(school.id, by=head, at=LATER)
    assert [one.number for one in again] == [1, 3]
    assert states(policy) == [(1, "draft"), (2, "submitted"), (3, "submitted")]

    services.accept_versions(again, by=head, at=LATER)
    assert states(policy) == [(1, "draft"), (2, "superseded"), (3, "accepted")]
    assert states(plan) == [(1, "accepted")]

    more(policy, head, store, b"four")
    renewed = services.freeze_versions(school.id, by=head, at=LATER)
    assert states(plan) == [(1, "accepted")]
    services.accept_versions(renewed, by=head, at=LATER)
    assert states(policy) == [(1, "draft"), (2, "superseded"), (3, "superseded"), (4, "accepted")]
    assert states(plan) == [(1, "accepted")]


def test_a_lock_is_set_changed_and_taken_away(school):
    assert queries.open_criteria(school.id) is None

    services.lock_evidence(school.id, open_criteria=[], at=NOW)
    services.lock_evidence(school.id, open_criteria=["A3"], at=LATER)
    assert queries.open_criteria(school.id) == ["A3"]
    assert session.get(EvidenceLock, school.id).locked_at == LATER

    services.unlock_evidence(school.id)
    services.unlock_evidence(school.id)
    assert queries.open_criteria(school.id) is None
