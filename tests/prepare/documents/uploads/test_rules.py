"""What the headers of tus say, and what is refused before a slow line carries it."""

import hashlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.errors import Refused
from cissapp.foundation.intake.examination import LARGEST
from cissapp.prepare.documents.uploads.rules import (
    OPEN_MOST,
    PARTS_MOST,
    AnnouncedFile,
    Checksum,
    parse_announcement,
    parse_checksum,
    parse_offset,
    percent,
    refuse_announced,
    refuse_piece,
)


def in_base64(value: bytes) -> str:
    return b64encode(value).decode()


def code_of(function, *arguments, **values) -> str | None:
    try:
        function(*arguments, **values)
    except Refused as refused:
        return refused.problems[0].code
    return None


@given(st.text(max_size=80), st.integers(0, 10**14))
def test_what_is_announced_is_read_as_it_was_meant(name: str, size: int):
    digest = hashlib.sha256(name.encode()).hexdigest()
    metadata = f"filename {in_base64(name.encode())},sha256 {in_base64(digest.encode())},other"

    assert parse_announcement(str(size), metadata) == AnnouncedFile(name, size, digest)


@pytest.mark.parametrize("length", [None, "", "-1", "1.5", "ten", "²", "9" * 16])
def test_a_length_that_is_none_is_refused(length):
    assert code_of(parse_announcement, length, None) == "malformed"
    assert code_of(parse_offset, length) == "malformed"


@pytest.mark.parametrize("metadata", ["filename ***", f"sha256 {in_base64(b'abc')}"])
def test_metadata_that_cannot_be_read_is_refused(metadata: str):
    assert code_of(parse_announcement, "5", metadata) == "malformed"


def test_both_algorithms_of_a_checksum_are_known_and_no_other():
    digest = hashlib.sha1(b"piece", usedforsecurity=False).digest()

    assert parse_checksum(f"sha1 {in_base64(digest)}") == Checksum("sha1", digest)
    assert parse_checksum(None) is None
    assert code_of(parse_checksum, "md5 AAAA") == "malformed"
    assert code_of(parse_checksum, "sha256 *") == "malformed"


@pytest.mark.parametrize(
    ("name", "size", "under_way", "code"),
    [
        ("policy.pdf", LARGEST, OPEN_MOST - 1, None),
        ("policy.pdf", LARGEST, OPEN_MOST, "many"),
        ("policy.pdf", LARGEST + 1, 0, "large"),
        ("policy.pdf", 0, 0, "file"),
        ("policy.exe", 10, 0, "file"),
        ("", 10, 0, "file"),
    ],
)
def test_what_would_be_refused_at_the_end_is_refused_at_the_beginning(name, size, under_way, code):
    assert code_of(refuse_announced, AnnouncedFile(name, size), under_way) == code


@pytest.mark.parametrize(
    ("begins", "received", "parts", "code"),
    [
        (4, 4, 1, None),
        (0, 4, 1, "offset"),
        (5, 4, 1, "offset"),
        (8, 8, 1, "large"),
        (4, 4, PARTS_MOST, "large"),
    ],
)
def test_a_piece_goes_on_where_the_last_one_ended(begins, received, parts, code):
    found = code_of(
        refuse_piece, b"piece", None, begins=begins, received=received, size=10, parts=parts
    )

    assert found == code


def test_a_damaged_piece_is_refused():
    right = Checksum("sha256", hashlib.sha256(b"piece").digest())
    where = {"begins": 0, "received": 0, "size": 10, "parts": 0}

    assert code_of(refuse_piece, b"piece", right, **where) is None
    assert code_of(refuse_piece, b"peice", right, **where) == "checksum"


@given(st.integers(1, LARGEST), st.data())
def test_a_hundred_per_cent_is_all_of_it(size: int, data):
    received = data.draw(st.integers(0, size))

    assert (percent(received, size) == 100) == (received == size)
