"""What a check can answer, and how its parts add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.certify.certificates.rules import is_code, new_code
from cissapp.verify.verification.rules import (
    ANSWER_NAMES,
    GOOD,
    NEXT,
    NO_CODE,
    Answer,
    Approved,
    Check,
    Compared,
    Outcome,
    Sameness,
    Sent,
    code_to_ask,
    concluded,
    is_sha256,
    kind_of,
    same_file,
    same_text,
)

checks = st.builds(Check, st.just("what"), st.sampled_from(Outcome), st.just("said"))


@given(st.sampled_from(Answer), st.lists(checks))
def test_an_answer_is_good_only_where_every_part_is(answer: Answer, parts: list[Check]):
    found = concluded(answer, parts)

    whole = all(part.outcome is Outcome.YES for part in parts)
    assert (found in GOOD) == (answer in GOOD and whole)
    assert found == answer or (answer in GOOD and found is Answer.UNKNOWN)


def test_every_answer_has_a_name_and_says_what_to_do():
    assert set(ANSWER_NAMES) == set(NEXT) == set(Answer)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", Sent.PDF),
        (b"\n junk %PDF-1.4", Sent.PDF),
        (b'{"@context": []}', Sent.CREDENTIAL),
        (b'\xef\xbb\xbf \n{"a": 1}', Sent.CREDENTIAL),
        (b"eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln\n", Sent.CREDENTIAL),
        (b"eyJ.two", Sent.OTHER),
        (b"eyJ.a.b.c", Sent.OTHER),
        (b"eyJ.a+b.c", Sent.OTHER),
        (b"\x89PNG\r\n\x1a\n", Sent.PICTURE),
        (b"<svg xmlns=''/>", Sent.PICTURE),
        (b"<?xml version='1.0'?><svg/>", Sent.PICTURE),
        (b"<html>", Sent.OTHER),
        (b"", Sent.OTHER),
    ],
)
def test_files_are_told_apart_by_their_first_bytes(content: bytes, kind: Sent):
    assert kind_of(content) is kind


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


POLICY = Approved("POL", 2, "a" * 64, "b" * 64)
SCAN = Approved("ORD", 1, "c" * 64, None)
OLD = Approved("POL", 1, "d" * 64, None)


@pytest.mark.parametrize(
    ("text", "approved", "found"),
    [
        ("b" * 64, [POLICY, SCAN], Compared(Sameness.TEXT, POLICY)),
        ("e" * 64, [POLICY, SCAN], Compared(Sameness.OTHER)),
        ("e" * 64, [POLICY, OLD], Compared(Sameness.UNKNOWN)),
        ("e" * 64, [SCAN], Compared(Sameness.UNKNOWN)),
        ("e" * 64, [], Compared(Sameness.UNKNOWN)),
        (None, [POLICY], Compared(Sameness.UNKNOWN)),
        (None, [OLD], Compared(Sameness.UNKNOWN)),
    ],
)
def test_a_text_is_another_one_only_where_both_could_be_read(text, approved, found):
    assert same_text(text, approved) == found


def test_the_very_file_is_known_by_its_hash():
    assert same_file("c" * 64, [POLICY, SCAN]) == Compared(Sameness.FILE, SCAN)
    assert same_file("f" * 64, [POLICY, SCAN]) is None
