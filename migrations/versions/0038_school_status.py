"""Where each school stood and since when, append-only; of the past what the trail and the register tell.

What cannot be known of the past: the region in which a school was before it moved (it counts in its present
one), a training that was done by people whose duty changed later (the last pass before the first application
counts), and the day on which `ciss daily` noticed an end (the calendar's day counts). Where the trail leads
elsewhere than the school stands today, the last row is of the moment of this migration.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

SCHOOLS = 500
EXPIRING_DAYS = 90
HANDED_IN = frozenset({"submitted", "in_review", "changes_requested", "decided"})
BEGINS = frozenset({"lesson.read", "attempt.started"})
MOVES = {
    "application.submitted": "submitted",
    "application.reopened": "submitted",
    "application.review_started": "in_review",
    "application.returned": "changes_requested",
    "application.question_asked": "changes_requested",
    "application.changes_requested": "changes_requested",
    "application.decided": "decided",
    "application.altered": "decided",
}
PREPARES = frozenset({"application.opened", "application.withdrawn"})
EVENTS = (*BEGINS, *MOVES, *PREPARES, "module.passed")


def columns(*names: str) -> list[Any]:
    kinds: dict[str, Any] = {"at": sa.DateTime(timezone=True), "on": sa.Date(), "id": sa.Uuid()}
    return [sa.column(name, kinds.get(name.rsplit("_", 1)[-1], sa.Text())) for name in names]


SCHOOL = sa.table(
    "school",
    *columns("id", "country_code", "region_code", "progress", "standing", "registered_at"),
    *columns("only_for_id"),
    sa.column("level", sa.Integer()),
)
ENTRY = sa.table("audit_entry", *columns("at", "event", "school_id"), sa.column("id", sa.Integer()))
CERTIFICATE = sa.table(
    "certificate",
    *columns("id", "school_id", "valid_from_on", "valid_until_on"),
    sa.column("level", sa.Integer()),
)
ROW = sa.table(
    "register_entry", *columns("at", "event", "certificate_id"), sa.column("id", sa.Integer())
)


class Certified(NamedTuple):
    """A certificate, and what happened to it."""

    level: int
    from_on: date
    until_on: date
    events: list[tuple[datetime, str]]


def upgrade() -> None:
    op.create_table(
        "school_status",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("country_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("progress", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_school_status_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_status")),
    )
    _fill()
    op.create_index(
        "ix_school_status_school_id_from_at", "school_status", ["school_id", "from_at", "id"]
    )
    _forbid_changes("school_status")


def downgrade() -> None:
    op.drop_table("school_status")


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _fill() -> None:
    """Write the past of all schools, some hundred at a time."""
    status = sa.table(
        "school_status",
        *columns("school_id", "from_at", "country_code", "region_code", "progress", "standing"),
        sa.column("level", sa.Integer()),
        sa.column("is_counted", sa.Boolean()),
    )
    connection, now = op.get_bind(), datetime.now(UTC)
    page = sa.select(SCHOOL).where(SCHOOL.c.only_for_id.is_(None)).order_by(SCHOOL.c.id)
    schools = connection.execute(page.limit(SCHOOLS)).all()
    while schools:
        ids = [school.id for school in schools]
        entries, certificates = _entries(connection, ids), _certificates(connection, ids)
        rows = [
            row
            for school in schools
            for row in past_of(
                school, entries.get(school.id, []), certificates.get(school.id, []), now
            )
        ]
        connection.execute(sa.insert(status), rows)
        schools = connection.execute(page.where(SCHOOL.c.id > ids[-1]).limit(SCHOOLS)).all()


def _entries(connection: sa.Connection, ids: list[Any]) -> dict[Any, list[tuple[datetime, str]]]:
    query = sa.select(ENTRY.c.school_id, ENTRY.c.at, ENTRY.c.event)
    query = query.where(ENTRY.c.school_id.in_(ids), ENTRY.c.event.in_(EVENTS))
    found: dict[Any, list[tuple[datetime, str]]] = {}
    for school_id, at, event in connection.execute(query.order_by(ENTRY.c.id)):
        found.setdefault(school_id, []).append((_utc(at), event))
    return found


def _certificates(connection: sa.Connection, ids: list[Any]) -> dict[Any, list[Certified]]:
    query = (
        sa.select(CERTIFICATE, ROW.c.at, ROW.c.event)
        .join(ROW, ROW.c.certificate_id == CERTIFICATE.c.id)
        .where(CERTIFICATE.c.school_id.in_(ids))
        .order_by(ROW.c.id)
    )
    found: dict[Any, dict[Any, Certified]] = {}
    for row in connection.execute(query):
        certificate = found.setdefault(row.school_id, {}).setdefault(
            row.id, Certified(row.level, row.valid_from_on, row.valid_until_on, [])
        )
        certificate.events.append((_utc(row.at), row.event))
    return {school_id: list(by_id.values()) for school_id, by_id in found.items()}


def past_of(
    school: Any,
    entries: list[tuple[datetime, str]],
    certificates: list[Certified],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """List the rows of a school: one for each change, and one of today where the past leads elsewhere."""
    begun = _utc(school.registered_at)
    changes: list[tuple[datetime, int, Any]] = [
        (max(at, begun), 0, progress) for at, progress in _progress(school, entries)
    ]
    moments = {moment for one in certificates for moment in _moments(one) if moment <= now}
    changes += [(max(at, begun), 1, _standing(certificates, at)) for at in sorted(moments)]
    changes.sort(key=lambda change: change[0])
    today = (school.progress, (school.standing, school.level))
    state: list[Any] = ["registered", ("none", None)]
    rows = [(begun, *state)]
    for at, part, value in changes:
        if state[part] != value:
            state[part] = value
            rows.append((at, *state))
    if tuple(state) != today:
        rows.append((max(now, begun), *today))
    for at, progress, (standing, level) in rows:
        yield {
            "school_id": school.id,
            "from_at": at,
            "country_code": school.country_code,
            "region_code": school.region_code,
            "progress": progress,
            "standing": standing,
            "level": level,
            "is_counted": True,
        }


def _progress(
    school: Any, entries: list[tuple[datetime, str]]
) -> Iterator[tuple[datetime, str]]:
    """List how the school moved, as the trail tells."""
    submitted = next((n for n, entry in enumerate(entries) if entry[1] in MOVES), len(entries))
    is_trained = submitted < len(entries) or school.progress not in {"registered", "in_training"}
    passes = [n for n, entry in enumerate(entries[:submitted]) if entry[1] == "module.passed"]
    trained = passes[-1] if passes and is_trained else None
    progress = "registered"
    for number, (at, event) in enumerate(entries):
        to = MOVES.get(event)
        if event in BEGINS and progress == "registered":
            to = "in_training"
        elif number == trained or (event in PREPARES and progress in HANDED_IN):
            to = "trained"
        if to:
            progress = to
            yield at, to


def _moments(certificate: Certified) -> Iterator[datetime]:
    """List when a certificate may have changed where its school stands."""
    yield from (at for at, _event in certificate.events)
    expiring_on = certificate.until_on - timedelta(days=EXPIRING_DAYS)
    for day in (certificate.from_on, expiring_on, certificate.until_on + timedelta(days=1)):
        yield datetime.combine(day, time(), UTC)


def _standing(certificates: list[Certified], at: datetime) -> tuple[str, int | None]:
    """Compute where the certificates put the school at a moment."""
    begun = [
        (one, [event for when, event in one.events if when <= at])
        for one in certificates
        if one.from_on <= at.date()
    ]
    counting = [(one, events) for one, events in begun if "issued" in events]
    if not counting:
        return "none", None
    current, events = max(counting, key=lambda pair: pair[0].from_on)
    if events[-1] in {"suspended", "withdrawn"}:
        return events[-1], current.level
    issued = [one for one in certificates if any(w <= at and e == "issued" for w, e in one.events)]
    until = max(one.until_on for one in issued)
    if at.date() > until:
        return "expired", current.level
    soon = at.date() >= until - timedelta(days=EXPIRING_DAYS)
    return ("expiring" if soon else "valid"), current.level


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
