"""What file, public keys, snapshot and proof tell without the register."""

import hashlib
import json
from datetime import date, timedelta

import pytest

from cissapp.certify.certificates.rules import RegisterEvent
from cissapp.certify.credentials.open_badges.document import write_credential
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking import offline, snapshots
from cissapp.verify.verification.checking.offline_sources import OfflineSources
from cissapp.verify.verification.rules import CheckAnswer
from cissapp.verify.verifier.rules import IssuedCertificate as Row
from cissapp.verify.verifier.services.snapshot import KeyMark, SnapshotFrame, sign_snapshot
from tests.certify.certificates.specimen import drawn, facts, ring, signed
from tests.certify.credentials.specimen import DID, source
from tests.factories import NOW
from tests.verify.verification import papers
from tests.verify.verification.forgeries import forgeries
from tests.verify.verification.more_forgeries import more

DAY = timedelta(days=1)
KNOWN = facts("uk", code="473VCQTRBW4WAHNP0059")
BEFORE, AFTER = papers.ISSUED - DAY, papers.ISSUED + DAY


@pytest.fixture(scope="module")
def ours(tmp_path_factory) -> Keyring:
    return ring(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def genuine(ours: Keyring) -> bytes:
    return signed(KNOWN, ours)


def ask(content: bytes, known: OfflineSources, at=NOW):
    return offline.check_offline(content, known, at=at, expiring_days=90)


def outcomes(verdict) -> dict[str, str]:
    return {check.what: check.outcome.value for check in verdict.checks}


def with_snapshot(keyring: Keyring, content: bytes, **more) -> OfflineSources:
    text = papers.snapshot(keyring, KNOWN, content, **more)
    return OfflineSources(keyring, snapshots.read_snapshot(text, keyring))


def with_proof(keyring: Keyring, content: bytes, *events) -> OfflineSources:
    return OfflineSources(keyring, None, papers.proof(keyring, KNOWN, content, *events))


# --- file and keys alone -------------------------------------------------------------------------


def test_file_and_keys_tell_all_but_the_status(ours, genuine):
    found = ask(genuine, OfflineSources(ours))

    assert (found.answer, found.facts, found.status_checked) == (CheckAnswer.VALID, KNOWN, False)
    assert outcomes(found) == {
        "This file": "yes",
        "Signature": "yes",
        "Status": "unknown",
        "Dates": "yes",
    }


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 11, 24), CheckAnswer.UPCOMING),
        (date(2026, 11, 25), CheckAnswer.VALID),
        (date(2028, 8, 26), CheckAnswer.VALID),
        (date(2028, 8, 27), CheckAnswer.EXPIRING),
        (date(2028, 11, 25), CheckAnswer.EXPIRING),
        (date(2028, 11, 26), CheckAnswer.EXPIRED),
    ],
)
def test_the_calendar_counts(ours, genuine, day: date, answer: CheckAnswer):
    at = NOW + (day - NOW.date())

    assert ask(genuine, OfflineSources(ours), at).answer is answer


def test_no_forgery_is_accepted_offline(ours, genuine, tmp_path):
    theirs = ring(tmp_path)
    known = KNOWN
    made = forgeries(genuine, known, ours, theirs) | more(
        genuine, signed(facts("ro"), ours), drawn(known), known, "0" * 20, ours, theirs
    )

    accepted = {name: ask(content, OfflineSources(ours)).answer for name, content in made.items()}

    assert len(made) >= 130
    assert {
        name: found
        for name, found in accepted.items()
        if found not in {CheckAnswer.ALTERED, CheckAnswer.NOT_OURS}
    } == {}


def test_too_large_a_file_is_not_looked_at(ours):
    assert ask(b"%PDF" + bytes(10_000_000), OfflineSources(ours)).answer is CheckAnswer.UNKNOWN


# --- a snapshot ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("valid", CheckAnswer.VALID),
        ("suspended", CheckAnswer.SUSPENDED),
        ("withdrawn", CheckAnswer.WITHDRAWN),
        ("replaced", CheckAnswer.REPLACED),
    ],
)
def test_a_snapshot_tells_the_status_of_its_day(ours, genuine, word: str, answer: CheckAnswer):
    found = ask(genuine, with_snapshot(ours, genuine, word=word))

    assert (found.answer, found.status_checked) == (answer, True)
    assert outcomes(found)["Status"] == ("yes" if word == "valid" else "no")


