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
    names = nights(AT - timedelta(days=age), age + 1)

    old = rules.ages_of(names, at=AT, keep_days=keep_days).too_old

    assert (names[0] in old) == (age + 1 > keep_days)
    assert len(names) - len(old) == min(age + 1, keep_days)


def nights(first, count, *, apart=1):
    """Name the backups of some nights in a row, or of every so many."""
    days = (first + timedelta(days=apart * number) for number in range(count))
    return [rules.name_of(day, encrypted=True) for day in days]


@pytest.mark.parametrize("ahead", [15, 36, 60, 400, 4000])
def test_a_clock_that_is_ahead_does_not_delete_what_was_made_before(ahead):
    """As a new one comes each night, an old one goes: the step of the clock does not count."""
    before = nights(AT - timedelta(days=34), 35)
    for night in range(1, 40):
        now = AT + timedelta(days=ahead + night)
        there = [*before, *nights(now - timedelta(days=night - 1), night)]
        found = rules.ages_of(there, at=now, keep_days=35)

        assert len(set(before) - set(found.too_old)) == max(0, min(35, 36 - night))


def test_backups_of_every_week_are_no_older_than_those_of_every_night():
    weekly = nights(AT - timedelta(weeks=9), 10, apart=7)

    assert rules.ages_of(weekly, at=AT, keep_days=35).too_old == weekly[:5]


def test_rare_backups_are_not_kept_for_ever():
    """Only the newest pause is not counted."""
    rare = nights(AT - timedelta(days=900), 11, apart=90)

    assert rules.ages_of(rare, at=AT, keep_days=35).too_old == rare[:-2]


def test_backups_of_the_future_are_named_and_do_not_age_the_others():
    before, wrong = nights(AT - timedelta(days=40), 41), nights(AT + timedelta(days=60), 1)

    found = rules.ages_of([*before, *wrong], at=AT, keep_days=35)

    assert (found.too_old, found.in_doubt, found.of_the_future) == (before[:6], [], wrong)


def test_only_names_of_ours_are_ever_removed():
    others = ["ciss.age", "ciss-20200101T000000Z.age.bak", "x-ciss-20200101T000000Z.age", "a.tar"]
    impossible = ["ciss-20201301T000000Z.age", "../ciss-20200101T000000Z.age"]

    found = rules.ages_of([*others, *impossible], at=AT, keep_days=1)

    assert found == rules.Ages([], [], [])


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
