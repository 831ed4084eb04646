"""A witness: looks, compares with what it signed before, signs; `ciss log` around it."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.commands import log
from cissapp.certify.transparency.rules import merkle, notes
from cissapp.certify.transparency.rules.entries import base64_of, from_base64
from tests.certify.transparency.history import KINDS, Files, built, ring_in, told
from tests.certify.transparency.test_services import five_events, keys_dir


def ciss(*arguments: object, app=None) -> Result:
    info = ScriptInfo(create_app=(lambda: app) if app else None)
    return CliRunner().invoke(log, [str(one) for one in arguments], obj=info)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log")


@pytest.fixture(scope="module")
def ring(folder: Path):
    return ring_in(folder / "keys")


@pytest.fixture(scope="module")
def honest(ring) -> Files:
    return built(told(), ring)


class Witness:
    """A witness with its key, in a folder of its own."""

    def __init__(self, home: Path, log_folder: Path) -> None:
        self.home, self.keys = home, log_folder / "keys" / "keys.json"
        self.key = home / "witness.key"
        made = ciss("new-witness", "ministry.example/witness", "--key", self.key)
        assert made.exit_code == 0, made.stderr
        self.vkey = made.stdout.strip()

    def sign(self, note: str, *more: object) -> Result:
        path = self.home / "checkpoint.txt"
        path.write_text(note)
        return ciss("cosign", path, "--key", self.key, "--keys", self.keys, *more)

    def proof(self, files: Files, first: int, second: int) -> Path:
        leaves = [from_base64(one["leaf_hash"]) for one in files.entries[:second]]
        path = self.home / "proof.json"
        proof = [base64_of(one) for one in merkle.consistency_proof(first, leaves)]
        path.write_text(json.dumps({"proof": proof}))
        return path


@pytest.fixture
def witness(tmp_path: Path, folder: Path, ring) -> Witness:
    return Witness(tmp_path, folder)


def size_of(files: Files, number: int) -> int:
    return int(files.checkpoints[number]["note"].split("\n")[1])


def test_a_witness_signs_what_goes_on_from_what_it_signed(witness, honest):
    first = witness.sign(honest.checkpoints[2]["note"])
    proof = witness.proof(honest, size_of(honest, 2), size_of(honest, 9))
    second = witness.sign(honest.checkpoints[9]["note"], "--proof", proof)
    again = witness.sign(honest.checkpoints[9]["note"])

    key = notes.read_vkey(witness.vkey)
    for found in (first, second, again):
        assert found.exit_code == 0, found.stderr
        assert key.signed(notes.read_note(found.stdout))
    assert key.kind is notes.KeyKind.COSIGNATURE


def test_the_entries_show_it_as_well_as_a_proof(witness, honest, tmp_path):
    where = honest.write(tmp_path / "export", private=False)

    assert witness.sign(honest.checkpoints[2]["note"], "--export", where).exit_code == 0
    assert witness.sign(honest.checkpoints[9]["note"], "--export", where).exit_code == 0


def test_without_a_proof_it_is_told_which_to_fetch(witness, honest):
    witness.sign(honest.checkpoints[2]["note"])
    found = witness.sign(honest.checkpoints[9]["note"])

    first, second = size_of(honest, 2), size_of(honest, 9)
    assert found.exit_code == 1
    assert f"/log/proof/consistency?first={first}&second={second}" in found.stderr


def test_it_does_not_sign_a_log_that_was_rolled_back(witness, honest):
    witness.sign(honest.checkpoints[9]["note"])
    found = witness.sign(honest.checkpoints[2]["note"])

    assert (found.exit_code, found.stdout) == (1, "")
    assert "the log had" in found.stderr


def forked(ring, kind: str = "edit") -> Files:
    rows = told()
    KINDS[kind][0](rows)
    return built(rows, ring)


@pytest.mark.parametrize("with_export", [True, False])
def test_it_does_not_sign_another_log_that_the_operator_signed(
    witness, honest, ring, tmp_path, with_export: bool
):
    other = forked(ring)
    witness.sign(honest.checkpoints[8]["note"])
    first, second = size_of(honest, 8), size_of(other, 10)
    more = (
        ("--export", other.write(tmp_path / "other", private=False))
        if with_export
        else ("--proof", witness.proof(other, first, second))
    )

    found = witness.sign(other.checkpoints[10]["note"], *more)

    assert (found.exit_code, found.stdout) == (1, "")
    assert "does not continue the one" in found.stderr
    # What it signed before is still what counts.
    proof = witness.proof(honest, first, size_of(honest, 10))
    assert witness.sign(honest.checkpoints[10]["note"], "--proof", proof).exit_code == 0


def test_it_does_not_sign_two_roots_of_one_size(witness, honest, ring):
    other = forked(ring)
    witness.sign(honest.checkpoints[8]["note"])

    assert size_of(honest, 8) == size_of(other, 8)
    assert witness.sign(other.checkpoints[8]["note"]).exit_code == 1


def test_it_does_not_sign_entries_that_are_not_those_of_the_checkpoint(
    witness, honest, ring, tmp_path
):
    where = forked(ring).write(tmp_path / "other", private=False)

    found = witness.sign(honest.checkpoints[9]["note"], "--export", where)

    assert (found.exit_code, "entries do not match" in found.stderr) == (1, True)


def test_it_does_not_sign_what_the_log_did_not_sign(witness, honest, tmp_path):
    stranger = built(told(), ring_in(tmp_path / "stranger"))
    unsigned = honest.last().split("\n\n")[0] + "\n\n"

    for note in (stranger.last(), unsigned, "", "nonsense"):
        found = witness.sign(note)
        assert (found.exit_code, found.stdout) == (1, "")
    assert not witness.key.with_name("witness.key.signed.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format":"ciss-witness-1","signed":{"ciss/log":"x"}}']
)
def test_a_memory_that_cannot_be_read_is_no_reason_to_begin_anew(witness, honest, text: str):
    state = witness.key.with_name("witness.key.signed.json")
    state.write_text(text)

    found = witness.sign(honest.last())

    assert (found.exit_code, state.read_text()) == (1, text)
    assert "cannot be read" in found.stderr


def test_what_was_signed_is_kept_before_it_is_handed_out(witness, honest):
    found = witness.sign(honest.checkpoints[2]["note"])

    state = json.loads(witness.key.with_name("witness.key.signed.json").read_text())
    assert list(state["signed"].values()) == [found.stdout]


@pytest.mark.parametrize("proof", ["{}", "[]", '{"proof":[1]}', '{"proof":["x"]}', "nonsense"])
def test_a_proof_that_cannot_be_read_is_none(witness, honest, tmp_path, proof: str):
    witness.sign(honest.checkpoints[2]["note"])
    path = tmp_path / "proof.json"
    path.write_text(proof)

    assert witness.sign(honest.checkpoints[9]["note"], "--proof", path).exit_code == 1


def test_the_key_of_a_witness_is_for_its_owner_only_and_never_overwritten(witness):
    again = ciss("new-witness", "other.example", "--key", witness.key)
    bad = ciss("new-witness", "two words", "--key", witness.home / "b.key")

    assert stat.S_IMODE(witness.key.stat().st_mode) == 0o600
    assert (again.exit_code, bad.exit_code) == (1, 1)


def test_a_file_that_is_no_key_is_refused(witness, honest, tmp_path):
    path = tmp_path / "checkpoint.txt"
    path.write_text(honest.last())
    for text in ("", "nonsense", witness.key.read_text().partition("\n")[2]):
        bad = tmp_path / "bad.key"
        bad.write_text(text)
        found = ciss("cosign", path, "--key", bad, "--keys", witness.keys)
        assert (found.exit_code, "is not a witness key" in found.stderr) == (1, True)


def test_a_wrong_cosignature_in_an_export_is_found(witness, honest, folder, tmp_path):
    signed = witness.sign(honest.last()).stdout
    files = honest.copy()
    files.checkpoints[-1]["note"] = signed
    line = notes.read_note(signed).signatures[-1]
    forged = notes.Signature(
        line.name, line.key_id, line.content[:-1] + bytes([line.content[-1] ^ 1])
    )
    (tmp_path / "witnesses.txt").write_text(f"{witness.vkey}\n")

    def check() -> Result:
        where = files.write(tmp_path / "export")
        more = ("--keys", witness.keys, "--witnesses", tmp_path / "witnesses.txt")
        return ciss("check", "--export", where, *more)

    good = check()
    files.checkpoints[-1]["note"] = honest.last() + forged.line
    bad = check()

    assert good.exit_code == 0
    assert (bad.exit_code, bad.stdout) == (
        1,
        "checkpoint 11: the cosignature of ministry.example/witness was not made with its key\n",
    )


# --- with an installation ------------------------------------------------------------------------


def test_the_whole_way_of_a_cosignature(app, client, databases, tmp_path):
    """Export, sign, add, publish, export again, check: as operator and witness do it."""
    databases.kept(five_events)
    witnesses = keys_dir(app) / log_keys.WITNESSES
    person = Witness(tmp_path, keys_dir(app).parent)
    assert person.keys == keys_dir(app) / "keys.json"
    try:
        signed = person.sign(client.get("/log/checkpoint").text)
        note = tmp_path / "signed.txt"
        note.write_text(signed.stdout)
        unknown = ciss("add-cosignature", note, app=app)
        witnesses.write_text(f"{person.vkey}\n")
        added = ciss("add-cosignature", note, app=app)
        again = ciss("add-cosignature", note, app=app)
        listed = ciss("witnesses", app=app)
        exported = ciss("export", tmp_path / "export", app=app)
        whole = ciss("check", "--export", tmp_path / "export", "--keys", person.keys)
    finally:
        witnesses.unlink(missing_ok=True)

    assert (unknown.exit_code, again.exit_code) == (1, 1)
    assert (added.exit_code, added.stdout) == (
        0,
        "ministry.example/witness: checkpoint at 5 entries\n",
    )
    assert listed.stdout.startswith("ministry.example/witness: 5 entries, 20")
    assert client.get("/log/checkpoint").text == signed.stdout
    assert [Path(one).name for one in exported.stdout.split()] == [
        "entries.jsonl",
        "checkpoints.jsonl",
        "keys.json",
        "witnesses.txt",
    ]
    assert (whole.exit_code, whole.stdout) == (
        0,
        "The public log is intact: 5 entries, 5 signed checkpoints.\n",
    )


def test_a_private_export_is_whole_and_for_its_owner_only(app, databases, tmp_path):
    databases.kept(five_events)
    where = tmp_path / "private"

    written = ciss("export", where, "--private", app=app)
    again = ciss("export", where, "--private", app=app)
    whole = ciss("check", "--export", where, "--keys", keys_dir(app) / "keys.json")

    assert (written.exit_code, again.exit_code, whole.exit_code) == (0, 1, 0), whole.stdout
    private = {"events.jsonl", "register.jsonl"}
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in where.iterdir()}
    assert {modes.pop(name) for name in private} == {0o600}
    assert set(modes) == {"entries.jsonl", "checkpoints.jsonl", "keys.json"}


def test_the_database_is_checked_against_a_checkpoint_from_before(app, client, databases, tmp_path):
    certificate = databases.kept(five_events)
    kept = tmp_path / "kept.txt"
    kept.write_text(client.get("/log/checkpoint").text)

    found = ciss("check", "--previous", kept, app=app)

    assert certificate.number
    assert (found.exit_code, found.stdout) == (
        0,
        "The register is intact.\nThe public log is intact: 5 entries, 5 signed checkpoints.\n",
    )
    with app.app_context():
        assert queries.size() == 5
