"""What a check can answer, and how its parts add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.certify.certificates.rules import is_code, new_code
from cissapp.verify.verification.rules import (
    GOOD,
    NO_CODE,
    ApprovedDocument,
    CertificateCheck,
    CheckAnswer,
    CheckOutcome,
    DocumentComparison,
    Sameness,
    SentFileKind,
    code_to_ask,
    conclude,
    is_sha256,
    kind_of_file,
    same_file,
    same_text,
)

checks = st.builds(
    CertificateCheck, st.just("what"), st.sampled_from(CheckOutcome), st.just("said")
)


@given(st.sampled_from(CheckAnswer), st.lists(checks))
def test_an_answer_is_good_only_where_every_part_is(
    answer: CheckAnswer, parts: list[CertificateCheck]
):
    found = conclude(answer, parts)

    whole = all(part.outcome is CheckOutcome.YES for part in parts)
    assert (found in GOOD) == (answer in GOOD and whole)
    assert found == answer or (answer in GOOD and found is CheckAnswer.UNKNOWN)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", SentFileKind.PDF),
        (b"\n junk %PDF-1.4", SentFileKind.PDF),
        (b'{"@context": []}', SentFileKind.CREDENTIAL),
        (b'\xef\xbb\xbf \n{"a": 1}', SentFileKind.CREDENTIAL),
        (b"eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln\n", SentFileKind.CREDENTIAL),
        (b"eyJ.two", SentFileKind.OTHER),
        (b"eyJ.a.b.c", SentFileKind.OTHER),
        (b"eyJ.a+b.c", SentFileKind.OTHER),
        (b"\x89PNG\r\n\x1a\n", SentFileKind.PICTURE),
        (b"<svg xmlns=''/>", SentFileKind.PICTURE),
        (b"<?xml version='1.0'?><svg/>", SentFileKind.PICTURE),
        (b"<html>", SentFileKind.OTHER),
        (b"", SentFileKind.OTHER),
    ],
)
def test_files_are_told_apart_by_their_first_bytes(content: bytes, kind: SentFileKind):
    assert kind_of_file(content) is kind


@given(st.text())
def test_the_register_is_never_asked_for_what_is_no_code(raw: str):
    code, whole = code_to_ask(raw)

    assert whole == is_code(code)
    assert whole or code == NO_CODE


def test_a_code_is_asked_for_as_it_is():
    code = new_code()

    assert (code_to_ask(code), is_code(NO_CODE)) == ((code, True), False)


@pytest.mark.parametrize(
    ("raw", "is_one"),
    [
        ("0" * 64, True),
        ("af09" * 16, True),
        ("AF09" * 16, False),
        ("0" * 63, False),
        ("0" * 65, False),
        ("g" * 64, False),
        ("", False),
        ("٠" * 64, False),
    ],
)
def test_a_hash_is_64_small_hexadecimal_digits(raw: str, is_one: bool):
    assert is_sha256(raw) is is_one


POLICY = ApprovedDocument("POL", 2, "a" * 64, "b" * 64)
SCAN = ApprovedDocument("ORD", 1, "c" * 64, None)
OLD = ApprovedDocument("POL", 1, "d" * 64, None)


@pytest.mark.parametrize(
    ("text", "approved", "found"),
    [
        ("b" * 64, [POLICY, SCAN], DocumentComparison(Sameness.TEXT, POLICY)),
        ("e" * 64, [POLICY, SCAN], DocumentComparison(Sameness.OTHER)),
        ("e" * 64, [POLICY, OLD], DocumentComparison(Sameness.UNKNOWN)),
        ("e" * 64, [SCAN], DocumentComparison(Sameness.UNKNOWN)),
        ("e" * 64, [], DocumentComparison(Sameness.UNKNOWN)),
        (None, [POLICY], DocumentComparison(Sameness.UNKNOWN)),
        (None, [OLD], DocumentComparison(Sameness.UNKNOWN)),
    ],
)
def test_a_text_is_another_one_only_where_both_could_be_read(text, approved, found):
    assert same_text(text, approved) == found


def test_the_very_file_is_known_by_its_hash():
    assert same_file("c" * 64, [POLICY, SCAN]) == DocumentComparison(Sameness.FILE, SCAN)
    assert same_file("f" * 64, [POLICY, SCAN]) is None
