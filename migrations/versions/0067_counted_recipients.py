"""Keep with a message how many recipients it has, and to how many it went: its page counted up to all of a country."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

NUMBERS = ("people", "schools", "queued")
MESSAGE = sa.table(
    "message",
    sa.column("id"),
    *(sa.column(name, sa.Integer) for name in NUMBERS),
    sa.column("readers", sa.JSON),
)
RECIPIENT = sa.table(
    "message_recipient",
    sa.column("message_id"),
    sa.column("user_id"),
    sa.column("school_id"),
    sa.column("queued_at"),
)
PERSON = sa.table("person", sa.column("id"), sa.column("language", sa.Text))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    for name in NUMBERS:
        op.add_column("message", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("message", sa.Column("readers", sa.JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("message") as batch:
        for name in (*NUMBERS, "readers"):
            batch.alter_column(name, server_default=None)
    _count()


def _count() -> None:
    """Count the recipients that there are, one message after another."""
    connection = op.get_bind()
    numbers = sa.select(
        sa.func.count(),
        sa.func.count(RECIPIENT.c.school_id.distinct()),
        sa.func.count(RECIPIENT.c.queued_at),
    ).select_from(RECIPIENT)
    reading = (
        sa.select(PERSON.c.language, sa.func.count())
        .join_from(RECIPIENT, PERSON, PERSON.c.id == RECIPIENT.c.user_id)
        .group_by(PERSON.c.language)
    )
    for message_id in list(connection.scalars(sa.select(MESSAGE.c.id))):
        of = RECIPIENT.c.message_id == message_id
        people, schools, queued = connection.execute(numbers.where(of)).one()
        readers = {language: count for language, count in connection.execute(reading.where(of))}
        connection.execute(
            sa.update(MESSAGE)
            .where(MESSAGE.c.id == message_id)
            .values(people=people, schools=schools, queued=queued, readers=readers)
        )


def downgrade() -> None:
    for name in (*NUMBERS, "readers"):
        op.drop_column("message", name)
