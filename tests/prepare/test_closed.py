"""What is closed refuses every write of documents, mechanism and self-assessment."""

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import LocalStore
from cissapp.people.schools.rules import Progress
from cissapp.prepare.assessment import services as assessment
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.mechanism import services as mechanism
from cissapp.prepare.mechanism.models import ReportingPerson
from cissapp.prepare.mechanism.rules.parts import EscalationFacts, PersonFacts
from tests.factories import NOW
from tests.prepare.acts import LIMITS, PERSON, add, more, score


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")


def attempts(school, head, store, document, row):
    """Every write of the dossier, by name."""
    return {
        "examine": lambda: documents.check_file(school.id, UploadedFile(b"", ""), clamd_url=""),
        "document": lambda: add(school, head, store, b"new"),
        "version": lambda: more(document, head, store, b"newer"),
        "draft": lambda: documents.remove_draft(document.versions[0], store=store, by=head, at=NOW),
        "add": lambda: mechanism.add_entry(school, EscalationFacts("a", "b", "c"), by=head, at=NOW),
        "change": lambda: mechanism.change_entry(row, PersonFacts("x", "y", "z"), by=head, at=NOW),
        "remove": lambda: mechanism.remove_entry(row, by=head, at=NOW),
        "limits": lambda: mechanism.save_mechanism(school, LIMITS, by=head, at=NOW),
        "part": lambda: assessment.choose_part_evidence(
            school, "A", [document.id], by=head, at=NOW
        ),
        "A4": lambda: score(school, head, ScoreFacts(1)),
        "B6": lambda: score(school, head, ScoreFacts(1), criterion_id="B6"),
    }


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("open_criteria", "closed"),
    [
        (
            [],
            {
                "examine",
                "document",
                "version",
                "draft",
                "add",
                "change",
                "remove",
                "limits",
                "part",
                "A4",
                "B6",
            },
        ),
        (["A4"], {"add", "change", "remove", "limits", "B6"}),
        (["B6"], {"part", "A4"}),
    ],
)
def test_what_is_closed_refuses_every_write(app, make, store, open_criteria, closed):
    assert refusing(app, make, store, make.school(), open_criteria) == closed


def test_after_a_certificate_only_the_answers_stay_closed(app, make, store):
    school = make.school(progress=Progress.DECIDED)

    assert refusing(app, make, store, school, []) == {"part", "A4", "B6"}


def refusing(app, make, store, school, open_criteria):
    """Try every write of a locked school; give the names of those that are refused."""
    head = make.manager(school)
    refused_ones = set()
    with app.app_context(), unit_of_work():
        document = add(school, head, store)
        row = mechanism.add_entry(school, PERSON, by=head, at=NOW)
        documents.lock_evidence(school.id, open_criteria=open_criteria, at=NOW)
    with app.app_context():
        document = session.get(Document, document.id)
        row = session.get(ReportingPerson, row.id)
        for name, attempt in attempts(school, head, store, document, row).items():
            try:
                with unit_of_work():
                    attempt()
                    session.rollback()
            except Refused as refused:
                if [problem.code for problem in refused.problems] == ["closed"]:
                    refused_ones.add(name)
    return refused_ones
