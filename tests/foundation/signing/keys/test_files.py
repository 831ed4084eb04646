"""`keys.json`: both formats, and everything that must be refused; modes of files."""

import json
import os
import shutil
import stat
import subprocess
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import (
    BrokenKeys,
    ExposedKeys,
    NoKeys,
    checks,
    files,
)
from cissapp.foundation.signing.keys.multibase import multibase
from tests.certify.certificates.specimen import KEYS_SINCE, drawn, facts, ring, signed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def raw(folder: Path) -> dict[str, Any]:
    return json.loads((folder / keys.PUBLIC).read_text("utf-8"))


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    keys.create_keys(folder, organisation="ECPAT", at=KEYS_SINCE, log_name="ciss.example/log")
    return folder


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "theirs"
    keys.create_keys(folder, organisation="ECPAT", at=KEYS_SINCE, log_name="ciss.example/log")
    return folder


# --- the format -----------------------------------------------------------------------------------


def test_the_file_has_all_that_the_format_names(ours: Path):
    text = raw(ours)

    assert text["format"] == "ciss-keys-2"
    assert [sorted(key) for key in text["keys"]] == [
        sorted(
            [
                "id",
                "group",
                "certificate",
                "root",
                "from",
                "until",
                "sha256",
                "credential",
                "retired",
                "compromised",
            ]
        )
    ]
    assert sorted(text["keys"][0]["credential"]) == ["endorsement", "publicKeyMultibase"]
    assert sorted(text["log"]) == ["endorsement", "name", "publicKeyMultibase", "root"]
    assert "PRIVATE" not in json.dumps(text)


def test_what_was_written_is_read(ours: Path):
    keys.create_keys(ours, organisation="ECPAT Молдова", at=NOW, group="MD")
    keys.compromised(ours, "MD-2026-A", since=NOW)

    held, public = keys.load(ours), keys.load_public(ours / keys.PUBLIC)

    assert [(key.id, key.group, key.organisation) for key in public.keys] == [
        ("2020-A", None, "ECPAT"),
        ("MD-2026-A", "MD", "ECPAT Молдова"),
    ]
    assert (public.keys, public.log) == (held.keys, held.log)
    assert public.log
    assert public.log.name == "ciss.example/log"
    for key in public.keys:
        assert key.multibase
        assert public.by_id(key.id) is public.by_fingerprint(key.fingerprint) is key


def test_the_first_format_is_read(ours: Path, tmp_path: Path):
    text = raw(ours)
    names = ("id", "certificate", "root", "from", "until", "sha256")
    old = {name: text["keys"][0][name] for name in names}
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"format": "ciss-keys-1", "keys": [old]}))

    [key] = keys.load_public(path).keys

    assert (key.fingerprint, key.group, key.ed25519, key.retired_at, key.compromised_at) == (
        text["keys"][0]["sha256"],
        None,
        None,
        None,
        None,
    )


def test_an_installation_of_the_first_format_gets_what_it_lacks(ours: Path):
    text = raw(ours)
    old = {k: text["keys"][0][k] for k in ("id", "certificate", "root", "from", "until", "sha256")}
    files.replace(ours / keys.PUBLIC, json.dumps({"format": "ciss-keys-1", "keys": [old]}).encode())
    for name in ("2020-A.ed25519.key.pem", "log.key.pem"):
        (ours / name).unlink()
    with pytest.raises(NoKeys, match="too old for credentials"):
        keys.load(ours).sign_credential(keys.load(ours).keys[0], b"x")

    keys.complete(ours, organisation="ECPAT", at=NOW)
    keys.complete(ours, organisation="ECPAT", at=NOW)

    after = keys.load(ours)
    assert [(key.id, key.ed25519 is not None) for key in after.keys] == [
        ("2020-A", False),
        ("2026-A", True),
    ]
    after.log.public.verify(after.sign_log(b"checkpoint"), b"checkpoint")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_certificates_and_endorsements(ours: Path, tmp_path: Path):
    text = raw(ours)
    (tmp_path / "public.pem").write_bytes(
        run("openssl", "x509", "-in", ours / "root.pem", "-pubkey", "-noout")
    )
    chain = run("openssl", "verify", "-CAfile", ours / "root.pem", ours / "2020-A.pem")
    said = []
    for endorsement in (text["keys"][0]["credential"]["endorsement"], text["log"]["endorsement"]):
        (tmp_path / "statement").write_text(endorsement["statement"], "utf-8")
        (tmp_path / "signature").write_bytes(b64decode(endorsement["signature"]))
        told = ["-verify", tmp_path / "public.pem", "-signature", tmp_path / "signature"]
        said.append(run("openssl", "dgst", "-sha256", *told, tmp_path / "statement"))

    assert chain.endswith(b": OK\n")
    assert said == [b"Verified OK\n"] * 2