def test_the_snapshot_that_is_published_is_read(ours, genuine):
    row = Row(
        KNOWN.code,
        hashlib.sha256(genuine).hexdigest(),
        papers.ISSUED,
        RegisterEvent.WITHDRAWN,
        AFTER,
        None,
    )
    frame = SnapshotFrame(
        AFTER + DAY, 31, KNOWN.base_url, DID, None, (KeyMark("2020-A", None, None),)
    )
    known = OfflineSources(
        ours, snapshots.read_snapshot(sign_snapshot(frame, [row], ours.sign_log), ours)
    )

    found = ask(genuine, known, NOW + 3 * DAY)

    assert (found.answer, outcomes(found)["Status"]) == (CheckAnswer.WITHDRAWN, "no")
    assert known.snapshot
    assert known.snapshot.of("another code") is None


def test_an_old_snapshot_is_no_word_for_today(ours, genuine):
    known = with_snapshot(ours, genuine)

    found = [ask(genuine, known, NOW + days * DAY).answer for days in (30, 31)]

    assert found == [CheckAnswer.VALID, CheckAnswer.UNKNOWN]


def test_an_old_snapshot_still_tells_what_is_final(ours, genuine):
    known = with_snapshot(ours, genuine, word="withdrawn")

    assert ask(genuine, known, NOW + 400 * DAY).answer is CheckAnswer.WITHDRAWN


def test_what_a_snapshot_does_not_know_is_unknown(ours, genuine):
    found = ask(genuine, with_snapshot(ours, genuine, statuses={}))

    assert (found.answer, outcomes(found)["In the snapshot"]) == (CheckAnswer.UNKNOWN, "unknown")


def test_another_file_under_the_code_is_altered(ours, genuine):
    assert ask(genuine, with_snapshot(ours, b"another file")).answer is CheckAnswer.ALTERED


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw | {"taken_at": "2030-01-01T00:00:00+00:00"},
        lambda raw: raw | {"statuses": {}},
        lambda raw: raw | {"signature": "AAAA"},
        lambda raw: raw | {"more": 1},
        lambda raw: {name: one for name, one in raw.items() if name != "signature"},
        lambda raw: [raw],
        lambda _raw: None,
    ],
)
def test_a_snapshot_that_was_changed_is_none(ours, genuine, change):
    raw = json.loads(papers.snapshot(ours, KNOWN, genuine))

    with pytest.raises(snapshots.BadSnapshot):
        snapshots.read_snapshot(canonical(change(raw)), ours)


@pytest.mark.parametrize(
    "row", [["good", "2026-11-25", 0, "AA"], ["valid"], None, ["valid", "soon", 0, ""], "valid"]
)
def test_a_row_that_cannot_be_read_is_unknown(ours, genuine, row):
    rows = {papers.row_of(KNOWN.code): row or []}

    assert ask(genuine, with_snapshot(ours, genuine, statuses=rows)).answer is CheckAnswer.UNKNOWN


# --- a proof of the log --------------------------------------------------------------------------


def test_a_proof_shows_that_the_log_has_it(ours, genuine):
    found = ask(genuine, with_proof(ours, genuine, ("issued", papers.ISSUED)))

    assert (found.answer, found.status_checked) == (CheckAnswer.VALID, False)
    assert outcomes(found)["In the log"] == "yes"


@pytest.mark.parametrize("event", ["suspended", "withdrawn", "replaced"])
def test_a_proof_tells_what_was_decided(ours, genuine, event: str):
    events = (("issued", papers.ISSUED), (event, AFTER))

    assert ask(genuine, with_proof(ours, genuine, *events)).answer.value == event


def test_what_the_log_knows_later_counts_more_than_the_snapshot(ours, genuine):
    known = with_snapshot(ours, genuine)
    text = papers.proof(ours, KNOWN, genuine, ("issued", papers.ISSUED), ("withdrawn", AFTER))

    found = ask(genuine, OfflineSources(ours, known.snapshot, text))

    assert found.answer is CheckAnswer.WITHDRAWN


def test_a_proof_of_something_else_leaves_it_open(ours, genuine):
    good = papers.proof(ours, KNOWN, genuine, ("issued", papers.ISSUED))
    of_another = papers.proof(ours, facts("ro"), genuine, ("issued", papers.ISSUED))
    of_another_file = papers.proof(ours, KNOWN, b"other", ("issued", papers.ISSUED))
    damaged = good | {"events": [good["events"][0] | {"salt": "AAAA"}]}

    found = [
        ask(genuine, OfflineSources(ours, None, one)).answer
        for one in (of_another, damaged, {}, of_another_file)
    ]

    assert found == [
        CheckAnswer.UNKNOWN,
        CheckAnswer.UNKNOWN,
        CheckAnswer.UNKNOWN,
        CheckAnswer.ALTERED,
    ]


