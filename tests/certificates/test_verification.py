"""The answer to a code and to a file: genuine is accepted, everything else is not, nothing hangs."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from cissapp.certificates import services, verification
from cissapp.certificates.facts import read
from cissapp.certificates.keys import Keyring
from cissapp.certificates.rules import in_groups, new_code
from cissapp.certificates.verification import Answer, Outcome
from cissapp.core.actor import SYSTEM
from cissapp.core.db import session
from cissapp.core.storage import files
from tests.certificates.forgeries import forgeries
from tests.certificates.specimen import facts, ring, signed
from tests.factories import NOW

REASON = "The designated person left and nobody follows."
SECONDS = 2


def check_file(content: bytes, keyring: Keyring, at=NOW):
    return verification.check_file(content, keyring, at=at, expiring_days=90)


def check_code(code: str, at=NOW):
    return verification.check_code(code, at=at, expiring_days=90)


def outcomes(verdict) -> list[tuple[str, str]]:
    return [(check.what, check.outcome.value) for check in verdict.checks]


def test_the_genuine_file_is_valid(context, make):
    certificate = make.certified()

    found = check_file(files().get(certificate.file_key), make.keyring())

    assert (found.answer, found.good, found.facts) == (
        Answer.VALID,
        True,
        read(certificate.facts),
    )
    assert outcomes(found) == [
        ("This file", "yes"),
        ("Signature", "yes"),
        ("In the register", "yes"),
        ("Status", "yes"),
        ("Dates", "yes"),
    ]


def test_no_forgery_is_accepted(context, make, tmp_path):
    ours, theirs = make.keyring(), ring(tmp_path, organisation="ECPAT for tests")
    certificate = make.certified()
    genuine = files().get(certificate.file_key)
    made = forgeries(genuine, read(certificate.facts), ours, theirs)

    accepted, slow, offline = [], [], []
    for name, content in made.items():
        began = time.perf_counter()
        if check_file(content, ours).answer not in {Answer.ALTERED, Answer.NOT_OURS}:
            accepted.append(name)
        if time.perf_counter() - began > SECONDS:
            slow.append(name)
        if verification.verify_offline(
            content, ours, today=NOW.date(), expiring_days=90
        ).answer not in {Answer.ALTERED, Answer.NOT_OURS}:
            offline.append(name)

    assert len(made) >= 40
    assert (accepted, slow, offline) == ([], [], [])


def test_an_altered_file_is_told_from_a_foreign_one(context, make, tmp_path):
    ours, theirs = make.keyring(), ring(tmp_path)
    certificate = make.certified()
    genuine = files().get(certificate.file_key)
    known = read(certificate.facts)
    made = forgeries(genuine, known, ours, theirs)

    altered = {
        name: check_file(made[name], ours)
        for name in (
            "one byte changed",
            "saved by an editor",
            "a text box over it",
            "another name, signed by others",
            "never signed",
        )
    }
    foreign = check_file(signed(facts(), theirs), ours)

    assert {name: found.answer for name, found in altered.items()} == dict.fromkeys(
        altered, Answer.ALTERED
    )
    assert {found.facts for found in altered.values()} == {known}
    assert (foreign.answer, foreign.facts) == (Answer.NOT_OURS, None)


def test_a_file_that_our_key_signed_but_the_register_does_not_know_is_not_valid(context, make):
    ours = make.keyring()

    stolen = check_file(signed(facts(key_id="2020-A"), ours), ours)

    assert (stolen.answer, outcomes(stolen)) == (Answer.NOT_OURS, [("This file", "no")])


def test_too_large_a_file_could_not_be_checked(context, make):
    found = check_file(b"%PDF" + bytes(verification.LARGEST), make.keyring())

    assert (found.answer, outcomes(found)) == (Answer.UNKNOWN, [("This file", "unknown")])


def test_without_the_public_key_nothing_is_called_valid(context, make):
    certificate = make.certified()
    content = files().get(certificate.file_key)

    found = check_file(content, Keyring())
    services.withdraw(certificate, reason=REASON, by=SYSTEM, at=NOW)
    after = check_file(content, Keyring())

    assert (found.answer, dict(outcomes(found))["Signature"]) == (Answer.UNKNOWN, "unknown")
    assert after.answer is Answer.WITHDRAWN


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        (-1, "unknown"),
        (0, "valid"),
        (640, "valid"),
        (641, "expiring"),
        (731, "expiring"),
        (732, "expired"),
    ],
)
def test_file_and_code_say_the_same_on_every_day(context, make, days: int, answer: str):
    certificate = make.certified()
    day = NOW + timedelta(days=days)

    by_file = check_file(files().get(certificate.file_key), make.keyring(), at=day)
    by_code = check_code(in_groups(certificate.code).lower(), at=day)

    assert (by_file.answer.value, by_code.answer.value) == (answer, answer)


@pytest.mark.parametrize(
    ("acts", "answer"),
    [
        (["suspend"], "suspended"),
        (["suspend", "reinstate"], "valid"),
        (["withdraw"], "withdrawn"),
        (["suspend", "withdraw"], "withdrawn"),
    ],
)
def test_what_was_decided_is_said_at_once(context, make, acts: list[str], answer: str):
    certificate = make.certified()
    for act in acts:
        more = {"expiring_days": 90} if act == "reinstate" else {}
        more |= {"cure_days": 60} if act == "suspend" else {}
        getattr(services, act)(certificate, reason=REASON, by=SYSTEM, at=NOW, **more)

    by_file = check_file(files().get(certificate.file_key), make.keyring())
    by_code = check_code(certificate.code)

    assert (by_file.answer.value, by_code.answer.value) == (answer, answer)
    assert dict(outcomes(by_code))["Status"] == ("yes" if answer == "valid" else "no")


def test_a_replaced_certificate_says_so(context, make):
    school = make.school()
    older = make.certified(school)
    newer = make.certified(school, cycle=2)

    assert [check_code(one.code).answer.value for one in (older, newer)] == ["replaced", "valid"]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "%",
        "_" * 20,
        "'; DROP TABLE certificate; --",
        "\x00" * 20,
        "1" * 100_000,
        "ＡＢＣＤ",
        "🏫",
    ],
)
def test_a_code_that_is_none_is_not_ours(context, make, raw: str):
    make.certified()

    found = check_code(raw)

    assert (found.answer, found.facts, outcomes(found)) == (
        Answer.NOT_OURS,
        None,
        [("Code", "no")],
    )


def test_guessing_finds_nothing(context, make):
    make.certified()

    found = {check_code(new_code()).answer for _ in range(300)}

    assert found == {Answer.NOT_OURS}


def test_a_part_of_a_code_is_none(context, make):
    code = make.certified().code

    found = {check_code(part).answer for part in (code[:19], code[1:], code + "0", code[:10] + "%")}

    assert found == {Answer.NOT_OURS}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET level = 3",
        "UPDATE certificate SET valid_until_on = '2036-01-01'",
        "UPDATE certificate SET facts = replace(facts, 'Orhei', 'Bender')",
        "UPDATE register_entry SET event = 'reinstated'",
        "DELETE FROM register_entry",
    ],
)
def test_a_register_that_does_not_add_up_is_never_called_valid(app, make, statement: str):
    from cissapp.core.db import unit_of_work
    from tests.certificates.test_services import open_up

    certificate = make.certified()
    keyring = make.keyring()
    with app.app_context():
        content = files().get(certificate.file_key)
    open_up(app)
    with app.app_context(), unit_of_work():
        session.execute(text(statement))

    with app.app_context():
        found = [check_code(certificate.code), check_file(content, keyring)]

    assert [one.answer for one in found] == [Answer.UNKNOWN, Answer.UNKNOWN]


# --- offline -------------------------------------------------------------------------------------


def test_offline_tells_all_but_the_status(tmp_path):
    ours = ring(tmp_path)
    known = facts("uk")

    found = verification.verify_offline(
        signed(known, ours), ours, today=NOW.date(), expiring_days=90
    )

    assert (found.answer, found.facts) == (Answer.VALID, known)
    assert outcomes(found) == [
        ("This file", "yes"),
        ("Signature", "yes"),
        ("Status", "unknown"),
        ("Dates", "yes"),
    ]


def test_offline_needs_the_right_keys(tmp_path):
    ours, others = ring(tmp_path / "a"), ring(tmp_path / "b")

    found = verification.verify_offline(
        signed(facts(), ours), others, today=NOW.date(), expiring_days=90
    )

    assert (found.answer, outcomes(found)) == (Answer.NOT_OURS, [("Signature", "no")])


def test_every_answer_has_a_name():
    assert set(verification.ANSWER_NAMES) == set(Answer)
    assert {outcome.value for outcome in Outcome} == {"yes", "no", "unknown"}
