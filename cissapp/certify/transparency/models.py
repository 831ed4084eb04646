"""Tables of the public log. Triggers keep their rows append-only."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Counter, Model


class LogLeaf(Model):
    """An entry of the log: a row of the register behind a salt. Only `index` and `data` are public.

    `salt`, `data` and `hash` are hexadecimal. `number` is that of the certificate, which the event names too:
    it finds the entries of a certificate, whatever the register says.
    """

    __tablename__ = "log_leaf"
    __table_args__ = (CheckConstraint("leaf_index >= 0", name="from_zero"),)

    index: Mapped[int] = mapped_column(
        "leaf_index", BigInteger, primary_key=True, autoincrement=False
    )
    register_entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), unique=True)
    salt: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(index=True)
    event: Mapped[str]
    data: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class LogNode(Model):
    """The hash of a whole subtree, so that a proof needs a few rows and not all of them.

    It is over the `2 ** level` entries from `position * 2 ** level` on; level 0 is the entry itself.
    """

    __tablename__ = "log_node"
    __table_args__ = (CheckConstraint("level > 0", name="above_leaves"),)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str]


class Checkpoint(Model):
    """The log's signed statement about itself at a size; `note` has no cosignatures."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]

    cosignatures: Mapped[list["Cosignature"]] = relationship(
        order_by="Cosignature.id", lazy="selectin", back_populates="checkpoint"
    )


class Cosignature(Model):
    """The signature of a witness under a checkpoint: the line of the note, and the time it states."""

    __tablename__ = "cosignature"
    __table_args__ = (UniqueConstraint("size", "vkey"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    size: Mapped[int] = mapped_column(ForeignKey("checkpoint.size"))
    witness: Mapped[str]
    vkey: Mapped[str]
    line: Mapped[str]
    signed_at: Mapped[datetime]
    added_at: Mapped[datetime]

    checkpoint: Mapped[Checkpoint] = relationship(back_populates="cosignatures")
