"""The addresses of the log, as monitors, witnesses and people use them."""

import hashlib
import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from cissapp.certify.certificates.rules import in_groups
from cissapp.certify.transparency import queries, services
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.commands import log
from cissapp.certify.transparency.rules import merkle, notes, proofs
from cissapp.certify.transparency.rules.entries import (
    MOST_ENTRIES,
    base64_of,
    commitment,
    from_base64,
)
from cissapp.foundation.core.db import unit_of_work
from tests.certify.transparency.test_services import (
    NAME,
    WITNESS,
    change,
    five_events,
    keys_dir,
    open_up,
    run,
    witness_key,
)
from tests.factories import NOW


@pytest.fixture
def certificate(app, databases):
    """A certificate with five events in the log."""
    return databases.kept(five_events)


@pytest.fixture
def trusted(app, make):
    make.keyring()
    return log_keys.open_log_keys(keys_dir(app))[1]


def told(client, address: str) -> dict:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
    return answer.get_json()


# --- monitors ------------------------------------------------------------------------------------


def test_a_monitor_computes_the_signed_root_from_the_entries(client, certificate, trusted):
    _note, checkpoint = notes.read_signed_checkpoint(
        client.get("/log/checkpoint").text, trusted.logs
    )
    found = told(client, "/log/entries?start=0&end=4")

    assert (found["start"], found["size"], [one["index"] for one in found["entries"]]) == (
        0,
        5,
        [0, 1, 2, 3, 4],
    )
    leaves = [merkle.leaf_hash(from_base64(one["data"])) for one in found["entries"]]
    assert (checkpoint.size, checkpoint.root) == (5, merkle.root(leaves))


def test_every_proof_of_the_log_verifies(client, certificate):
    for size in range(1, 6):
        for index in range(size):
            by_index = told(client, f"/log/proof/inclusion?index={index}&size={size}")
            code = by_index["leaf_hash"].replace("+", "%2B")
            assert told(client, f"/log/proof/inclusion?hash={code}&size={size}") == by_index
            assert merkle.verify_inclusion(
                index,
                size,
                from_base64(by_index["leaf_hash"]),
                [from_base64(one) for one in by_index["proof"]],
                from_base64(by_index["root"]),
            )
        for first in range(1, size + 1):
            found = told(client, f"/log/proof/consistency?first={first}&second={size}")
            assert merkle.verify_consistency(
                first,
                size,
                [from_base64(one) for one in found["proof"]],
                from_base64(found["first_root"]),
                from_base64(found["second_root"]),
            )


def test_an_entry_is_found_by_its_hash_in_hexadecimal_digits_as_well(client, certificate):
    by_index = told(client, "/log/proof/inclusion?index=2&size=5")
    digits = from_base64(by_index["leaf_hash"]).hex()

    assert told(client, f"/log/proof/inclusion?hash={digits}&size=5") == by_index
    assert told(client, f"/log/proof/inclusion?hash={digits}") == by_index


def test_from_an_empty_log_there_is_nothing_to_prove(client, certificate):
    assert told(client, "/log/proof/consistency?first=0&second=5")["proof"] == []


def test_an_older_checkpoint_is_given_by_its_size(client, certificate, trusted):
    _note, checkpoint = notes.read_signed_checkpoint(
        client.get("/log/checkpoint?size=3").text, trusted.logs
    )

    assert checkpoint.size == 3
    assert client.get("/log/checkpoint?size=9").status_code == 404


def test_without_a_checkpoint_there_is_none(client):
    assert client.get("/log/checkpoint").status_code == 404
    assert told(client, "/log/entries") == {"start": 0, "size": 0, "entries": []}


