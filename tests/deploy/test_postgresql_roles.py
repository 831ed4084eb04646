"""The role that the application works with on PostgreSQL: enough for all its work, and for nothing that hides a trace."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from cissapp import create_app
from cissapp.certify.certificates.queries import register_checks
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import files
from cissapp.operate.operations.queries.of_database import APPEND_ONLY
from config import ROOT
from tests import factories
from tests.client import Client
from tests.operate.winddown.filling import closed, few

ROLES = (ROOT / "deploy" / "postgresql-roles.sql").read_text(encoding="utf-8")
ONLY_ADDED_TO = {
    "acknowledgement",
    "amendment",
    "audit_entry",
    "audit_seal",
    "certificate",
    "checkpoint",
    "cosignature",
    "decision",
    "log_leaf",
    "log_node",
    "publication",
    "register_entry",
    "removal",
}
MAY = """SELECT c.relname FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND has_table_privilege('ciss_app', c.oid, :right) ORDER BY c.relname"""


@pytest.fixture
def owner(app: Flask) -> Iterator[Engine]:
    """The database as its owner sees it, with the roles that `deploy/` makes."""
    engine = create_engine(app.config["CISS"].database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for _time in range(2):  # it may be repeated
            connection.connection.driver_connection.execute(ROLES)
    yield engine
    with engine.connect() as connection:
        for role in ("ciss_app", "ciss_owner"):
            connection.exec_driver_sql(f"DROP OWNED BY {role} CASCADE")
            connection.exec_driver_sql(f"DROP ROLE {role}")
        connection.exec_driver_sql("GRANT ALL ON SCHEMA public TO PUBLIC")
    engine.dispose()


@pytest.fixture
def as_app(app: Flask, owner: Engine) -> Iterator[Flask]:
    """The application, signed in to the database as the role without rights over the schema."""
    url = app.config["CISS"].database_url.replace("://postgres@", "://ciss_app@")
    if "ciss_app@" not in url:
        pytest.skip("this server wants a password of each role")
    other = create_app(replace(app.config["CISS"], database_url=url))
    other.test_client_class = Client
    factories.bind(other)
    yield other
    closed(other)


@pytest.mark.only_on("postgresql")
def test_the_application_works_with_it_and_cannot_hide_what_it_did(as_app, owner):
    few(as_app)

    with as_app.app_context():
        assert register_checks.first_fault(files()) is None
    assert as_app.test_client().get("/register").status_code == 200
    with owner.connect() as connection:
        may_change = {*connection.execute(text(MAY), {"right": "UPDATE"}).scalars()}
        may_remove = {*connection.execute(text(MAY), {"right": "DELETE"}).scalars()}
        everything = {*connection.execute(text(MAY), {"right": "SELECT"}).scalars()}
    assert everything - may_change - may_remove >= ONLY_ADDED_TO
    assert (
        "submission" in may_change - may_remove
    )  # a text is replaced where something was taken out
    assert {"school", "person", "mail", "draft"} <= may_change & may_remove
    # `ciss doctor` asks the same, as whoever the service is.
    with as_app.app_context():
        assert list(session.scalars(APPEND_ONLY)) == []
    with owner.connect() as connection:
        assert {*connection.execute(APPEND_ONLY).scalars()} >= ONLY_ADDED_TO
    assert "alembic_version" not in may_change | may_remove
    for statement in (
        *(f"UPDATE {table} SET {column}" for table, column in CHANGES.items()),
        *(f"DELETE FROM {table}" for table in CHANGES),
        *(f"TRUNCATE {table} CASCADE" for table in CHANGES),
        *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in CHANGES),
        "SET session_replication_role = replica",
        "DROP TABLE audit_entry CASCADE",
        "CREATE TABLE own (id int)",
        "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = '0001'",
        "SET ROLE ciss_owner",
        "COPY audit_entry TO PROGRAM 'cat'",
    ):
        assert refused(as_app, statement), statement


CHANGES = {
    "audit_entry": "event = 'x'",
    "audit_seal": "hash = 'x'",
    "register_entry": "reason = 'x'",
    "log_leaf": "number = 'x'",
    "checkpoint": "note = 'x'",
    "certificate": "level = 3",
}


def refused(app: Flask, statement: str) -> bool:
    engine = create_engine(app.config["CISS"].database_url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except ProgrammingError as error:
        return isinstance(error.orig, InsufficientPrivilege)
    finally:
        engine.dispose()
    return False
