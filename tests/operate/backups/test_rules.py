"""Names, days, and when a backup may come back."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.operate.backups import rules
from cissapp.operate.backups.rules import BadBackup, Here, Manifest, Member, read_manifest

AT = datetime(2026, 11, 28, 3, 37, 12, tzinfo=UTC)
MANIFEST = Manifest(
    made_at=AT,
    base_url="https://ciss.example",
    software="0.1.0",
    migration="0045",
    engine="sqlite",
    secret_mark=rules.secret_mark("s" * 40),
    private_keys=True,
    log_entries=3,
    trail_last_id=12,
    tables={"school": 2, "person": 3},
    sequences={},
    missing=(),
    members=(Member("files/ab/цд", "0" * 64, 4),),
)
HERE = Here("https://ciss.example", "sqlite", ("s" * 40,), frozenset({"0044", "0045"}))


def test_a_manifest_is_read_as_it_was_written():
    assert read_manifest(MANIFEST.text.encode()) == MANIFEST
    assert MANIFEST.file_keys == {"ab/цд": "0" * 64}


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"format": "ciss-backup-2"}', b'{"format": "ciss-backup-1"}']
)
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(BadBackup):
        read_manifest(text)


def test_half_a_character_pair_is_no_manifest():
    text = replace(MANIFEST, software="?").text.replace("?", r"\ud800")

    with pytest.raises(BadBackup):
        read_manifest(text.encode())


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)), st.booleans())
def test_a_name_says_when_it_was_made(at, encrypted):
    name = rules.name_of(at, encrypted=encrypted)

    assert rules.moment_of(name) == at.replace(microsecond=0)


@given(st.integers(0, 80), st.integers(1, 60))
def test_none_is_older_than_the_days_when_the_next_night_comes(age, keep_days):
    made = rules.name_of(AT - timedelta(days=age), encrypted=True)

    removed = rules.too_old([made], at=AT, keep_days=keep_days) == [made]

    assert removed == (age + 1 > keep_days)


def test_only_names_of_ours_are_ever_removed():
    others = ["ciss.age", "ciss-20200101T000000Z.age.bak", "x-ciss-20200101T000000Z.age", "a.tar"]
    impossible = ["ciss-20201301T000000Z.age", "../ciss-20200101T000000Z.age"]

    assert rules.too_old([*others, *impossible], at=AT, keep_days=1) == []


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("settings.env", True),
        ("keys/keys.json", True),
        ("database/ciss.db", True),
        ("database/tables/school/000000", True),
        ("files/documents/ab/cd", True),
        ("files/../keys/root.pem", False),
        ("files//etc/passwd", False),
        ("/etc/passwd", False),
        ("keys/../settings.env", False),
        ("keys/a/b", False),
        ("keys/.hidden", False),
        ("files/./a", False),
        ("files/a\\b", False),
        ("etc/passwd", False),
        ("files", False),
        ("", False),
    ],
)
def test_no_member_leads_out_of_its_place(name, fine):
    assert rules.is_member(name) is fine


@pytest.mark.parametrize(
    ("change", "foreign", "words"),
    [
        ({}, False, []),
        ({"engine": "postgresql"}, False, ["postgresql"]),
        ({"migration": "0046"}, False, ["newer version"]),
        ({"base_url": "https://other.example"}, False, ["--foreign"]),
        ({"base_url": "https://other.example"}, True, []),
        ({"migration": "0044"}, False, []),
    ],
)
def test_what_forbids_a_restore_is_said(change, foreign, words):
    problems = rules.restore_problems(replace(MANIFEST, **change), HERE, foreign=foreign)

    assert [word in problem for word, problem in zip(words, problems, strict=True)] == [
        True for _ in words
    ]


OURS = MANIFEST.marked("s" * 40)


def test_who_has_the_public_key_alone_makes_no_backup_of_ours():
    """What a stranger wrote has our marks copied in, and is still not ours; after a renewal ours still is."""
    renewed = dataclasses.replace(HERE, secrets=("n" * 40, "s" * 40))
    strangers = [
        MANIFEST,
        replace(OURS, members=(Member("files/ab/цд", "1" * 64, 4),)),
        replace(OURS, made_at=AT + timedelta(days=1)),
        replace(OURS, mark="ß"),
        MANIFEST.marked("t" * 40),
    ]

    assert [rules.origin_problem(OURS, here, seal=None) for here in (HERE, renewed)] == [None] * 2
    for found in strangers:
        assert "NOTHING PROVES" in (rules.origin_problem(found, HERE, seal=None) or "")
        assert rules.origin_problem(found, HERE, seal=found.seal) is None


def test_a_mark_is_read_again_and_changes_no_seal():
    assert read_manifest(OURS.text.encode()) == OURS
    assert OURS.seal == MANIFEST.seal


def test_another_secret_and_keys_that_are_not_there_are_told():
    other = replace(MANIFEST, private_keys=False, missing=("a/b",))
    here = dataclasses.replace(HERE, secrets=("t" * 40,))

    notes = rules.restore_notes(other, here)

    told = [" ".join(one.split()[:2]) for one in notes]
    assert told == ["CISS_SECRET_KEY differs", "This backup", "This file"]
    assert rules.restore_notes(MANIFEST, HERE) == []