WRONG = [
    ("/log/entries?start=-1", "start must be a whole number"),
    ("/log/entries?start=1.5", "start must be a whole number"),
    ("/log/entries?start=", "start must be a whole number"),
    ("/log/entries?start=%D9%A3", "start must be a whole number"),
    ("/log/entries?start=1e3", "start must be a whole number"),
    ("/log/entries?start=9999999999999999999999", "start must be a whole number"),
    ("/log/entries?start=6", "must not be larger than the log, which has 5 entries"),
    ("/log/entries?start=2&end=1", "end must not be smaller than start"),
    ("/log/entries?end=x", "end must be a whole number"),
    ("/log/proof/inclusion?size=5", "must include either index or hash"),
    ("/log/proof/inclusion?index=1&hash=a&size=5", "must include either index or hash"),
    ("/log/proof/inclusion?index=5&size=5", "index must be smaller than size"),
    ("/log/proof/inclusion?index=0&size=0", "index must be smaller than size"),
    ("/log/proof/inclusion?index=0&size=6", "size must not be larger than the log"),
    ("/log/proof/inclusion?index=a&size=5", "index must be a whole number"),
    ("/log/proof/inclusion?hash=a&size=5", "hash must be the hash of an entry"),
    ("/log/proof/inclusion?hash=" + "z" * 64, "hash must be the hash of an entry"),
    ("/log/proof/consistency", "must include first"),
    ("/log/proof/consistency?first=3&second=2", "first must not be larger than second"),
    ("/log/proof/consistency?first=1&second=6", "second must not be larger than the log"),
    ("/log/proof/consistency?first=1&second=-2", "second must be a whole number"),
    ("/log/checkpoint?size=x", "size must be a whole number"),
]


def test_a_question_that_makes_no_sense_gets_a_sentence(client, certificate):
    for address, sentence in WRONG:
        answer = client.get(address)

        assert (answer.status_code, answer.mimetype) == (400, "application/json"), address
        assert sentence in answer.get_json()["message"], address


def test_an_unknown_hash_and_one_beyond_the_size_are_not_found(client, certificate):
    last = told(client, "/log/proof/inclusion?index=4&size=5")["leaf_hash"].replace("+", "%2B")

    assert client.get(f"/log/proof/inclusion?hash={'0' * 64}&size=5").status_code == 404
    assert client.get(f"/log/proof/inclusion?hash={last}&size=4").status_code == 404


def test_at_most_a_thousand_entries_are_given_at_once(monkeypatch, client, certificate):
    from cissapp.certify.transparency.rules import requests

    assert (MOST_ENTRIES, requests.MOST_ENTRIES) == (1000, 1000)
    monkeypatch.setattr(requests, "MOST_ENTRIES", 2)
    assert [one["index"] for one in told(client, "/log/entries?start=1&end=4")["entries"]] == [1, 2]
    assert [one["index"] for one in told(client, "/log/entries?start=4")["entries"]] == [4]
    assert told(client, "/log/entries?start=5")["entries"] == []


@pytest.mark.parametrize(
    ("address", "seconds"),
    [
        ("/log/entries?start=0&end=2", 86_400),
        ("/log/entries?start=0&end=9", 60),
        ("/log/checkpoint", 60),
        ("/log/proof/inclusion?index=0&size=3", 86_400),
        ("/log/proof/inclusion?index=0", 60),
        ("/log/proof/consistency?first=2&second=5", 86_400),
        ("/log/proof/consistency?first=2", 60),
    ],
)
def test_what_does_not_change_may_be_kept(client, certificate, address: str, seconds: int):
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.headers["Cache-Control"] == f"public, max-age={seconds}"
    assert (again.status_code, again.data, again.headers["ETag"]) == (
        304,
        b"",
        answer.headers["ETag"],
    )
    assert "Set-Cookie" not in answer.headers


# --- a certificate's own proof -------------------------------------------------------------------


def test_the_proof_of_a_certificate_is_checked_with_public_keys_alone(client, certificate, trusted):
    proof = told(client, f"/log/proof/certificate/{in_groups(certificate.code)}")
    found = proofs.check_proof(proof, trusted)

    assert [(one.index, one.event) for one in found.events] == [
        (0, "issued"),
        (1, "suspended"),
        (2, "reinstated"),
        (3, "suspended"),
        (4, "reinstated"),
    ]
    assert {(one.number, one.facts_sha256, one.file_sha256) for one in found.events} == {
        (certificate.number, certificate.facts_sha256, certificate.file_sha256)
    }
    assert (found.checkpoint.size, found.witnesses, found.waiting) == (5, (), 0)


