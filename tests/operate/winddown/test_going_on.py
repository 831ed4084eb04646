"""Another group goes on after an import, with keys of its own; what was signed before goes on counting."""

from datetime import UTC, datetime

import pytest

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.checking.database import fault_in_database, read_stored_log
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing import keys
from cissapp.operate.operations import services as operations
from cissapp.verify.verification.checking import online
from cissapp.verify.verification.rules import GOOD
from tests import factories
from tests.operate.winddown.filling import LATER, few
from tests.operate.winddown.test_there_and_back import beside, run, tables_of

__all__ = ["beside"]


@pytest.mark.one_database("postgresql")
def test_own_keys_that_are_there_stay_and_those_of_the_export_come_beside(
    app, databases, beside, tmp_path
):
    databases.kept(few)
    assert run(app, "export", tmp_path / "out").exit_code == 0
    folder = beside.config["CISS"].keys_dir
    own = keys.create_keys(
        folder, organisation="Who goes on", at=datetime(2026, 1, 1, tzinfo=UTC), group="MD"
    )

    done = run(beside, "import", tmp_path / "out")

    assert done.exit_code == 0, done.output
    ring = keys.load(folder)
    foreign = keys.load_public(tmp_path / "out/data/keys/keys.json")
    assert {key.id for key in ring.keys} == {own.id, *(key.id for key in foreign.keys)}
    assert ring.keys[-1].organisation == "Who goes on"
    assert tables_of(tmp_path / "out")


@pytest.mark.one_database("sqlite")
def test_another_group_certifies_with_its_own_keys_and_the_log_goes_on(
    app, databases, beside, tmp_path
):
    made = databases.kept(few)
    with app.app_context(), clock.at(LATER):
        operations.daily(content(), at=LATER)
    assert run(app, "export", tmp_path / "out").exit_code == 0
    assert run(beside, "import", tmp_path / "out").exit_code == 0
    config = beside.config["CISS"]

    ended = run(beside, "end-log-key")
    fresh = keys.create_keys(config.keys_dir, organisation="Who goes on", at=LATER)
    factories.bind(beside)
    new = factories.certified(at=LATER)
    with beside.app_context(), clock.at(LATER):
        operations.daily(content(), at=LATER)
        ring, trusted = log_keys.open_log_keys(config.keys_dir)
        answers = {
            certificate.number: online.check_code(
                certificate.code, ring, at=LATER, expiring_days=90
            ).answer
            for certificate in queries.all_certificates()
        }
        whole = (register_checks.first_fault(files()), fault_in_database(trusted))
        signed = len(read_stored_log().checkpoints)

    assert ended.exit_code == 0, ended.output
    assert whole == (None, None)
    assert (new.key_id, answers[new.number] in GOOD) == (fresh.id, True)
    assert (made[0].key_id != fresh.id, answers[made[0].number] in GOOD) == (True, True)
    assert (signed > 1, len(trusted.logs)) == (True, 2)


def test_a_log_that_can_be_signed_keeps_its_key(app):
    factories.keyring()

    done = run(app, "end-log-key")

    assert (done.exit_code, "so the key stays in use" in done.output) == (1, True)
