"""Answers are kept, papers recorded, products become documents and evidence."""

import pytest

from cissapp.foundation.content.schema import LessonPiece
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.storage import files
from cissapp.prepare.applications.queries.pieces import made_pieces
from cissapp.prepare.applications.submission_content.evidence import gather_evidence
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.assessment import services as assess
from cissapp.prepare.assessment.rules import ScoreFacts
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.services import documents as document_services
from cissapp.prepare.documents.services.locks import lock_evidence
from cissapp.prepare.facts.queries.changes import papers_of
from cissapp.prepare.toolkit import queries, services
from cissapp.prepare.toolkit.services import MadeProduct
from tests.factories import NOW, pdf_of
from tests.prepare.acts import LATER, score, trail
from tests.prepare.toolkit.library import LOG, ORDER, toolkit
from tests.refusals import codes

pytestmark = pytest.mark.usefixtures("context")

MADE = MadeProduct(ORDER, "en", {"school.name": "Lyceum"})


def added(school, head, made=MADE, text="Order", at=NOW):
    session.commit()  # a file is examined outside the transaction, before the first write
    return services.add_to_documents(
        school, made, pdf_of(text), clamd_url="", store=files(), by=head, at=at
    )


def test_half_an_answer_is_kept_and_the_same_again_changes_nothing(school, head):
    services.save_answers(school, ORDER, {"hours": "4"}, by=head, at=NOW)
    services.save_answers(school, ORDER, {"hours": "4", "gone": "x"}, by=head, at=LATER)

    row = queries.product_answer(school.id, "order")
    assert (row.answers, row.saved_at, row.saved_by_id) == ({"hours": "4"}, NOW, head.id)
    services.save_answers(school, ORDER, {}, by=head, at=LATER)
    assert row.answers == {}
    assert [one for one in trail(school) if one[0] == "product.answered"] == [
        ("product.answered", {"product": "order", "fields": ["hours"]}),
        ("product.answered", {"product": "order", "fields": []}),
    ]
    assert set(queries.product_answers(school.id)) == {"order"}


def test_nothing_answered_leaves_no_row(school, head):
    services.save_answers(school, ORDER, {"hours": ""}, by=head, at=NOW)

    assert queries.product_answers(school.id) == {}


def test_what_was_made_is_known_by_its_language(school, head):
    services.record_made(school, MADE, by=head, at=NOW)
    services.record_made(school, MadeProduct(ORDER, "uk", {}), by=head, at=LATER)

    papers = queries.papers_of_product(school.id, "order")
    assert {one: row.facts for one, row in papers.items()} == {"en": dict(MADE.facts), "uk": {}}
    assert queries.made_products(school.id) == {"order": LATER}
    assert [one.language for one in papers_of(school.id)] == ["uk", "en"]


def test_made_again_it_gets_a_version_and_another_language_a_document(school, head):
    first, _ = added(school, head)
    again, _ = added(school, head, text="Order, anew", at=LATER)
    other, _ = added(school, head, MadeProduct(ORDER, "uk", {}), "Наказ")

    found = documents.documents(school.id)
    assert first is again
    assert [(one.title, one.evidence_code, one.newest.number) for one in found] == [
        ("Order", "ORD", 2),
        ("Наказ", "ORD", 1),
    ]
    known = queries.product_documents(school.id, "order")
    assert known == {"en": first.id, "uk": other.id}
    paper = queries.papers_of_product(school.id, "order")["en"]
    assert paper.version_id == documents.versions(first.id)[-1].id


@pytest.mark.one_database("sqlite")
def test_it_is_named_as_evidence_where_a_level_has_no_document(school, head):
    score(school, head, ScoreFacts(0, "x"), criterion_id="A3")
    policy, _ = added(school, head, MadeProduct(LOG, "en", {}), "Log")
    score(school, head, ScoreFacts(2, "x", "", frozenset({policy.id})), criterion_id="A8")

    document, named_at = added(school, head, at=LATER)

    assert named_at == ["A3"]
    scores = assessment.scores(school.id)
    assert {one: row.document_ids for one, row in scores.items()} == {
        "A3": {document.id},
        "A8": {policy.id},
    }


def test_where_no_level_is_chosen_it_is_suggested(app, school, head):
    with toolkit(app):
        document, named_at = added(school, head)

        assert named_at == []
        assert assessment.scores(school.id) == {}
        assert assessment.suggested_evidence(school.id, "A8") == (document.id, "")
        assert assessment.suggested_evidence(school.id, "A1") is None


def test_a_part_with_documents_of_its_own_offers_it_too(school, head):
    policy, _ = added(school, head, MadeProduct(LOG, "en", {}), "Log")
    assert assessment.part_evidence(school.id) == {}
    assess.choose_part_evidence(school, "A", {policy.id}, by=head, at=NOW)

    document, _ = added(school, head)

    assert assessment.part_evidence(school.id) == {"A": {policy.id, document.id}}


def test_what_was_submitted_takes_no_product(school, head):
    lock_evidence(school.id, open_criteria=[], at=NOW)

    with pytest.raises(Refused) as refused:
        added(school, head)

    assert codes(refused) == ["closed"]


def test_a_product_of_the_policy_s_kind_is_not_the_policy(school, head):
    added(school, head, MadeProduct(LOG, "en", {}), "Log")

    assert not gather_evidence(school.id).has_policy
    assert not made_pieces(school.id, LessonPiece.POLICY).policy


def test_a_document_that_goes_is_forgotten(school, head):
    document, _ = added(school, head)

    document_services.remove_draft(
        documents.versions(document.id)[0], store=files(), by=head, at=LATER
    )

    assert queries.product_documents(school.id, "order") == {}
    assert added(school, head, text="Order, anew")[0].id != document.id
