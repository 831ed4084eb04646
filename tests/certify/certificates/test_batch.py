"""Many at once: several processes, some of them killed; each certificate is there once, and whole."""

import os
import signal
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.commands import certificates
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.foundation.core.db import db, session
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import seal
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailRank
from tests.certify.certificates.killed import killed
from tests.certify.certificates.reservations import counted, whole
from tests.processes import ciss, ended

NUMBER = 24
PATIENCE = 300  # of the last command, which does the work of all that were killed
# Where the process dies, and the how manieth time it comes there; of two workers each counts for itself.
# The last comes in a second transaction, which several certificates share.
DEATHS = {"signature": 2, "file": 5, "in place": 2, "stored": 1, "rows": 10}
# In the short form each database sees a part of them.
SHORT = {"sqlite": ("signature", "in place", "rows"), "postgresql": ("file", "stored", "rows")}


def environment(app) -> dict[str, str]:
    """The settings of the tests' application, as another process reads them."""
    config = app.config["CISS"]
    values = {one.name: getattr(config, one.name) for one in fields(config)}
    values["database_url"] = values["database_url"].replace("+psycopg", "")
    kept = {
        f"CISS_{name.upper()}": str(value)
        for name, value in values.items()
        if isinstance(value, str | Path) and value and not isinstance(value, bool)
    }
    return {**os.environ, **kept}


def issued() -> list[int]:
    """How many rows of issue each certificate has."""
    query = (
        select(func.count(RegisterEntry.id))
        .join(Certificate)
        .where(RegisterEntry.event == RegisterEvent.ISSUED)
        .group_by(Certificate.id)
    )
    return list(session.scalars(query))


# What runs beside this thread holds nothing that the other process needs.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_batch_that_is_killed_again_and_again_ends_with_every_certificate_once(
    app, make, databases, request, tmp_path
):
    workers, told = 2, tmp_path / "told"
    deaths = DEATHS if request.config.getoption("long") else SHORT[databases.kind]
    for _ in range(NUMBER):
        make.reserved()
    with app.app_context():
        session.remove()
        db.engine.dispose()

    for step in deaths:
        assert killed(app, step, DEATHS[step], workers) == -signal.SIGKILL
        whole(app)
    with app.app_context():
        left = len(queries.reserved_ids())
    publish = ("certificates", "publish", "--workers", str(workers))
    last = ended(ciss(*publish, environment=environment(app), output=told), PATIENCE)

    said = told.read_text()
    assert (last, " published, 0 still waiting." in said) == (0, True), said
    assert 0 < left < NUMBER
    whole(app)
    with app.app_context():
        assert (counted(), issued()) == ((NUMBER, NUMBER), [1] * NUMBER)
        ring = make.keyring()
        assert all(
            seal.examine(register_checks.stored_file(one, files()), ring).good
            for one in queries.all_certificates()
        )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_second_run_has_nothing_to_do(app, make):
    make.manager(make.reserved().school)
    make.keyring()

    with app.app_context():
        first, second = (CliRunner().invoke(certificates, ["publish"]) for _ in range(2))
        # A link that somebody waits for leaves before them.
        assert session.scalars(select(Mail.rank)).all() == [MailRank.BATCH]

    assert "1 certificate published, 0 still waiting." in first.output
    assert (second.exit_code, "0 certificates published, 0 still waiting." in second.output) == (
        0,
        True,
    )


def test_the_command_ends_a_reservation_and_says_what_follows(app, make):
    row = make.reserved()
    make.keyring()
    runner = CliRunner()

    def said(*words: str) -> tuple[int, str]:
        with app.app_context():
            done = runner.invoke(certificates, ["void", *words], obj=None)
        return done.exit_code, done.output

    assert said("MD-2026-00099", "--reason", "x")[0] == 1
    assert said(row.number, "--reason", "The name was wrong.") == (
        0,
        "Reservation MD-2026-00001 has ended. MD-2026-00002 is reserved in its place.\n",
    )
    assert said(row.number, "--reason", "Again.")[0] == 1
    assert said("MD-2026-00002", "--reason", "Not at all.", "--for-good") == (
        0,
        "Reservation MD-2026-00002 has ended.\n",
    )
    with app.app_context():
        assert queries.reserved_ids() == []
        reasons = session.scalars(
            select(RegisterEntry.reason)
            .where(RegisterEntry.event == RegisterEvent.VOIDED)
            .order_by(RegisterEntry.id)
        )
        assert list(reasons) == ["The name was wrong.", "Not at all."]
