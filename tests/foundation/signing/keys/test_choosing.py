"""What issuing does with the keys: chooses, refuses in plain words, sees changes in the middle of work."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cissapp.certify.certificates.document.signing import key_of_reservation
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import NoKeys
from cissapp.foundation.signing.settings import Settings, signing_key
from tests.certify.certificates.specimen import facts, ring

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NONE = "There is no key to sign certificates with. The secretariat must set one up first."
UNUSABLE = "The keys for certificates cannot be used now. The secretariat must check them."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings("http://ciss.example", demo=False, keys=ring(tmp_path / "keys"))


def said(settings: Settings) -> str:
    with pytest.raises(Refused) as refused:
        signing_key(settings, "MD", NOW)
    [problem] = refused.value.problems
    return problem.message


def test_a_long_piece_of_work_sees_a_rotation_and_a_compromise(settings: Settings, tmp_path: Path):
    chosen = [signing_key(settings, "MD", NOW).id]
    keys.create_keys(tmp_path / "keys", organisation="E", at=NOW, group="MD")
    chosen.append(signing_key(settings, "MD", NOW).id)
    chosen.append(key_of_reservation(settings, facts(key_id="MD-2026-A"), NOW).id)
    keys.compromised(tmp_path / "keys", "MD-2026-A", since=NOW)
    chosen.append(signing_key(settings, "MD", NOW).id)

    assert chosen == ["2020-A", "MD-2026-A", "MD-2026-A", "2020-A"]
    with pytest.raises(NoKeys):
        key_of_reservation(settings, facts(key_id="MD-2026-A"), NOW)


def expose(folder: Path) -> None:
    (folder / "2020-A.key.pem").chmod(0o640)


def open_folder(folder: Path) -> None:
    folder.chmod(0o750)


def expose_credential(folder: Path) -> None:
    (folder / "2020-A.ed25519.key.pem").chmod(0o604)


def break_public(folder: Path) -> None:
    (folder / keys.PUBLIC).write_text("{")


def compromise(folder: Path) -> None:
    keys.compromised(folder, "2020-A", since=NOW)


def remove(folder: Path) -> None:
    (folder / "2020-A.key.pem").unlink()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (expose, UNUSABLE),
        (open_folder, UNUSABLE),
        (expose_credential, UNUSABLE),
        (break_public, UNUSABLE),
        (compromise, NONE),
        (remove, NONE),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_issuing_is_refused_in_a_sentence(settings: Settings, tmp_path: Path, change, sentence):
    change(tmp_path / "keys")

    assert said(settings) == sentence


@pytest.mark.parametrize("change", [expose, open_folder, compromise, remove])
def test_where_a_key_does_not_sign_it_is_not_chosen_again(settings: Settings, tmp_path, change):
    """Whoever chooses anew because a key signs no more must not be given the same one."""
    change(tmp_path / "keys")
    held = keys.load(tmp_path / "keys")

    for act in (lambda: held.pdf_signer(held.keys[0]), lambda: held.signer_for("MD", NOW)):
        with pytest.raises(NoKeys):
            act()


def test_the_application_opens_its_keys_or_refuses(tmp_path: Path):
    class Config:
        base_url, demo, keys_dir, tsa_url = "http://ciss.example", False, tmp_path, ""

    empty = Settings.of(Config())
    (tmp_path / keys.PUBLIC).write_text("{")
    (tmp_path / keys.PUBLIC).chmod(0o600)
    with pytest.raises(Refused) as refused:
        Settings.of(Config())

    assert (said(empty), refused.value.problems[0].message) == (UNUSABLE, UNUSABLE)