def run(*command: str | Path) -> bytes:
    return subprocess.run([*map(str, command)], capture_output=True, check=True).stdout


# --- bad files ------------------------------------------------------------------------------------


def foreign_root(text, other):
    text["keys"][0]["root"] = other["keys"][0]["root"]


def other_certificate(text, other):
    text["keys"][0]["certificate"] = other["keys"][0]["certificate"]


def other_key_whole(text, other):
    for name in ("certificate", "root", "sha256"):
        text["keys"][0][name] = other["keys"][0][name]


def other_credential(text, other):
    text["keys"][0]["credential"] = other["keys"][0]["credential"]


def own_credential(text, other):
    drawn_key = multibase(Ed25519PrivateKey.generate().public_key())
    text["keys"][0]["credential"]["publicKeyMultibase"] = drawn_key


def no_endorsement(text, other):
    text["keys"][0]["credential"]["endorsement"] = None


def other_signature(text, other):
    text["keys"][0]["credential"]["endorsement"]["signature"] = other["keys"][0]["credential"][
        "endorsement"
    ]["signature"]


def no_base64(text, other):
    text["keys"][0]["credential"]["endorsement"]["signature"] = "-"


def endorsement_of_the_log(text, other):
    text["keys"][0]["credential"]["endorsement"] = text["log"]["endorsement"]


def other_group(text, other):
    text["keys"][0]["group"] = "MD"


def other_name(text, other):
    text["keys"][0]["id"] = "2020-B"


def a_way_out(text, other):
    text["keys"][0]["id"] = "../2020-A"


def longer(text, other):
    text["keys"][0]["until"] = "2050-01-01T00:00:00+00:00"


def other_fingerprint(text, other):
    text["keys"][0]["sha256"] = other["keys"][0]["sha256"]


def twice(text, other):
    text["keys"].append(text["keys"][0])


def log_of_others(text, other):
    text["log"]["publicKeyMultibase"] = other["log"]["publicKeyMultibase"]


def log_renamed(text, other):
    text["log"]["name"] = "other.example/log"


def other_format(text, other):
    text["format"] = "ciss-keys-3"


def no_moment(text, other):
    text["keys"][0]["compromised"] = "yesterday"


BAD: list[Callable[[Any, Any], None]] = [
    foreign_root,
    other_certificate,
    other_key_whole,
    other_credential,
    own_credential,
    no_endorsement,
    other_signature,
    no_base64,
    endorsement_of_the_log,
    other_group,
    other_name,
    a_way_out,
    longer,
    other_fingerprint,
    twice,
    log_of_others,
    log_renamed,
    other_format,
    no_moment,
]


@pytest.mark.parametrize("change", BAD, ids=lambda one: one.__name__)
def test_what_does_not_belong_together_is_refused(ours: Path, theirs: Path, change):
    text = raw(ours)
    change(text, raw(theirs))
    files.replace(ours / keys.PUBLIC, json.dumps(text).encode())

    with pytest.raises(BrokenKeys):
        keys.load_public(ours / keys.PUBLIC)
    with pytest.raises(BrokenKeys):
        keys.load(ours)


def test_a_whole_file_under_another_root_is_refused_where_ours_is_known(ours: Path, theirs: Path):
    files.replace(ours / keys.PUBLIC, (theirs / keys.PUBLIC).read_bytes())

    with pytest.raises(BrokenKeys, match="the root of key 2020-A is unknown here"):
        keys.load(ours)


def test_every_truncated_file_is_refused(ours: Path, tmp_path: Path):
    content = (ours / keys.PUBLIC).read_bytes().rstrip()
    path = tmp_path / "cut.json"
    read = []
    for length in range(0, len(content), 97):
        path.write_bytes(content[:length])
        try:
            keys.load_public(path)
        except BrokenKeys:
            continue
        read.append(length)

    assert read == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"format": "x"}',
        '{"format": "ciss-keys-1", "keys": [{}]}',
        "[]",
        "null",
        "1",
        '"x"',
        "{" * 100_000,
        "[" * 100_000,
        "\0",
    ],
)
def test_what_is_no_file_of_keys_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "keys.json"
    path.write_text(text)

    with pytest.raises(BrokenKeys):
        keys.load_public(path)


# --- private parts --------------------------------------------------------------------------------


def put(path: Path, content: bytes) -> None:
    files.replace(path, content)


@pytest.mark.parametrize("name", ["2020-A.key.pem", "2020-A.ed25519.key.pem", "log.key.pem"])
def test_a_private_part_of_others_is_refused(ours: Path, theirs: Path, name: str):
    put(ours / name, (theirs / name).read_bytes())

    assert refusals(ours) == [(name, f"{ours / name} does not belong to its {belongs(name)}")]


def belongs(name: str) -> str:
    return "certificate" if name == "2020-A.key.pem" else "public key"


