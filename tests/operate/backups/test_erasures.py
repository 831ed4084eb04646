"""Who was erased after a backup, or stopped it, is erased, or not, in what comes back; old ways in are closed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.operate.backups.rules import BadBackup
from cissapp.operate.backups.services.erasures import UNKNOWN, read_erasures
from cissapp.operate.operations.services import integrity
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.oversee.personal_data.rules.retention import ERASURE_WAITS
from cissapp.oversee.personal_data.services import requests
from cissapp.oversee.personal_data.services.repeating import ERASURES
from cissapp.people.accounts.models import User
from cissapp.people.notices import services as notices
from cissapp.people.sign_on.models import IdentityProvider
from tests.factories import NOW
from tests.operate.backups.places import back_up, bring_back, elsewhere, kind_of
from tests.operate.winddown.filling import LATER

__all__ = ["elsewhere"]

SINCE = LATER + timedelta(days=1)
CANARY = "Veronica Canareica"


@pytest.fixture
def cast(app, make, monkeypatch) -> dict[str, User]:
    """An erasure that is carried out after the backup, one that is stopped, one that is asked for; and a provider."""
    monkeypatch.setattr(integrity, "faults_of_rows", lambda: iter(()))
    make.keyring()
    people = {name: make.manager() for name in ("done", "stopped", "asked")}
    with app.app_context(), unit_of_work(), notices.hold_mails():
        for name in ("done", "stopped"):
            person = session.get_one(User, people[name].id)
            if name == "done":
                person.name = CANARY
            requests.ask_erasure(person, by=person, at=NOW)
        session.add(
            IdentityProvider(
                name="Ministry",
                issuer="https://accounts.example",
                client_id="ciss",
                sealed_secret="sealed",
                country_code="MD",
                endpoints={},
                added_at=NOW,
                added_by_id=make.user(Role.SECRETARIAT).id,
                on_since=NOW,
            )
        )
    return people


def after_the_backup(app, cast) -> None:
    with app.app_context(), notices.hold_mails():
        for name in ("stopped", "asked"):
            with unit_of_work():
                person = session.get_one(User, cast[name].id)
                act = requests.stop_erasure if name == "stopped" else requests.ask_erasure
                act(person, by=person, at=SINCE)
        assert requests.carry_out_due(store=files(), at=NOW + ERASURE_WAITS + timedelta(1)) == 1


@pytest.mark.one_database("sqlite")
def test_erasures_are_where_they_were(app, elsewhere, cast, tmp_path):
    assert back_up(app, tmp_path / "b", "--not-encrypted").exit_code == 0
    after_the_backup(app, cast)
    with app.app_context():
        kept = files().get(ERASURES.key)
    written = back_up(app, "erasures", tmp_path / "list.json")
    assert (written.exit_code, (tmp_path / "list.json").read_bytes()) == (0, kept)
    assert CANARY not in kept.decode()

    back = bring_back(
        elsewhere, tmp_path / "b", "--accept-loss", "--erasures", tmp_path / "list.json"
    )

    assert back.exit_code == 0, back.output
    for name, words in (
        ("done", "erased again"),
        ("stopped", "stopped again"),
        ("asked", "entered again"),
    ):
        assert f"Person {cast[name].id}" in back.output
        assert words in back.output
    with elsewhere.app_context():
        erased = session.get_one(User, cast["done"].id)
        assert (erased.password_hash, erased.is_active) == ("!", False)
        open_ones = select(ErasureRequest.user_id).where(
            ErasureRequest.done_at.is_(None), ErasureRequest.stopped_at.is_(None)
        )
        assert session.scalars(open_ones).all() == [cast["asked"].id]
        assert session.scalars(select(IdentityProvider.on_since)).all() == [None]
        hashes = session.scalars(select(User.password_hash).where(User.id != erased.id)).all()
    assert "!" not in hashes  # said how to void them, and left as they were
    assert "--new-passwords" in back.output
    assert "1 organisation that people sign in through switched off" in back.output
    if kind_of(elsewhere) == "sqlite":
        assert CANARY.encode() not in (tmp_path / "there" / "ciss.db").read_bytes()


@pytest.mark.one_database("sqlite")
def test_without_a_list_it_is_said_and_passwords_can_be_made_worthless(
    app, elsewhere, cast, tmp_path
):
    assert back_up(app, tmp_path / "b", "--not-encrypted").exit_code == 0

    back = bring_back(elsewhere, tmp_path / "b", "--accept-loss", "--new-passwords")

    assert back.exit_code == 0, back.output
    assert UNKNOWN in back.output
    with elsewhere.app_context():
        assert set(session.scalars(select(User.password_hash))) == {"!"}
        assert {one.is_active for one in session.scalars(select(User))} == {True}


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format": "another"}', '{"format": "ciss-erasures-1"}']
)
def test_a_list_that_cannot_be_read_stops_the_restore(app, tmp_path, text):
    path = tmp_path / "list.json"
    path.write_text(text)
    with app.app_context():
        with pytest.raises(BadBackup):
            read_erasures(str(path), files(), since=NOW)
        path.write_text(json.dumps({"format": "ciss-erasures-1", "erasures": []}))
        assert read_erasures(str(path), files(), since=NOW) == []
        assert read_erasures(None, files(), since=NOW) is None
