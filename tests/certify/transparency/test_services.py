"""The log in the database: entries follow the register, checkpoints follow the entries."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.transparency import queries, services
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.checking.database import fault_in_database
from cissapp.certify.transparency.models import Checkpoint, Cosignature, LogLeaf
from cissapp.certify.transparency.rules import merkle, notes
from cissapp.certify.transparency.rules.entries import LOGGED, commitment
from cissapp.certify.transparency.rules.notes import KeyKind, Verifier
from cissapp.certify.transparency.services import entries
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from tests import factories
from tests.factories import NOW
from tests.statements import statements_sent

TABLES = ("log_leaf", "log_node", "checkpoint", "cosignature")
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
NAME = "ministry.example/witness"


def witness_key() -> Verifier:
    return Verifier(NAME, KeyKind.COSIGNATURE, WITNESS.public_key().public_bytes_raw())


def keys_dir(app):
    return app.config["CISS"].keys_dir


def change(app, certificate: Certificate, what: str, days: int) -> None:
    """Suspend, reinstate or withdraw a certificate."""
    more = {"suspend": {"cure_days": 30}}
    with app.app_context(), unit_of_work():
        getattr(certificates, what)(
            session.get(Certificate, certificate.id),
            reason="The line for reports was cut.",
            by=SYSTEM,
            at=NOW + timedelta(days=days),
            **more.get(what, {}),
        )


def a_life(app) -> list[Certificate]:
    """Two certificates; the first is suspended, reinstated and withdrawn."""
    first, second = factories.certified(), factories.certified()
    for days, what in enumerate(("suspend", "reinstate", "withdraw"), 1):
        change(app, first, what, days)
    return [first, second]


def five_events(app, count: int = 5) -> Certificate:
    """One certificate that is suspended and reinstated, until so many events are there."""
    certificate = factories.certified()
    for days in range(1, count):
        change(app, certificate, "suspend" if days % 2 else "reinstate", days)
    return certificate


def told(leaf: LogLeaf) -> tuple[str, str]:
    said = json.loads(leaf.event)
    return said["number"], said["event"]


def open_up(app) -> None:
    """Take the triggers of the log away, as somebody with the rights of the database's owner could."""
    with app.app_context(), unit_of_work():
        for table in (*TABLES, "register_entry"):
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                continue
            for action in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER {table}_no_{action}"))


def run(app, *statements: str) -> None:
    with app.app_context(), unit_of_work():
        for one in statements:
            session.execute(text(one))


def fault(app, previous: str | None = None) -> str | None:
    with app.app_context():
        _ring, trusted = log_keys.open_log_keys(keys_dir(app))
        return fault_in_database(trusted, previous=previous)


# --- entries -------------------------------------------------------------------------------------


def test_each_event_of_a_certificate_is_an_entry_in_the_order_of_the_register(app, databases):
    first, second = databases.kept(a_life)

    with app.app_context():
        leaves = list(queries.leaves())
        rows = session.scalars(select(RegisterEntry).order_by(RegisterEntry.id)).all()
        logged = [row for row in rows if row.event in LOGGED]
        assert [told(leaf) for leaf in leaves] == [
            (first.number, "issued"),
            (second.number, "issued"),
            (first.number, "suspended"),
            (first.number, "reinstated"),
            (first.number, "withdrawn"),
        ]
        assert [leaf.index for leaf in leaves] == [0, 1, 2, 3, 4]
        assert [leaf.register_entry_id for leaf in leaves] == [row.id for row in logged]
        assert len({leaf.salt for leaf in leaves}) == 5
    assert fault(app) is None


def test_an_entry_tells_facts_and_file_and_nothing_about_the_school(app, make):
    certificate = make.certified()

    with app.app_context():
        leaf = next(queries.leaves())
        row = session.scalars(
            select(RegisterEntry).where(RegisterEntry.id == leaf.register_entry_id)
        ).one()
        assert json.loads(leaf.event) == {
            "format": "ciss-log-1",
            "number": certificate.number,
            "event": "issued",
            "at": json.loads(row.payload)["at"],
            "facts_sha256": certificate.facts_sha256,
            "file_sha256": certificate.file_sha256,
            "row": row.hash,
        }
        data = commitment(bytes.fromhex(leaf.salt), leaf.event)
        assert (len(bytes.fromhex(leaf.salt)), leaf.data, leaf.hash) == (
            32,
            data.hex(),
            merkle.leaf_hash(data).hex(),
        )


