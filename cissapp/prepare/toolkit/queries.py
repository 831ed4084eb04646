"""Reads of the toolkit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.bulk.rows import read_rows
from cissapp.foundation.core.db import session
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.toolkit.models import ProductAnswer, ProductDocument

# The evidence code of the safety policy.
POLICY = "POL"


def product_answer(school_id: UUID, product_id: str) -> ProductAnswer | None:
    """Find what a school answered for a product."""
    return session.get(ProductAnswer, (school_id, product_id))


def product_answers(school_id: UUID) -> dict[str, ProductAnswer]:
    """Return what a school answered, by product."""
    rows = session.scalars(select(ProductAnswer).where(ProductAnswer.school_id == school_id))
    return {row.product_id: row for row in rows}


def product_documents(school_id: UUID, product_id: str) -> dict[str, UUID]:
    """Return the documents that a product became, by language."""
    rows = session.scalars(
        select(ProductDocument).where(
            ProductDocument.school_id == school_id, ProductDocument.product_id == product_id
        )
    )
    return {row.language: row.document_id for row in rows}


# Runs for the first page of a school and many others, so it is built once.
_PRODUCTS = select(ProductDocument.document_id).where(
    ProductDocument.school_id == bindparam("school_id")
)


def documents_of_products(school_id: UUID) -> frozenset[UUID]:
    """Return the documents of a school that are products: none of them is its safety policy."""
    return frozenset(row[0] for row in read_rows(_PRODUCTS, {"school_id": school_id}))


def has_own_policy(school_id: UUID) -> bool:
    """Check whether a school uploaded a safety policy that is not one of the products."""
    known = documents_of_products(school_id)
    found = document_queries.documents(school_id)
    return any(one.evidence_code == POLICY and one.id not in known for one in found)


# Executed for every lesson, so it is built only once.
_MADE = (
    select(MadePaper.name, func.max(MadePaper.made_at))
    .where(MadePaper.school_id == bindparam("school_id"), MadePaper.kind == PaperKind.PRODUCT)
    .group_by(MadePaper.name)
)


def made_products(school_id: UUID) -> dict[str, datetime]:
    """Return when each product was last made, by product, without those never made."""
    return dict(read_rows(_MADE, {"school_id": school_id}))


def papers_of_product(school_id: UUID, product_id: str) -> dict[str, MadePaper]:
    """Return the papers that were made of a product, by language."""
    query = select(MadePaper).where(
        MadePaper.school_id == school_id,
        MadePaper.kind == PaperKind.PRODUCT,
        MadePaper.name == product_id,
    )
    return {row.language: row for row in session.scalars(query)}


def suggested_evidence(school_id: UUID, *, criterion_id: str) -> tuple[UUID, str] | None:
    """Return the document of a product that supports a criterion, to suggest as evidence; no pages."""
    query = select(ProductDocument).where(ProductDocument.school_id == school_id)
    known = content().toolkit.product_by_id
    for row in session.scalars(
        query.order_by(ProductDocument.product_id, ProductDocument.language)
    ):
        if row.product_id in known and criterion_id in known[row.product_id].key.criteria:
            return row.document_id, ""
    return None