def test_what_came_after_the_checkpoint_waits(app, client, certificate, trusted):
    open_up(app)
    run(app, "DELETE FROM checkpoint WHERE size = 5")

    found = proofs.check_proof(told(client, f"/log/proof/certificate/{certificate.code}"), trusted)

    assert ([one.index for one in found.events], found.waiting) == ([0, 1, 2, 3], 1)


def break_salt(proof: dict) -> None:
    proof["events"][1]["salt"] = proof["events"][0]["salt"]


def break_event(proof: dict) -> None:
    proof["events"][1]["event"] = proof["events"][1]["event"].replace("suspended", "withdrawn")


def break_index(proof: dict) -> None:
    proof["events"][1]["index"] = 2


def break_path(proof: dict) -> None:
    proof["events"][1]["proof"].append(proof["root"])


def break_number(proof: dict) -> None:
    proof["number"] = "MD-2026-00009"


def break_checkpoint(proof: dict) -> None:
    proof["checkpoint"] = proof["checkpoint"].replace("\n5\n", "\n6\n")


def take_checkpoint_away(proof: dict) -> None:
    proof["checkpoint"] = None


def take_events_away(proof: dict) -> None:
    proof["events"] = []


def hide_all(proof: dict) -> None:
    for one in proof["events"]:
        one["proof"] = None


def twice(proof: dict) -> None:
    proof["events"].append(proof["events"][-1])


def turned(proof: dict) -> None:
    proof["events"].reverse()


def no_salt(proof: dict) -> None:
    del proof["events"][0]["salt"]


def other_format(proof: dict) -> None:
    proof["format"] = "ciss-proof-2"


def truth_as_index(proof: dict) -> None:
    proof["events"][1]["index"] = True


BREAKS = [
    break_salt, break_event, break_index, break_path, break_number, break_checkpoint,
    take_checkpoint_away, take_events_away, hide_all, twice, turned, no_salt, other_format,
    truth_as_index,
]  # fmt: skip


def test_a_changed_proof_shows_nothing(client, certificate, trusted):
    proof = told(client, f"/log/proof/certificate/{certificate.code}")
    proofs.check_proof(proof, trusted)
    for change_ in BREAKS:
        changed = json.loads(json.dumps(proof))
        change_(changed)
        with pytest.raises(proofs.BadProof):
            proofs.check_proof(changed, trusted)
    for nonsense in (None, [], "x", {}, {**proof, "events": 1}, {**proof, "events": [1]}):
        with pytest.raises(proofs.BadProof):
            proofs.check_proof(nonsense, trusted)


def test_without_the_code_there_is_no_proof(client, certificate):
    wrong = certificate.code[:-1] + ("A" if certificate.code[-1] != "A" else "B")

    for code in (wrong, certificate.number, str(certificate.id), "x"):
        assert client.get(f"/log/proof/certificate/{code}").status_code == 404


def test_salts_are_kept_out_of_shared_caches(client, certificate):
    answer = client.get(f"/log/proof/certificate/{certificate.code}")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def everything_public(client) -> bytes:
    """All that anybody can get of the log without a code, files of the export included."""
    addresses = ["/log", "/log/checkpoint", "/log/entries"]
    addresses += [f"/log/proof/inclusion?index={index}&size=5" for index in range(5)]
    addresses += [f"/log/proof/consistency?first={first}&second=5" for first in range(6)]
    parts = [client.get(one).data for one in addresses]
    with ZipFile(BytesIO(client.get("/log/export.zip").data)) as archive:
        parts += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(parts)


