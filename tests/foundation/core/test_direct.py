"""What is written out once and sent as it is finds and changes what SQLAlchemy itself would, on both databases."""

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Enum,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from cissapp.foundation.core.engines import direct
from cissapp.foundation.core.engines.moments import UtcDateTime


class Mark(StrEnum):
    """A word of a fixed set."""

    GOOD = "good"


THINGS = Table(
    "thing",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("at", UtcDateTime),
    Column("day", Date),
    Column("mark", Enum(Mark, native_enum=False, values_callable=lambda kind: [*kind])),
    Column("listed", JSON),
    Column("many", BigInteger),
    Column("share", Numeric(5, 2)),
    Column("so", Boolean),
    Column("words", Text),
)
FILLED_IN = Table(
    "filled", MetaData(), Column("id", Text), Column("a", Text, default="x", onupdate="y")
)
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
ROW = {
    "id": FIRST,
    "at": datetime(2026, 11, 28, 12, 30, tzinfo=UTC),
    "day": date(2026, 11, 28),
    "mark": Mark.GOOD,
    "listed": ["a", {"b": None}],
    "many": 2**40,
    "share": 1,
    "so": True,
    "words": '100 % of "it\'s" ș',
}
EMPTY = {**dict.fromkeys(ROW), "id": SECOND}
ADD = insert(THINGS).values({column.key: bindparam(column.key) for column in THINGS.c})
ALL = select(THINGS, func.count(THINGS.c.id).over(), (THINGS.c.words + " %").label("more"))
FOUND = ALL.where(THINGS.c.id == bindparam("id"), THINGS.c.mark == Mark.GOOD)
CHANGE = update(THINGS).values(words=bindparam("said")).where(THINGS.c.so.is_(None))
RETURNED = CHANGE.returning(THINGS.c.id, THINGS.c.words)


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request):
    address = "sqlite://"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres")("postgres")
    engine = create_engine(address, hide_parameters=True)
    with engine.connect() as found:
        THINGS.metadata.create_all(found)
        direct.ask(found, ADD, ROW)
        direct.ask(found, ADD, EMPTY)
        yield found
        found.rollback()
    engine.dispose()


def test_rows_are_what_sqlalchemy_finds(connection):
    for statement, values in ((ALL, {}), (FOUND, {"id": FIRST}), (FOUND, {"id": SECOND})):
        found, _changed = direct.ask(connection, statement, values)

        assert found == [tuple(row) for row in connection.execute(statement, values)]
        assert [[type(one) for one in row] for row in found] == [
            [type(one) for one in row] for row in connection.execute(statement, values)
        ]


def test_what_was_changed_is_counted_and_returned(connection):
    assert direct.ask(connection, CHANGE, {"said": "x"}) == ([], 1)
    assert direct.ask(connection, RETURNED, {"said": "y"})[0] == [(SECOND, "y")]
    assert connection.scalars(select(THINGS.c.words).order_by(THINGS.c.id)).all() == [
        ROW["words"],
        "y",
    ]


def test_a_statement_that_was_run_before_is_run_with_its_own_values_and_rows(connection):
    mixed = select(THINGS.c.words, bindparam("more", type_=JSON())).where(
        THINGS.c.id == bindparam("id")
    )
    found = [
        direct.ask(connection, mixed, {"id": thing, "more": more})[0]
        for thing, more in ((FIRST, [1]), (SECOND, None), (FIRST, {"a": "ș"}))
    ]

    assert found == [[(ROW["words"], [1])], [(None, None)], [(ROW["words"], {"a": "ș"})]]


def test_what_was_refused_can_be_asked_again(connection):
    with pytest.raises(IntegrityError), connection.begin_nested():
        direct.ask(connection, ADD, ROW)

    assert direct.ask(connection, ADD, {**ROW, "id": THIRD}) == ([], 1)


def test_a_cursor_is_kept_with_its_connection_unless_it_holds_many_rows(postgres):
    engine = create_engine(postgres("postgres"), pool_size=1)
    statement = select(func.generate_series(1, bindparam("rows", type_=BigInteger())))
    kept = []
    for rows in (2, direct.FEW_ROWS, direct.FEW_ROWS + 1, 2):
        with engine.connect() as connection:
            found, _changed = direct.ask(connection, statement, {"rows": rows})
            assert found == [(number,) for number in range(1, rows + 1)]
            kept.append(list(connection.info[direct.CURSORS].values()))

    assert [len(cursors) for cursors in kept] == [1, 1, 0, 1]
    assert kept[1] == kept[0] != kept[3]
    engine.dispose()


def test_a_value_that_is_missing_is_named(connection):
    with pytest.raises(KeyError, match="id"):
        direct.ask(connection, FOUND, {})


@pytest.mark.parametrize(
    "statement",
    [
        insert(FILLED_IN).values(id="1"),
        update(FILLED_IN).values(id="1"),
        select(FILLED_IN).where(FILLED_IN.c.id.in_(["1", "2"])),
    ],
)
def test_a_default_or_a_list_of_values_is_not_lost_but_refused(connection, statement):
    with pytest.raises(ValueError, match="has no place"):
        direct.ask(connection, statement, {})


def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(connection):
    with pytest.raises(IntegrityError) as told:
        direct.ask(connection, ADD, ROW)

    assert ROW["words"] not in str(told.value)


def test_what_fails_while_rows_are_fetched_is_told_so_too(connection):
    direct.ask(connection, update(THINGS).values(many=-(2**63)).where(THINGS.c.so.is_(None)), {})

    with pytest.raises(DBAPIError):
        direct.ask(connection, select(func.abs(THINGS.c.many)), {})


def test_who_listens_for_statements_hears_of_them(connection):
    heard = []
    event.listen(connection.engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    direct.ask(connection, FOUND, {"id": FIRST})

    assert len(heard) == 1
    assert heard[0].startswith("SELECT")


def test_a_connection_that_the_driver_knows_to_be_closed_is_forgotten_too(postgres):
    engine = create_engine(postgres("postgres"))
    with engine.connect() as lost:
        lost.connection.dbapi_connection.close()
        with pytest.raises(DBAPIError) as told:
            direct.ask(lost, select(func.pg_backend_pid()), {})

    assert told.value.connection_invalidated
    engine.dispose()


def test_a_connection_that_was_lost_is_forgotten_by_the_pool(postgres):
    engine, beside = (create_engine(postgres("postgres"), pool_size=1) for _ in range(2))
    ask_who = select(func.pg_backend_pid())
    with engine.connect() as lost:
        ((number,),) = direct.ask(lost, ask_who, {})[0]
        with beside.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        with pytest.raises(DBAPIError) as told:
            direct.ask(lost, ask_who, {})
    with engine.connect() as new:
        ((after,),) = direct.ask(new, ask_who, {})[0]

    assert (told.value.connection_invalidated, after == number) == (True, False)
    engine.dispose()
    beside.dispose()
