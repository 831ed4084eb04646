"""Writes of the toolkit: answers, products that were made, products that become documents."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import delete

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.storage import FileStore
from cissapp.people.schools.models import School
from cissapp.prepare.assessment import queries as assessment_queries
from cissapp.prepare.assessment import services as assessment
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.documents.rules.files import UploadedFile
from cissapp.prepare.documents.uploads.services import NewDocument, take_document
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.facts.services import record_paper
from cissapp.prepare.toolkit import queries
from cissapp.prepare.toolkit.models import ProductAnswer, ProductDocument
from cissapp.prepare.toolkit.rules.answers import fitting
from cissapp.prepare.toolkit.rules.making import evidence_of


def save_answers(
    school: School, product: Product, given: Mapping[str, object], *, by: Actor, at: datetime
) -> None:
    """Save a school's answers for a product, even incomplete ones; do nothing if they are the same."""
    lock(f"made-paper-{school.id}")  # the lock of `record_paper`, which may follow or come before
    answers = fitting(product.key.fields, given)
    row = queries.product_answer(school.id, product.id)
    if answers == (row.answers if row else {}):
        return
    if row is None:
        row = ProductAnswer(school_id=school.id, product_id=product.id)
        session.add(row)
    row.answers, row.saved_at = answers, at
    row.saved_by_id = by.id  # type: ignore[assignment] # the system answers for no school
    session.flush()
    record(
        Event.PRODUCT_ANSWERED,
        row,
        by=by,
        at=at,
        school_id=school.id,
        product=product.id,
        fields=sorted(answers),
    )


class MadeProduct(Struct, frozen=True):
    """A product made in a language, and the school's facts in it."""

    product: Product
    language: str
    facts: Mapping[str, str]


def record_made(school: School, made: MadeProduct, *, by: Actor, at: datetime) -> None:
    """Record that a product was made as a file."""
    record_paper(
        school, PaperKind.PRODUCT, made.product.id, made.language, made.facts, by=by, at=at
    )


# --- as a document -----------------------------------------------------------------------------


def add_to_documents(
    school: School,
    made: MadeProduct,
    pdf: bytes,
    *,
    clamd_url: str,
    store: FileStore,
    by: Actor,
    at: datetime,
) -> tuple[Document, list[str]]:
    """Save a product as a document or its next version; return the criteria that cite it as evidence.

    Nothing may have been written before: the file is scanned outside the transaction.
    """
    product = made.product
    known = queries.product_documents(school.id, product.id).get(made.language)
    title, code = product.text(made.language).title, evidence_of(product.key) or ""
    target = (known and document_queries.document(known)) or NewDocument(school, title, code)
    document, _file = take_document(
        target,
        UploadedFile(pdf, f"{product.id}.pdf"),
        clamd_url=clamd_url,
        store=store,
        by=by,
        at=at,
    )
    if known is None:
        # A colleague may have just added it too: then the newer document is the product's.
        session.merge(
            ProductDocument(
                school_id=school.id,
                product_id=product.id,
                language=made.language,
                document_id=document.id,
            )
        )
    record_paper(
        school,
        PaperKind.PRODUCT,
        product.id,
        made.language,
        made.facts,
        version_id=document_queries.versions(document.id)[-1].id,
        by=by,
        at=at,
    )
    return document, _name_as_evidence(school, product, document, by=by, at=at)


def _name_as_evidence(
    school: School, product: Product, document: Document, *, by: Actor, at: datetime
) -> list[str]:
    """Cite a document at scored criteria of its product that have none; return those that cite it."""
    standard = assessment_queries.standard_to_answer(school.id, content())
    scores = assessment_queries.scores(school.id)
    opened = document_queries.open_criteria(school.id)
    bare = {}
    for criterion_id in product.key.criteria:
        row = scores.get(criterion_id)
        if row is None or row.level is None or row.document_ids:
            continue
        if criterion_id not in standard.by_id or not is_open(opened, criterion_id):
            continue
        # A document does not renew an answer that is outdated.
        if not assessment.is_outdated(row, school, at.date()):
            bare[criterion_id] = replace(
                assessment.facts_of(row), document_ids=frozenset({document.id})
            )
    if bare:
        assessment.save_scores(school, bare, standard=standard, by=by, at=at)
    unscored = [one for one in product.key.criteria if one in standard.by_id and one not in scores]
    parts = dict.fromkeys(standard.by_id[one].part for one in unscored)
    _offer_in_parts(school, [one for one in parts if is_open(opened, part=one)], document, by, at)
    return [
        one
        for one in product.key.criteria
        if one in bare or (one in scores and document.id in scores[one].document_ids)
    ]


def _offer_in_parts(
    school: School, parts: Sequence[str], document: Document, by: Actor, at: datetime
) -> None:
    """Add a document to those chosen for these parts, so that it is ticked at criteria not yet scored."""
    present = assessment_queries.part_evidence(school.id)
    for part in parts:
        if part in present:
            chosen = present[part] | {document.id}
            assessment.choose_part_evidence(school, part, chosen, by=by, at=at)


def forget_document(document: Document) -> None:
    """Delete the link from products to a document that is about to be deleted."""
    session.execute(delete(ProductDocument).where(ProductDocument.document_id == document.id))