def test_an_entry_cannot_be_matched_to_a_school_without_the_certificate(app, client, certificate):
    """Not even by somebody who knows every fact of the certificate, its file and its row, but no salt."""
    public = everything_public(client)
    with app.app_context():
        leaves = list(queries.leaves())
    hidden = [
        certificate.number,
        certificate.code,
        certificate.facts_sha256,
        certificate.file_sha256,
    ]
    hidden += [certificate.school.name, certificate.school.code]
    hidden += [leaf.salt for leaf in leaves] + [leaf.event for leaf in leaves]
    hidden += [base64_of(bytes.fromhex(leaf.salt)) for leaf in leaves]
    hidden += [json.loads(leaf.event)["row"] for leaf in leaves]
    assert [one for one in hidden if one.encode() in public] == []

    guesses = {b"", b"\0" * 32, certificate.code.encode(), certificate.number.encode()}
    guesses |= {bytes.fromhex(json.loads(leaf.event)["row"]) for leaf in leaves}
    entered = {bytes.fromhex(leaf.data) for leaf in leaves}
    tried = {commitment(guess, leaf.event) for guess in guesses for leaf in leaves}
    tried |= {hashlib.sha256(leaf.event.encode()).digest() for leaf in leaves}
    assert tried & entered == set()
    # With the salt, which comes with the certificate's code, each entry is found again.
    proof = told(client, f"/log/proof/certificate/{certificate.code}")
    opened = {commitment(b64decode(one["salt"]), one["event"]) for one in proof["events"]}
    assert opened == entered


def test_two_entries_that_say_the_same_look_different():
    first, second = (commitment(bytes([one]) * 32, '{"event":"issued"}') for one in (1, 2))

    assert first != second


# --- the page, the export ------------------------------------------------------------------------


def test_the_page_says_how_far_the_log_is_signed_and_who_signed_as_well(app, client, certificate):
    path = keys_dir(app) / log_keys.WITNESSES
    path.write_text(f"# the ministry\n{witness_key().vkey}\n")
    try:
        before = client.get("/log").text
        with app.app_context(), unit_of_work():
            note = notes.read_note(queries.checkpoint().note)
            line = notes.cosign(note.text, NAME, WITNESS, at=NOW)
            services.add_cosignatures(str(note.signed_also([line])), [witness_key()], at=NOW)
        after = client.get("/log").text
    finally:
        path.unlink()

    assert "5 entries" in before
    assert NAME in before
    assert "Nothing yet" in before
    assert "Nothing yet" not in after
    assert 'href="/log"' in client.get("/").text


def test_the_page_of_an_empty_log_says_so(client):
    page = client.get("/log").text

    assert "The log is not signed yet." in page
    assert "No witness has signed yet." in page


def test_the_downloaded_export_is_whole_and_the_same_each_time(app, client, certificate, tmp_path):
    first, second = client.get("/log/export.zip"), client.get("/log/export.zip")
    assert (first.mimetype, first.data == second.data) == ("application/zip", True)
    with ZipFile(BytesIO(first.data)) as archive:
        assert sorted(archive.namelist()) == [
            "ciss-log/checkpoints.jsonl",
            "ciss-log/entries.jsonl",
            "ciss-log/keys.json",
        ]
        archive.extractall(tmp_path)

    kept = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/log/export.zip", headers=kept).status_code == 304
    change(app, certificate, "withdraw", 9)
    assert client.get("/log/export.zip", headers=kept).status_code == 200

    keys = str(keys_dir(app) / "keys.json")
    found = CliRunner().invoke(
        log, ["check", "--export", str(tmp_path / "ciss-log"), "--keys", keys]
    )

    assert (found.exit_code, found.stdout) == (
        0,
        "The public log is intact: 5 entries, 5 signed checkpoints.\n",
    )


def test_a_checkpoint_kept_by_a_reader_still_holds_after_new_events(
    app, client, certificate, trusted
):
    _kept, old = notes.read_signed_checkpoint(client.get("/log/checkpoint").text, trusted.logs)
    change(app, certificate, "withdraw", 9)
    _now, new = notes.read_signed_checkpoint(client.get("/log/checkpoint").text, trusted.logs)
    found = told(client, f"/log/proof/consistency?first={old.size}&second={new.size}")

    path = [from_base64(one) for one in found["proof"]]
    assert (old.size, new.size) == (5, 6)
    assert merkle.verify_consistency(old.size, new.size, path, old.root, new.root)


def test_a_moment_far_away_is_still_a_moment():
    line = notes.Signature("w", b"1234", (2**63 - 1).to_bytes(8, "big") + b"\0" * 64)

    assert notes.cosigned_at(line) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert notes.cosigned_at(line) - timedelta(1) < notes.cosigned_at(line)
