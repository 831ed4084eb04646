"""Tables of the toolkit: what a school answered for a product, and which document a product became."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model


class ProductAnswer(Model):
    """The answers of a school to the fields of a product, by field; possibly incomplete."""

    __tablename__ = "product_answer"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[UUID]

    @property
    def id(self) -> str:
        """The school and the product, under the name that the audit trail asks for."""
        return f"{self.school_id}/{self.product_id}"


class ProductDocument(Model):
    """The document that a product became in a language; making it again adds a version."""

    __tablename__ = "product_document"

    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), index=True)
