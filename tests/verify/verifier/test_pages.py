"""`/verifier`, and `ciss verifier`."""

from datetime import timedelta

import pytest

from cissapp.foundation.core import clock
from cissapp.verify.verification.checking.snapshots import read_snapshot
from cissapp.verify.verifier.commands import verifier
from tests.factories import NOW


def test_anybody_may_fetch_the_page_as_a_file(client, make):
    make.certified()

    with clock.at(NOW):
        answer = client.get("/verifier")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=verify.html"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.data.startswith(b"<!DOCTYPE html>")


def test_the_page_of_verification_leads_to_it(client):
    page = client.get("/verify").get_data(as_text=True)

    assert 'href="/verifier"' in page


@pytest.mark.one_database("sqlite")
def test_the_commands_write_the_folder_and_the_snapshot(app, make, tmp_path):
    make.certified()
    runner = app.test_cli_runner()

    with clock.at(NOW + timedelta(hours=1)):
        published = runner.invoke(verifier, ["publish", str(tmp_path / "mirror")])
        snapshot = runner.invoke(verifier, ["snapshot", str(tmp_path / "s.json"), "--days", "7"])

    assert (published.exit_code, snapshot.exit_code) == (0, 0)
    assert len(published.output.splitlines()) == 6
    found = read_snapshot((tmp_path / "s.json").read_text(), make.keyring())
    assert (found.valid_for_days, len(found.rows)) == (7, 1)
