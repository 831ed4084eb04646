"""Tables of credentials and status lists. Triggers keep their rows append-only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.credentials.rules.status_bits import PLACES, ListPurpose
from cissapp.foundation.core.db import Counter, Model, new_id

# The current edition of credentials.
EDITION = 2


class StatusList(Model):
    """A status list. Its bits are in no column: they follow from the register.

    `base_url` is the address that it was made under; a list keeps its address, and with it its issuer.
    """

    __tablename__ = "status_list"
    __table_args__ = (UniqueConstraint("purpose", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[ListPurpose]
    number: Mapped[int]
    base_url: Mapped[str]
    made_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """Its name in addresses, such as message-1."""
        return f"{self.purpose.value}-{self.number}"


class StatusSnapshot(Model):
    """A status list as signed at a certain time; the newest one is served."""

    __tablename__ = "status_snapshot"

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("status_list.id"), index=True)
    text: Mapped[str]
    bits_sha256: Mapped[str]
    key_id: Mapped[str]
    signed_at: Mapped[datetime]
    valid_until_at: Mapped[datetime]


class Credential(Model):
    """The credential of a certificate, in both forms, and its place in the status lists.

    Credentials of the first edition have places in two lists; since the second it is one place in one list.
    The older credential stays beside the newer one, so that its holder can still have it checked.
    """

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("certificate_id", "edition"),
        UniqueConstraint("revocation_list_id", "revocation_index"),
        UniqueConstraint("suspension_list_id", "suspension_index"),
        UniqueConstraint("status_list_id", "status_index"),
        # The place of a certificate in a list, without reading its credential, which is long.
        Index("ix_credential_place", "certificate_id", "status_list_id", "status_index"),
        CheckConstraint(
            f"status_index >= {PLACES[ListPurpose.MESSAGE].start} AND status_index < {PLACES[ListPurpose.MESSAGE].stop}",
            name="status_index_in_list",
        ),
        CheckConstraint(
            f"revocation_index >= 0 AND revocation_index < {PLACES[ListPurpose.REVOCATION].stop}"
            f" AND suspension_index >= 0 AND suspension_index < {PLACES[ListPurpose.SUSPENSION].stop}",
            name="index_in_list",
        ),
        CheckConstraint(
            "(edition = 1 AND status_list_id IS NULL AND status_index IS NULL"
            " AND revocation_list_id IS NOT NULL AND revocation_index IS NOT NULL"
            " AND suspension_list_id IS NOT NULL AND suspension_index IS NOT NULL)"
            " OR (edition = 2 AND status_list_id IS NOT NULL AND status_index IS NOT NULL"
            " AND revocation_list_id IS NULL AND revocation_index IS NULL"
            " AND suspension_list_id IS NULL AND suspension_index IS NULL)",
            name="places_of_edition",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificate.id"))
    edition: Mapped[int] = mapped_column(default=EDITION, server_default="1")
    text: Mapped[str]
    jwt: Mapped[str]
    key_id: Mapped[str]
    revocation_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("status_list.id"))
    revocation_index: Mapped[int | None]
    suspension_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("status_list.id"))
    suspension_index: Mapped[int | None]
    status_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int | None]
    made_at: Mapped[datetime]

    certificate: Mapped[Certificate] = relationship(lazy="joined")
