"""Reads of the toolkit."""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.prepare.toolkit.models import ProductAnswer, ProductDocument


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


def documents_of_products(school_id: UUID) -> frozenset[UUID]:
    """Return the documents of a school that are products: none of them is its safety policy."""
    query = select(ProductDocument.document_id).where(ProductDocument.school_id == school_id)
    return frozenset(session.scalars(query))
