"""The canonical text of a dossier: the same for the same dossier, whole when read, without people."""

import json
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.applications.models import Submission
from cissapp.prepare.applications.queries import newest_application
from cissapp.prepare.applications.submission_content.evidence import gather_evidence
from cissapp.prepare.applications.submission_content.reading import (
    parse_submission,
    read_submission,
)
from cissapp.prepare.applications.submission_content.values import (
    SubmittedAgreement,
    SubmittedChannel,
    SubmittedDocument,
    SubmittedEscalation,
    SubmittedFile,
    SubmittedMechanism,
    SubmittedPerson,
    SubmittedScore,
)
from cissapp.prepare.applications.submission_content.writing import sha256_of, write_submission
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.assessment.models import SelfEvidence
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.mechanism.rules import ChannelKind
from tests import factories
from tests.factories import NOW


def written(school: School, **values: Any) -> str:
    application = factories.application(school, round=1, cycle=3, **values)
    return write_submission(
        application,
        gather_evidence(school.id),
        rubric_version="1.0",
        signed_as=Duty.DEPUTY,
        at=NOW,
    )


def submission(content: str) -> Submission:
    return Submission(content=content, sha256=sha256_of(content))


@pytest.mark.one_database("sqlite")
def test_everything_of_a_dossier_comes_back(context):
    school = factories.school()
    head = factories.manager(school)
    document = factories.complete_dossier(school, head)
    version = documents.documents(school.id)[0].newest
    content = written(school, open_criteria=["A1", "B7"])

    found = read_submission(submission(content))

    assert (found.cycle, found.round, found.submitted_at) == (3, 1, NOW)
    assert (found.signed_as, found.rubric_version) == (Duty.DEPUTY, "1.0")
    assert (found.school.id, found.school.name) == (school.id, school.name)
    assert found.documents == (
        SubmittedDocument(
            document.id,
            "School safety policy",
            "POL",
            SubmittedFile(version.id, 1, version.sha256, "policy.pdf", 12_000, MediaType.PDF),
        ),
    )
    assert found.mechanism.agreed == SubmittedAgreement(
        crime_hours=24,
        answer_days=1,
        plan_days=3,
        confidentiality="Only those who must know learn of it.",
        no_retaliation="Nobody is punished for a report.",
        about_staff="Reports about the head go to the founder.",
        evidence_rule="Nobody looks at or copies such images.",
        never_handles_images=True,
    )
    assert set(found.mechanism.persons) == {
        SubmittedPerson(office, "room 7", "9-15", is_head=False, trained=True, alternate=False)
        for office in ("Psychologist", "Class teacher of 9b")
    }
    assert set(found.mechanism.channels) == {
        SubmittedChannel(
            kind,
            f"A way to report: {kind}",
            "room 7",
            "9-15",
            in_holidays=holidays,
            anonymous=False,
        )
        for kind, holidays in [
            (ChannelKind.IN_PERSON, False),
            (ChannelKind.WRITTEN, False),
            (ChannelKind.OUTSIDE, True),
        ]
    }
    assert found.mechanism.steps == (SubmittedEscalation("Police", "at once", "112"),)
    assert len(found.scores) == 44
    assert found.score("C12") == SubmittedScore(
        level=2,
        not_applicable=False,
        text="How the school meets C12, in words of its own.",
        pages="page 1",
        evidence=(document.id,),
    )


@pytest.mark.one_database("sqlite")
def test_it_answers_by_criterion_and_by_version(context):
    school = factories.school()
    factories.complete_dossier(school, factories.manager(school))
    found = parse_submission(written(school, open_criteria=["A1"]))
    document = found.documents[0]

    assert found.documents_of("A1") == (document,)
    assert found.document(document.version.id) == document
    assert found.by_document_id == {document.id: document}
    assert (found.is_open("A1"), found.is_open("A2")) == (True, False)
    assert replace(found, open_criteria=None).is_open("A2")
    assert (found.score("Z9"), found.documents_of("Z9")) == (None, ())
    assert found.document(UUID(int=1)) is None


def test_a_school_that_says_nothing_gives_an_empty_dossier(context):
    found = parse_submission(written(factories.school()))

    assert (found.documents, found.scores, found.open_criteria) == ((), {}, None)
    assert found.mechanism == SubmittedMechanism(SubmittedAgreement(), (), (), ())


@pytest.mark.one_database("sqlite")
def test_the_text_is_canonical_and_the_same_each_time(context):
    school = factories.school()
    factories.complete_dossier(school, factories.manager(school))
    content = written(school)

    raw = json.loads(content)
    salt = raw["salt"]
    session.expire_all()
    application = newest_application(school.id)
    assert application
    again = write_submission(
        application,
        gather_evidence(school.id),
        rubric_version="1.0",
        signed_as=Duty.DEPUTY,
        at=NOW,
    )

    assert canonical(raw) == content
    assert again == content.replace(salt, json.loads(again)["salt"])
    assert salt not in again


@pytest.mark.one_database("sqlite")
def test_it_names_no_person_of_the_school(context):
    school = factories.school()
    head = factories.manager(school, name="Ana Testescu")
    factories.complete_dossier(school, head)

    content = written(school)

    assert "Testescu" not in content
    assert head.email not in content
    assert str(head.id) not in content


@pytest.mark.one_database("sqlite")
def test_evidence_that_is_no_document_of_the_school_is_left_out(context):
    school, other = factories.school(), factories.school()
    factories.complete_dossier(school, factories.manager(school))
    foreign = factories.complete_dossier(other, factories.manager(other))
    score = assessment.scores(school.id)["A1"]
    score.evidence.append(SelfEvidence(document_id=foreign.id))
    session.flush()

    found = parse_submission(written(school))

    assert [one.title for one in found.documents_of("A1")] == ["School safety policy"]
    assert len(found.score("A1").evidence) == 1  # type: ignore[union-attr]


def test_a_text_that_is_not_the_one_that_was_kept_is_not_read(context):
    content = written(factories.school())
    kept = submission(content)
    kept.content = content.replace('"round":1', '"round":2')

    with pytest.raises(ValueError, match="not the one that was kept"):
        read_submission(kept)


def test_another_format_is_not_guessed():
    content = canonical({"format": 2})

    with pytest.raises(ValueError, match="format 2"):
        read_submission(submission(content))