def test_what_was_not_kept_is_not_entered(app, make):
    certificate = make.certified()
    with pytest.raises(ZeroDivisionError), app.app_context(), unit_of_work():
        certificates.withdraw(
            session.get(Certificate, certificate.id), reason="x" * 20, by=SYSTEM, at=NOW
        )
        raise ZeroDivisionError

    with app.app_context():
        assert (queries.size(), [row.size for row in queries.checkpoints()]) == (1, [1])


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("action", ["UPDATE", "DELETE"])
def test_nothing_of_the_log_is_changed_or_removed(app, databases, table: str, action: str):
    databases.kept(five_events, 2)
    with app.app_context(), unit_of_work():
        session.add(
            Cosignature(size=1, witness="w", vkey="w", line="", signed_at=NOW, added_at=NOW)
        )
    column = {"log_leaf": "salt", "log_node": "hash", "checkpoint": "note", "cosignature": "line"}
    statement = (
        f"UPDATE {table} SET {column[table]} = 'x'"
        if action == "UPDATE"
        else f"DELETE FROM {table}"
    )

    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), unit_of_work():
        session.execute(text(statement))


# --- an older register ---------------------------------------------------------------------------


def test_rows_from_before_there_was_a_log_are_entered_once_and_in_order(app, databases):
    first, second = databases.kept(a_life)
    open_up(app)
    run(app, *(f"DELETE FROM {table}" for table in reversed(TABLES)))

    with app.app_context(), unit_of_work():
        assert services.catch_up(at=NOW) == 5
    with app.app_context(), unit_of_work():
        assert services.catch_up(at=NOW) == 0

    with app.app_context():
        assert [told(leaf) for leaf in queries.leaves()] == [
            (first.number, "issued"),
            (second.number, "issued"),
            (first.number, "suspended"),
            (first.number, "reinstated"),
            (first.number, "withdrawn"),
        ]
        assert [row.size for row in queries.checkpoints()] == [5]
    assert fault(app) is None


def test_rows_that_were_left_out_are_entered_before_the_next_one(app, databases, monkeypatch):
    monkeypatch.setattr(entries, "AT_ONCE", 2)
    first, second = databases.kept(a_life)
    open_up(app)
    run(app, *(f"DELETE FROM {table}" for table in reversed(TABLES)))

    change(app, second, "suspend", 9)

    with app.app_context():
        assert [told(leaf) for leaf in queries.leaves()][-2:] == [
            (first.number, "withdrawn"),
            (second.number, "suspended"),
        ]
        assert [row.size for row in queries.checkpoints()] == [6]
    assert fault(app) is None


def test_several_at_once_are_entered_one_after_another(app, make):
    certificates_ = [make.certified() for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: change(app, one, "suspend", 1), certificates_))

    with app.app_context():
        entered = [leaf.register_entry_id for leaf in queries.leaves()]
        assert (len(entered), entered) == (12, sorted(entered))
        assert queries.checkpoints()[-1].size == 12
    assert fault(app) is None


# --- checkpoints ---------------------------------------------------------------------------------


@pytest.mark.one_database("sqlite")
def test_after_each_change_a_checkpoint_is_signed(app, databases):
    databases.kept(five_events)

    with app.app_context():
        ring, trusted = log_keys.open_log_keys(keys_dir(app))
        hashes = [bytes.fromhex(leaf.hash) for leaf in queries.leaves()]
        read = [
            notes.read_signed_checkpoint(row.note, trusted.logs)[1] for row in queries.checkpoints()
        ]
        assert read == [
            notes.Checkpoint(ring.log.name, size, merkle.root(hashes[:size]))
            for size in (1, 2, 3, 4, 5)
        ]
        assert queries.checkpoint().at == NOW + timedelta(days=4)


def test_a_log_that_is_signed_is_not_signed_again(app, make):
    make.certified()

    with app.app_context(), unit_of_work():
        assert services.sign_now(at=NOW) == 0
        assert len(queries.checkpoints()) == 1


@pytest.mark.one_database("sqlite")
def test_without_a_key_entries_wait_for_the_day_there_is_one(app, make):
    make.keyring()
    folder, away = keys_dir(app), keys_dir(app).with_name("away")
    certificate = make.certified()
    shutil.move(folder, away)
    try:
        change(app, certificate, "suspend", 1)
        with app.app_context(), unit_of_work():
            assert services.sign_now(at=NOW) == 0
            assert (queries.size(), len(queries.checkpoints())) == (2, 1)
    finally:
        shutil.move(away, folder)

    with app.app_context(), unit_of_work():
        assert services.sign_now(at=NOW) == 1
    with app.app_context():
        assert [row.size for row in queries.checkpoints()] == [1, 2]


def test_an_empty_log_is_not_signed(app, make):
    make.keyring()

    with app.app_context(), unit_of_work():
        assert (services.sign_now(at=NOW), services.catch_up(at=NOW)) == (0, 0)


# --- witnesses -----------------------------------------------------------------------------------


def test_a_cosignature_is_published_under_its_checkpoint_once(app, databases):
    databases.kept(five_events)
    with app.app_context(), unit_of_work():
        row = queries.checkpoint(3)
        note = notes.read_note(row.note)
        raw = str(note.signed_also([notes.cosign(note.text, NAME, WITNESS, at=NOW)]))
        added = services.add_cosignatures(raw, [witness_key()], at=NOW)
        again = services.add_cosignatures(raw, [witness_key()], at=NOW)
        assert ([one.witness for one in added], again) == ([NAME], [])

    with app.app_context():
        assert queries.published_note(queries.checkpoint(3)) == raw
        assert queries.witnesses([witness_key()])[0].last.size == 3