# --- a key in other hands ------------------------------------------------------------------------


def test_what_a_file_says_of_its_own_day_is_no_word_against_a_thief(ours, genuine):
    found = ask(genuine, OfflineSources(papers.stolen(ours, AFTER)))

    assert (found.answer, outcomes(found)["Key"]) == (CheckAnswer.UNKNOWN, "unknown")


@pytest.mark.parametrize("beside", ["snapshot", "proof"])
def test_what_was_signed_before_the_theft_stands(ours, genuine, beside: str):
    known = (
        with_snapshot(ours, genuine)
        if beside == "snapshot"
        else with_proof(ours, genuine, ("issued", papers.ISSUED))
    )

    answers = [
        ask(genuine, OfflineSources(papers.stolen(ours, since), known.snapshot, known.proof)).answer
        for since in (BEFORE, papers.ISSUED, AFTER)
    ]

    assert answers == [CheckAnswer.NOT_OURS, CheckAnswer.NOT_OURS, CheckAnswer.VALID]


def test_a_snapshot_may_tell_of_a_theft_that_the_keys_do_not_know(ours, genuine):
    marks = {ours.newest().id: {"compromised": BEFORE.isoformat()}}

    assert ask(genuine, with_snapshot(ours, genuine, keys=marks)).answer is CheckAnswer.NOT_OURS


# --- credentials ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def badge(ours: Keyring) -> dict[str, bytes]:
    document, key = write_credential(source("uk", code=KNOWN.code)), ours.newest()
    text = add_proof(document, did=DID, ring=ours, key=key, at=papers.ISSUED)
    token = sign_token(document, did=DID, ring=ours, key=key, at=papers.ISSUED)
    return {"json": canonical(text).encode(), "jwt": token.encode()}


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_a_credential_is_checked_like_a_file(ours, badge, genuine, form: str):
    content = badge[form]

    alone = ask(content, OfflineSources(ours))
    beside = {
        word: ask(content, with_snapshot(ours, genuine, word=word)).answer.value
        for word in ("valid", "suspended", "withdrawn")
    }
    later = ask(content, OfflineSources(ours), NOW + 800 * DAY)
    foreign = ask(content, OfflineSources(Keyring()))
    changed = ask(content.replace(b"A", b"B", 1), OfflineSources(ours))

    assert (alone.answer, alone.status_checked) == (CheckAnswer.VALID, False)
    assert beside == {word: word for word in beside}
    assert (later.answer, foreign.answer) == (CheckAnswer.EXPIRED, CheckAnswer.NOT_OURS)
    assert changed.answer in {CheckAnswer.ALTERED, CheckAnswer.NOT_OURS}


def test_a_stolen_key_signs_no_credential_that_counts(ours, badge):
    found = ask(badge["json"], OfflineSources(papers.stolen(ours, AFTER)))

    assert (found.answer, outcomes(found)["Key"]) == (CheckAnswer.UNKNOWN, "unknown")


@pytest.mark.parametrize("beside", ["snapshot", "proof"])
@pytest.mark.parametrize("form", ["json", "jwt"])
def test_no_thief_writes_a_credential_under_the_code_of_a_certificate(
    ours, genuine, beside: str, form: str
):
    """It says that it was signed before the theft, and snapshot and log know the code since before it."""
    better = source("uk", code=KNOWN.code, school_name="Another School", level=3)
    document, key, at = write_credential(better), ours.newest(), papers.ISSUED
    forged = (
        canonical(add_proof(document, did=DID, ring=ours, key=key, at=at))
        if form == "json"
        else sign_token(document, did=DID, ring=ours, key=key, at=at)
    )
    known = (
        with_snapshot(ours, genuine)
        if beside == "snapshot"
        else with_proof(ours, genuine, ("issued", papers.ISSUED))
    )
    keys_then = papers.stolen(ours, AFTER)

    found = ask(forged.encode(), OfflineSources(keys_then, known.snapshot, known.proof))

    assert (found.answer, outcomes(found)["Key"]) == (CheckAnswer.UNKNOWN, "unknown")


def test_the_keys_of_before_there_was_a_log_take_no_snapshot(ours, genuine):
    text = papers.snapshot(ours, KNOWN, genuine)

    with pytest.raises(snapshots.BadSnapshot):
        snapshots.read_snapshot(text, Keyring(ours.keys))
    assert keys.PUBLIC == "keys.json"
