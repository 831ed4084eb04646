"""The answer to a code and to a file: genuine is accepted, everything else is not, nothing hangs."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services
from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.rules import in_groups, new_code
from cissapp.certify.certificates.services import issuing
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.signing.keys import Keyring
from cissapp.verify.verification.checking import online
from cissapp.verify.verification.rules import LARGEST, CheckAnswer
from tests.certify.certificates.specimen import facts, ring, signed
from tests.factories import NOW
from tests.statements import statements_sent
from tests.verify.verification import papers
from tests.verify.verification.forgeries import forgeries

REASON = "The designated person left and nobody follows."
SECONDS = 2


def check_file(content: bytes, keyring: Keyring, at=NOW):
    return online.check_file(content, keyring, at=at, expiring_days=90)


def check_code(code: str, at=NOW, keyring=Keyring()):
    return online.check_code(code, keyring, at=at, expiring_days=90)


def outcomes(verdict) -> list[tuple[str, str]]:
    return [(check.what, check.outcome.value) for check in verdict.checks]


@pytest.mark.one_database("sqlite")
def test_the_genuine_file_is_valid(context, make):
    certificate = make.certified()

    found = check_file(files().get(certificate.file_key), make.keyring())

    assert (found.answer, found.good, found.facts) == (
        CheckAnswer.VALID,
        True,
        read_facts(certificate.facts),
    )
    assert outcomes(found) == [
        ("This file", "yes"),
        ("Signature", "yes"),
        ("In the register", "yes"),
        ("Status", "yes"),
        ("Dates", "yes"),
    ]


@pytest.mark.one_database("sqlite")
def test_an_altered_file_is_told_from_a_foreign_one(context, make, tmp_path):
    ours, theirs = make.keyring(), ring(tmp_path)
    certificate = make.certified()
    genuine = files().get(certificate.file_key)
    known = read_facts(certificate.facts)
    made = forgeries(genuine, known, ours, theirs)
    session.commit()  # whoever reads a file that may be a scan leaves the transaction

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
        altered, CheckAnswer.ALTERED
    )
    assert {found.facts for found in altered.values()} == {known}
    assert (foreign.answer, foreign.facts) == (CheckAnswer.NOT_OURS, None)


@pytest.mark.one_database("sqlite")
def test_a_file_that_our_key_signed_but_the_register_does_not_know_is_not_valid(context, make):
    ours = make.keyring()

    stolen = check_file(signed(facts(key_id="2020-A"), ours), ours)

    assert (stolen.answer, outcomes(stolen)) == (CheckAnswer.NOT_OURS, [("This file", "no")])


def test_too_large_a_file_could_not_be_checked(context, make):
    found = check_file(b"%PDF" + bytes(LARGEST), make.keyring())

    assert (found.answer, outcomes(found)) == (CheckAnswer.UNKNOWN, [("This file", "unknown")])


@pytest.mark.one_database("sqlite")
def test_without_the_public_key_nothing_is_called_valid(context, make):
    certificate = make.certified()
    content = files().get(certificate.file_key)

    found = check_file(content, Keyring())
    services.withdraw(certificate, reason=REASON, by=SYSTEM, at=NOW)
    after = check_file(content, Keyring())

    assert (found.answer, dict(outcomes(found))["Signature"]) == (CheckAnswer.UNKNOWN, "unknown")
    assert after.answer is CheckAnswer.WITHDRAWN


@pytest.mark.one_database("sqlite")
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
        more = {"cure_days": 60} if act == "suspend" else {}
        getattr(services, act)(certificate, reason=REASON, by=SYSTEM, at=NOW, **more)

    by_file = check_file(files().get(certificate.file_key), make.keyring())
    by_code = check_code(certificate.code)

    assert (by_file.answer.value, by_code.answer.value) == (answer, answer)
    assert dict(outcomes(by_code))["Status"] == ("yes" if answer == "valid" else "no")


@pytest.mark.one_database("sqlite")
def test_a_replaced_certificate_says_so(context, make):
    school = make.school()
    older = make.certified(school)
    newer = make.certified(school, cycle=2)

    assert [check_code(one.code).answer.value for one in (older, newer)] == ["replaced", "valid"]


@pytest.mark.one_database("sqlite")
def test_who_may_know_the_newer_one_is_led_there(context, make):
    first = make.certified()
    second = make.certified(first.school, cycle=2)

    replaced = check_code(first.code)
    services.suspend(second, reason=REASON, cure_days=60, by=SYSTEM, at=NOW)
    hidden = check_code(first.code)

    assert [(one.answer.value, one.newer_code) for one in (replaced, hidden)] == [
        ("replaced", second.code),
        ("replaced", None),
    ]


def reserved(make):
    """A certificate that is decided and not issued yet."""
    submission = make.decided()
    with unit_of_work():
        award = make.award(session.merge(submission))
        return issuing.reserve(award, make.issuer(), by=SYSTEM, at=NOW)


@pytest.mark.one_database("sqlite")
def test_a_reservation_is_no_certificate_yet(context, make):
    row = reserved(make)

    waiting = check_code(row.code)
    with unit_of_work():
        issuing.void(row, reason="The key is gone.", by=SYSTEM, at=NOW)
    ended = check_code(row.code)

    assert [(one.answer, one.facts, outcomes(one)) for one in (waiting, ended)] == [
        (CheckAnswer.UNKNOWN, None, [("In the register", "unknown")]),
        (CheckAnswer.NOT_OURS, None, [("In the register", "no")]),
    ]
    assert "being issued" in waiting.checks[0].sentence


@pytest.mark.one_database("sqlite")
def test_what_was_signed_before_a_key_was_stolen_stands(context, make):
    certificate = make.certified()
    sent, ours = files().get(certificate.file_key), make.keyring()

    found = {
        days: [
            one.answer
            for one in (
                check_file(sent, papers.stolen(ours, NOW + timedelta(days=days))),
                check_code(
                    certificate.code, keyring=papers.stolen(ours, NOW + timedelta(days=days))
                ),
            )
        ]
        for days in (-1, 1)
    }

    assert found == {-1: [CheckAnswer.NOT_OURS] * 2, 1: [CheckAnswer.VALID] * 2}


@pytest.mark.one_database("sqlite")
def test_a_file_is_known_by_its_hash_alone(context, make):
    certificate = make.certified()

    known = online.check_hash(
        certificate.file_sha256, make.keyring(), files(), at=NOW, expiring_days=90
    )
    unknown = online.check_hash("0" * 64, make.keyring(), files(), at=NOW, expiring_days=90)

    assert known == check_file(files().get(certificate.file_key), make.keyring())
    assert unknown is None


@pytest.mark.one_database("sqlite")
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
def test_a_code_that_is_none_has_a_typing_mistake(context, make, raw: str):
    make.certified()

    found = check_code(raw)

    assert (found.answer, found.facts, outcomes(found)) == (
        CheckAnswer.MISTYPED,
        None,
        [("Code", "unknown")],
    )


@pytest.mark.one_database("sqlite")
def test_ten_thousand_guesses_find_nothing(context, make):
    known = make.certified().code
    guesses = [new_code() for _ in range(10_000)]

    hits = [
        certificates.by_codes(guesses[start : start + 500]) for start in range(0, len(guesses), 500)
    ]

    assert [hit for hit in hits if hit] == []
    assert certificates.by_codes([*guesses[:499], known])


@pytest.mark.one_database("sqlite")
def test_every_code_asks_the_database_equally_often(app, make):
    known = make.certified().code
    counts = []
    for code in (
        known,
        new_code(),
        known[:-1],
        "%",
        "\x00",
        known.replace(known[3], "U"),
        "9" * 400,
    ):
        with app.app_context(), statements_sent() as asked:
            check_code(code)
        counts.append(len(asked))

    assert len(set(counts)) == 1
    assert counts[0] > 0


@pytest.mark.one_database("sqlite")
def test_a_part_of_a_code_is_none(context, make):
    code = make.certified().code

    found = {check_code(part).answer for part in (code[:19], code[1:], code + "0", code[:10] + "%")}

    assert found == {CheckAnswer.MISTYPED}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET level = 3",
        "UPDATE certificate SET valid_until_on = '2036-01-01'",
        "UPDATE certificate SET facts = replace(facts, 'Orhei', 'Bender')",
        "UPDATE register_entry SET event = 'reinstated'",
        "UPDATE register_entry SET previous_hash = hash || 'x'",
    ],
)
def test_a_register_that_does_not_add_up_is_never_called_valid(app, make, statement: str):
    from cissapp.foundation.core.db import unit_of_work
    from tests.certify.certificates.test_services import open_up

    certificate = make.certified()
    keyring = make.keyring()
    with app.app_context():
        content = files().get(certificate.file_key)
    open_up(app)
    with app.app_context(), unit_of_work():
        session.execute(text(statement))

    with app.app_context():
        found = [check_code(certificate.code), check_file(content, keyring)]

    assert [one.answer for one in found] == [CheckAnswer.UNKNOWN, CheckAnswer.UNKNOWN]
