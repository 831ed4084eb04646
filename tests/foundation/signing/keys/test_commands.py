"""`ciss keys`: what whoever looks after the keys reads."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import commands as of_keys
from cissapp.foundation.signing.keys import requests

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def run(app, tmp_path: Path, monkeypatch):
    """Run a command as an installation whose folder of keys is empty."""
    monkeypatch.chdir(tmp_path)
    config = replace(app.config["CISS"], keys_dir=tmp_path / "keys")
    monkeypatch.setitem(app.config, "CISS", config)
    info = ScriptInfo(create_app=lambda: app)

    def act(*arguments: object, typed: str = "") -> Result:
        with clock.at(NOW):
            words = [str(one) for one in arguments]
            return CliRunner().invoke(of_keys.keys, words, obj=info, input=typed)

    return act


def test_the_whole_ceremony_by_its_commands(run, tmp_path: Path):
    root = run("root", "--into", "vault", "--organisation", "ECPAT", "--passphrase", typed="a\na\n")
    printed = root.stdout.splitlines()[-1]
    tried = run("try", "--root", "vault", typed="a\n")
    wrong = run("try", "--root", "vault", typed="b\n")
    asked = run("request", "--organisation", "ECPAT Moldova", "--into", "ask.json")
    shown = run("sign", "ask.json", "--root", "vault", typed="n\n")
    signed = run("sign", "ask.json", "--root", "vault", "--into", "got.json", typed="y\na\n")
    early = run("accept", "got.json")
    accepted = run("accept", "got.json", "--root", printed)
    checked = run("check")

    request = requests.read_request(Path("ask.json").read_text())
    ring = keys.load(tmp_path / "keys")
    assert (tried.exit_code, tried.stdout.splitlines()[-1]) == (0, printed)
    assert (wrong.exit_code, "root.key.pem cannot be read" in wrong.stderr) == (1, True)
    assert asked.stdout == (
        "The request for key 2026-A is in ask.json. It contains no secrets. Sign it where the root is: ciss keys sign ask.json --root FOLDER\n"
        f"credentials: {request.credential.multibase}\n"
    )
    assert shown.stdout.splitlines()[:2] == [
        "Key 2026-A of ECPAT Moldova, for all countries",
        f"credentials: {request.credential.multibase}",
    ]
    assert (shown.exit_code, early.exit_code, early.stderr[:9]) == (1, 1, "The root ")
    assert (signed.exit_code, accepted.stdout) == (0, "Key 2026-A is now in use.\n")
    assert (checked.exit_code, checked.stdout) == (0, "The keys are intact.\n")
    assert (ring.log.name, ring.keys[0].organisation) == ("ciss.example/log", "ECPAT Moldova")


@pytest.mark.one_database("sqlite")
def test_keys_are_rotated_listed_retired_and_marked(run, tmp_path: Path):
    made = [
        run("rotate", "--organisation", "ECPAT"),
        run("rotate", "--group", "MD"),
        run("rotate"),
        run("retire", "2026-A"),
        run("compromised", "MD-2026-A", "--since", "2026-11-25T10:00"),
    ]
    listed = run("list")

    ring = keys.load(tmp_path / "keys")
    a, b, md = (ring.by_id(name) for name in ("2026-A", "2026-B", "MD-2026-A"))
    assert [one.exit_code for one in made] == [0] * 5
    assert made[3].stdout == (
        "Key 2026-A no longer signs. What it signed remains valid.\n"
        f"Delete this file, which is no longer needed: {tmp_path / 'keys' / '2026-A.key.pem'}\n"
        f"Delete this file, which is no longer needed: {tmp_path / 'keys' / '2026-A.ed25519.key.pem'}\n"
    )
    assert made[4].stdout == (
        "What key MD-2026-A signed from 2026-11-25 10:00:00 UTC on is no longer valid.\n"
        "Publish keys.json again, so that offline checks know this too.\n"
    )
    assert (a.organisation, b.organisation, md.organisation) == ("ECPAT",) * 3
    assert [line for line in listed.stdout.splitlines() if " to " in line] == [
        "2026-A    all  2026-11-25 to 2034-11-23  retired on 2026-11-25, verifies",
        "2026-B    all  2026-11-25 to 2034-11-23  signs",
        "MD-2026-A MD   2026-11-25 to 2034-11-23  compromised since 2026-11-25 10:00:00 UTC",
    ]


def test_what_cannot_be_done_is_said_in_a_sentence(run, tmp_path: Path):
    run("rotate")
    said = [
        run(*words)
        for words in (
            ("rotate", "--group", "XX"),
            ("retire", "2026-A"),
            ("compromised", "2026-A", "--since", "yesterday"),
            ("compromised", "2026-A", "--since", "2027-01-01"),
            ("compromised", "2026-X", "--since", "2026-01-01"),
            ("request", "--token", "ciss"),
            ("root", "--into", tmp_path / "keys"),
        )
    ]
    (tmp_path / "keys" / "root.key.pem").unlink()
    said.append(run("rotate"))

    assert [(one.exit_code, one.stderr.strip()) for one in said] == [
        (1, "There is no country XX. These are the countries: BY, MD, UA"),
        (
            1,
            "Key 2026-A is the only key that can sign. First make another one with `ciss keys rotate`.",
        ),
        (1, "yesterday is not a date and time. Write it like 2026-11-25T14:30"),
        (1, "This date and time is in the future."),
        (1, "There is no key 2026-X."),
        (1, "To use a token, give all three: --token, --library and --pin-file."),
        (1, f"There is already a root in {tmp_path / 'keys'}."),
        (
            1,
            (
                f"The root is not in {tmp_path / 'keys'}. Make a request instead (ciss keys request),"
                " and sign it where the root is kept (ciss keys sign)."
            ),
        ),
    ]


def test_a_compromise_of_the_only_key_says_what_to_do(run):
    run("rotate")

    said = run("compromised", "2026-A", "--since", "2026-11-01")

    assert (
        said.stdout.splitlines()[-1]
        == "No key can sign now. Make a new one with `ciss keys rotate`."
    )


def test_check_names_files_that_others_can_read(run, tmp_path: Path):
    run("rotate")
    path = tmp_path / "keys" / "2026-A.key.pem"
    path.chmod(0o644)

    found = run("check")

    assert (found.exit_code, found.stdout.splitlines()[0]) == (
        1,
        (
            f"Problem: Other users of this machine can read {path}. Nothing is signed until this is fixed."
            f" Run `chmod 600 {path}`."
        ),
    )


def test_keys_that_were_lost_are_not_replaced(app, run, tmp_path: Path):
    run("rotate")
    with app.app_context(), unit_of_work():
        record(Event.CERTIFICATE_ISSUED, ("certificate", "1"), by=SYSTEM, at=NOW)
    (tmp_path / "keys").rename(tmp_path / "elsewhere")

    said = [run("rotate"), run("request"), run("check")]

    assert [one.exit_code for one in said] == [1, 1, 1]
    assert all("back from a backup" in one.output for one in said)
    assert not any((tmp_path / "keys").glob("*"))


def test_check_names_a_missing_key_of_the_log(run, tmp_path: Path):
    run("rotate")
    path = tmp_path / "keys" / "log.key.pem"
    path.unlink()

    found = run("check")

    assert found.exit_code == 1
    assert found.stdout.startswith(f"Problem: {path} is missing, so the public log is not signed.")
