"""`ciss certificates verify`, with the register and without."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from cissapp.certify.credentials.open_badges.document import write_credential
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import canonical
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.commands import NOT_ASKED, verify
from tests.certify.certificates.specimen import facts, ring, signed
from tests.certify.credentials.specimen import DID, source
from tests.factories import NOW
from tests.verify.verification import papers


def run(command, *arguments, app=None):
    info = ScriptInfo(create_app=(lambda: app) if app else None)
    return CliRunner().invoke(command, [str(one) for one in arguments], obj=info)


@pytest.mark.one_database("sqlite")
def test_a_file_is_checked_against_the_register(app, make, tmp_path):
    certificate = make.certified()
    path, changed = tmp_path / "a.pdf", tmp_path / "b.pdf"
    with app.app_context():
        path.write_bytes(files().get(certificate.file_key))
    changed.write_bytes(path.read_bytes() + b"\n")

    good = run(verify, path, "--json", app=app)
    bad = run(verify, changed, app=app)

    said = json.loads(good.stdout)
    assert (good.exit_code, said["status"], said["facts"]["number"]) == (
        0,
        "expiring" if said["status"] == "expiring" else "valid",
        certificate.number,
    )
    assert (bad.exit_code, bad.stdout.splitlines()[0]) == (1, "Altered")


KNOWN = facts("uk", code="473VCQTRBW4WAHNP0059")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Keyring:
    return ring(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def beside(ours, tmp_path, monkeypatch):
    """A certificate with all that may stand beside it, as files; the day after its issue."""
    content = signed(KNOWN, ours)
    document, key = write_credential(source("uk", code=KNOWN.code)), ours.newest()
    badge = add_proof(document, did=DID, ring=ours, key=key, at=papers.ISSUED)
    texts = {
        "a.pdf": content,
        "cut.pdf": content[:-1],
        "a.json": canonical(badge).encode(),
        "a.jwt": sign_token(document, did=DID, ring=ours, key=key, at=papers.ISSUED).encode(),
        "none.json": b"{}",
        "text.txt": b"a word",
        "valid.json": papers.snapshot(ours, KNOWN, content),
        "withdrawn.json": papers.snapshot(ours, KNOWN, content, word="withdrawn"),
        "suspended.json": papers.snapshot(ours, KNOWN, content, word="suspended"),
        "old.json": papers.snapshot(ours, KNOWN, content, taken_at=papers.ISSUED - 90 * DAY),
        "proof.json": canonical(
            papers.proof(ours, KNOWN, content, ("issued", papers.ISSUED))
        ).encode(),
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    with clock.at(NOW + DAY):
        yield tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        ("a.pdf", 0, "Valid"),
        ("a.json", 0, "Valid"),
        ("a.jwt", 0, "Valid"),
        ("cut.pdf", 1, "Altered"),
        ("none.json", 1, "Not one of ours"),
        ("text.txt", 1, "Not one of ours"),
        ("a.pdf --snapshot valid.json", 0, "Valid"),
        ("a.pdf --snapshot valid.json --proof proof.json", 0, "Valid"),
        ("a.pdf --snapshot withdrawn.json", 1, "Withdrawn"),
        ("a.jwt --snapshot withdrawn.json", 1, "Withdrawn"),
        ("a.json --snapshot suspended.json", 1, "Suspended"),
        ("cut.pdf --snapshot valid.json", 1, "Altered"),
        ("a.pdf --snapshot old.json", 2, "Could not be checked"),
        ("a.pdf --snapshot none.json", 2, ""),
        ("a.pdf --proof none.json", 2, "Could not be checked"),
        ("a.pdf --proof text.txt", 2, ""),
    ],
)
def test_public_keys_snapshot_and_proof_are_enough(
    ours, beside, arguments: str, code: int, word: str
):
    given = [one if one.startswith("--") else beside / one for one in arguments.split()]

    found = run(verify, *given, "--offline", "--key", ours.folder / "keys.json")

    assert (found.exit_code, found.stdout.partition("\n")[0]) == (code, word)
    assert (word == "") == found.stderr.startswith("Could not be checked:")


def test_who_was_not_asked_is_said(ours, beside):
    given = (beside / "a.pdf", "--offline", "--key", ours.folder / "keys.json")

    alone, asked = run(verify, *given), run(verify, *given, "--snapshot", beside / "valid.json")
    said = [
        json.loads(run(verify, *given, "--json", *more).stdout)
        for more in ((), ("--snapshot", beside / "valid.json"))
    ]

    assert [NOT_ASKED in one.stdout for one in (alone, asked)] == [True, False]
    assert [(one["status"], one["status_checked"]) for one in said] == [
        ("valid", False),
        ("valid", True),
    ]


def test_without_keys_it_could_not_be_checked(tmp_path):
    path, broken = tmp_path / "a.pdf", tmp_path / "keys.json"
    path.write_bytes(b"%PDF")
    broken.write_text("{}")

    found = run(verify, path, "--offline", "--key", broken)

    assert (found.exit_code, found.stderr.startswith("Could not be checked:")) == (2, True)