@pytest.mark.parametrize("name", ["2020-A.key.pem", "2020-A.ed25519.key.pem", "log.key.pem"])
def test_a_truncated_private_part_is_refused(ours: Path, name: str):
    put(ours / name, (ours / name).read_bytes()[:100])

    [(found, said)] = refusals(ours)
    assert (found, said.startswith(f"{ours / name} cannot be read: ")) == (name, True)


@pytest.mark.parametrize("name", ["2020-A.key.pem", "2020-A.ed25519.key.pem", "log.key.pem"])
def test_a_private_part_that_others_can_read_signs_nothing(ours: Path, name: str):
    (ours / name).chmod(0o640)

    [(found, said)] = refusals(ours)
    assert (found, said) == (
        name,
        (
            f"Other users of this machine can read {ours / name}. Nothing is signed until this is fixed."
            f" Run `chmod 600 {ours / name}`."
        ),
    )


def refusals(folder: Path) -> list[tuple[str, str]]:
    """Sign with each part, and tell which refused and what it said."""
    held = keys.load(folder)
    key, found = held.keys[0], []
    acts = {
        "2020-A.key.pem": lambda: held.pdf_signer(key),
        "2020-A.ed25519.key.pem": lambda: held.sign_credential(key, b"x"),
        "log.key.pem": lambda: held.sign_log(b"x"),
    }
    for name, act in acts.items():
        try:
            act()
        except (NoKeys, BrokenKeys) as error:
            found.append((name, str(error)))
    return found


def test_a_folder_that_others_can_enter_signs_nothing(ours: Path):
    ours.chmod(0o755)

    with pytest.raises(ExposedKeys, match=f"Run `chmod 700 {ours}`"):
        keys.load(ours).signer_for("MD", NOW)
    assert [name for name, _said in refusals(ours)] == [
        "2020-A.key.pem",
        "2020-A.ed25519.key.pem",
        "log.key.pem",
    ]


def test_public_keys_that_others_can_change_are_refused(ours: Path):
    (ours / keys.PUBLIC).chmod(0o666)

    with pytest.raises(ExposedKeys, match="Other users of this machine can change"):
        keys.load(ours)


def test_new_files_are_for_the_owner_whatever_the_mask_says(tmp_path: Path):
    before = os.umask(0)
    try:
        keys.create_keys(tmp_path / "k", organisation="E", at=NOW)
        keys.create_keys(tmp_path / "k", organisation="E", at=NOW)
    finally:
        os.umask(before)

    paths = [tmp_path / "k", *(tmp_path / "k").iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o700, 0o600}


# --- the look over --------------------------------------------------------------------------------


def test_whole_keys_have_no_faults_and_the_root_beside_is_said(ours: Path):
    found = checks.look_over(ours, at=NOW)

    assert (found.faults, [one[:40] for one in found.remarks]) == (
        [],
        ["The root is in the same folder as the ot"],
    )


def test_each_fault_is_named_once(ours: Path, theirs: Path):
    put(ours / "2020-A.ed25519.key.pem", (theirs / "2020-A.ed25519.key.pem").read_bytes())
    (ours / "root.key.pem").chmod(0o604)
    (ours / "root.pem").chmod(0o620)

    assert checks.look_over(ours, at=NOW).faults == [
        (
            f"Other users of this machine can read {ours / 'root.key.pem'}."
            f" Nothing is signed until this is fixed. Run `chmod 600 {ours / 'root.key.pem'}`."
        ),
        (
            f"Other users of this machine can change {ours / 'root.pem'}."
            f" Nothing is signed until this is fixed. Run `chmod 600 {ours / 'root.pem'}`."
        ),
        f"{ours / '2020-A.ed25519.key.pem'} does not belong to its public key",
    ]


def test_an_empty_folder_and_keys_near_their_end_are_told(ours: Path, tmp_path: Path):
    soon = checks.look_over(ours, at=datetime(2027, 6, 1, tzinfo=UTC))
    late = checks.look_over(ours, at=datetime(2029, 6, 1, tzinfo=UTC))
    empty = checks.look_over(tmp_path / "none", at=NOW)

    no_key = (
        "No key of this installation can sign now. If a private file is missing, put it back"
        " from a backup. Otherwise make a new key with `ciss keys rotate`."
    )
    assert (
        soon.remarks[0]
        == "Key 2020-A can only sign until 2027-12-30. Make a new one before then with `ciss keys rotate`."
    )
    assert late.faults == [no_key]
    (gone,) = empty.faults
    assert gone.startswith(f"There are no keys in {tmp_path / 'none'}. `ciss setup` makes those")


def test_the_ring_signs_pdf_files(tmp_path: Path):
    held = ring(tmp_path)

    assert len(signed(facts(), held)) > len(drawn(facts()))
