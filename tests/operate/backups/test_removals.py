"""What was taken out after a backup, because it named a child, is taken out of what comes back as well."""

import json

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.storage import LocalStore, StoreAway, files
from cissapp.foundation.safeguards.kept_removals import REMOVALS
from cissapp.foundation.safeguards.models import Removal
from cissapp.operate.backups.services.removals import read_removals
from cissapp.operate.operations.services import integrity
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.documents.models import DocumentVersion
from tests.factories import NOW
from tests.foundation.safeguards import test_views as safeguards
from tests.operate.backups.places import back_up, bring_back, elsewhere, kind_of

__all__ = ["elsewhere"]


def _a_store_that_is_away(app, kept, folder, monkeypatch):
    def away(_store, _key):
        raise StoreAway("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "get", away)
        written = back_up(app, "removals", folder / "without.json")
    assert (written.exit_code, (folder / "without.json").read_bytes()) == (0, kept)
    assert "The file store does not answer" in written.output


@pytest.mark.one_database("sqlite")
def test_it_is_taken_out_again(app, elsewhere, sign_in, tmp_path, monkeypatch):
    monkeypatch.setattr(integrity, "faults_of_rows", lambda: iter(()))
    school, application_id, _head = safeguards._case(app)
    reviewer = sign_in(safeguards._reviewer(app, school, application_id))
    with app.app_context():
        version_id = session.scalars(select(DocumentVersion.id)).one()
    assert back_up(app, tmp_path / "b", "--not-encrypted").exit_code == 0
    for part in (f"document_version:{version_id}", "self_score:A1"):
        data = {"part": part, "reason": "child_named", "title_too": "y", "confirmed": "y"}
        done = reviewer.post(f"/reviews/{application_id}/remove", data=data)
        assert done.status_code == 302
    with app.app_context():
        kept = files().get(REMOVALS.key)
        read = read_removals(None, files(), since=NOW)
        assert read_removals(None, files(), since=clock.now()) == []
    written = back_up(app, "removals", tmp_path / "list.json")
    assert (written.exit_code, (tmp_path / "list.json").read_bytes()) == (0, kept)
    _a_store_that_is_away(app, kept, tmp_path, monkeypatch)
    assert safeguards.CANARY not in kept.decode()
    assert [one["subject_type"] for one in json.loads(kept)["removals"]] == [
        "document_version",
        "self_score",
    ]
    assert len(read) == 2

    back = bring_back(
        elsewhere, tmp_path / "b", "--accept-loss", "--removals", tmp_path / "list.json"
    )

    assert (back.exit_code, back.output.count("removed again")) == (0, 2), back.output
    with elsewhere.app_context():
        dossier = read_submission(session.get(Application, application_id).submissions[-1])
        assert dossier.score("A1").text == "† [removed]"
        version = session.get(DocumentVersion, version_id)
        assert (version.file_key, version.text) == (None, "")
        assert len(session.scalars(select(Removal.id)).all()) == 2
        left = [files().get(one.key) for one in files().stored()]
    assert not any(safeguards.CANARY.encode() in one for one in left)
    if kind_of(elsewhere) == "sqlite":
        there = (tmp_path / "there" / "ciss.db").read_bytes()
        assert safeguards.CANARY.encode() not in there
