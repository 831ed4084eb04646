"""The dossier: everything that a school shows, in a constant number of queries."""

import pytest

from cissapp.foundation.core.db import session
from cissapp.prepare.applications.submission_content.evidence import gather_evidence
from cissapp.prepare.assessment.models import SelfEvidence, SelfScore
from tests.factories import NOW
from tests.prepare.documents.test_queries import document
from tests.statements import statements_sent


def score(school, by, criterion_id, *documents):
    session.add(
        SelfScore(
            school_id=school.id,
            criterion_id=criterion_id,
            level=2,
            text="text",
            pages="",
            saved_at=NOW,
            saved_by_id=by.id,
            evidence=[SelfEvidence(document_id=one.id) for one in documents],
        )
    )
    session.flush()


def read(school):
    """Read the whole dossier as a page does; give how many statements it took."""
    session.expunge_all()
    with statements_sent() as sent:
        dossier = gather_evidence(school.id)
        assert all(one.newest.sha256 for one in dossier.documents)
        assert all(one.document_ids is not None for one in dossier.scores.values())
    return dossier, len(sent)


def test_a_dossier_takes_as_many_queries_with_one_row_as_with_three(context, make):
    small, large = make.school(), make.school()
    one, three = make.manager(small), make.manager(large)
    score(small, one, "A1", document(small, one, "Policy"))
    for number, criterion_id in enumerate(("A1", "B1", "C1"), 1):
        score(large, three, criterion_id, document(large, three, f"Paper {number}", number))

    little, few = read(small)
    much, many = read(large)

    assert few == many
    assert [(one.title, one.newest.number) for one in little.documents] == [("Policy", 1)]
    assert [(one.title, one.newest.number) for one in much.documents] == [
        ("Paper 1", 1),
        ("Paper 2", 2),
        ("Paper 3", 3),
    ]
    assert {one: much.scores[one].document_ids for one in much.scores} == {
        criterion_id: frozenset({entry.id})
        for criterion_id, entry in zip(("A1", "B1", "C1"), much.documents, strict=True)
    }


@pytest.mark.one_database("sqlite")
def test_a_dossier_holds_only_what_is_the_schools_own(context, make):
    school, other = make.school(), make.school()
    make.complete_dossier(school, make.manager(school))
    make.complete_dossier(other, make.manager(other))

    found = gather_evidence(school.id)

    assert len(found.documents) == 1
    assert found.document_ids == {found.documents[0].id}
    rows = [found.mechanism, *found.persons, *found.channels, *found.steps]
    assert {row.school_id for row in rows} == {school.id}
    shown = {one for score in found.scores.values() for one in score.document_ids}
    assert shown == found.document_ids
    assert (len(found.persons), len(found.channels), len(found.steps), len(found.scores)) == (
        2, 3, 1, 44,
    )  # fmt: skip


def test_an_empty_dossier_is_empty(context, make):
    found = gather_evidence(make.school().id)

    assert (found.documents, found.mechanism, found.persons, found.scores) == ((), None, (), {})