@pytest.mark.one_database("sqlite")
def test_a_cosignature_that_does_not_fit_is_refused(app, make):
    make.certified()
    other = Ed25519PrivateKey.generate()
    with app.app_context(), unit_of_work():
        note = notes.read_note(queries.checkpoint().note)
        line = notes.cosign(note.text, NAME, other, at=NOW)
        forged = notes.Signature(NAME, witness_key().key_id, line.content)
        foreign = notes.SignedNote(note.text.replace("\n1\n", "\n7\n"), note.signatures)

        for raw in (str(note.signed_also([forged])), str(foreign)):
            with pytest.raises(Refused):
                services.add_cosignatures(raw, [witness_key()], at=NOW)
        assert (
            services.add_cosignatures(str(note.signed_also([line])), [witness_key()], at=NOW) == []
        )


# --- proofs need few questions -------------------------------------------------------------------


def statements(app, ask) -> int:
    with app.app_context(), statements_sent() as asked:
        ask()
    return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])


@pytest.mark.one_database("sqlite")
def test_a_proof_asks_the_database_twice_however_large_the_log_is(app, databases):
    databases.kept(five_events, 21)
    with app.app_context():
        hashes = [bytes.fromhex(leaf.hash) for leaf in queries.leaves()]

    for size in (1, 2, 7, 8, 21):
        for index in range(size):
            path, root = asked(app, queries.inclusion, index, size)
            assert merkle.verify_inclusion(index, size, hashes[index], path, root)
        for first in range(1, size + 1):
            path, old, new = asked(app, queries.consistency, first, size)
            assert merkle.verify_consistency(first, size, path, old, new)
            assert (old, new) == (merkle.root(hashes[:first]), merkle.root(hashes[:size]))


def asked(app, question, *values: int):
    """Ask for a proof, which may need two statements."""
    answers: list[Any] = []
    assert statements(app, lambda: answers.append(question(*values))) <= 2
    return answers[0]


# --- looking for a change ------------------------------------------------------------------------

LEAF = "WHERE leaf_index = 2"
TAMPERING = {
    "salt": (f"UPDATE log_leaf SET salt = 'aa' {LEAF}", "entry 2:"),
    "event": (f"UPDATE log_leaf SET event = '{{}}' {LEAF}", "entry 2:"),
    "data": (f"UPDATE log_leaf SET data = hash {LEAF}", "entry 2:"),
    "hash": (f"UPDATE log_leaf SET hash = data {LEAF}", "entry 2:"),
    "index": (f"UPDATE log_leaf SET leaf_index = 9 {LEAF}", "entry 2:"),
    "first entry gone": ("DELETE FROM log_leaf WHERE leaf_index = 0", "entry 0:"),
    "entry gone": (f"DELETE FROM log_leaf {LEAF}", "entry 2:"),
    "last entry gone": ("DELETE FROM log_leaf WHERE leaf_index = 4", "entry 4:"),
    "subtree changed": ("UPDATE log_node SET hash = 'x' WHERE level = 1", "entry 0:"),
    "subtree gone": ("DELETE FROM log_node WHERE level = 2", "entry 0:"),
    "checkpoint changed": (
        "UPDATE checkpoint SET note = replace(note, '3', '4') WHERE size = 3",
        "checkpoint 3:",
    ),
    "row of the register changed": (
        "UPDATE register_entry SET payload = replace(payload, 'suspended', 'withdrawn')",
        "row ",
    ),
}


# What is read is the same in both; a log rolled back together with its checkpoint is found in both.
@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_in_the_database_is_found(app, databases, how: str):
    statement, said = TAMPERING[how]
    databases.kept(five_events)
    assert fault(app) is None
    open_up(app)

    run(app, statement)

    assert (fault(app) or "").startswith(said)


def test_a_log_and_its_last_checkpoint_rolled_back_together_are_found_by_an_older_one(
    app, databases
):
    databases.kept(five_events)
    with app.app_context():
        kept = queries.published_note(queries.checkpoint())
    open_up(app)

    run(
        app,
        "DELETE FROM checkpoint WHERE size = 5",
        "DELETE FROM log_leaf WHERE leaf_index = 4",
        "DELETE FROM register_entry WHERE id = (SELECT max(id) FROM register_entry)",
    )

    assert fault(app) is None
    assert fault(app, kept) == ("entry 4: is missing; the earlier checkpoint covers 5 entries")


def test_the_row_of_a_checkpoint_names_its_own_root(app, make):
    make.certified()
    with app.app_context():
        row = session.scalars(select(Checkpoint)).one()
        read = notes.read_checkpoint(notes.read_note(row.note).text)
        assert (row.size, row.root) == (read.size, read.root.hex())
