"""Which key signs for whom, what counts after a compromise, and rings that see a rotation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import BrokenKeys, Keyring, NoKeys, PublicKey, counts
from cissapp.foundation.signing.keys.ring import newest_of
from tests.certify.certificates.specimen import drawn, facts, ring

JUNE, JULY, AUGUST = (datetime(2026, month, 1, tzinfo=UTC) for month in (6, 7, 8))
SECOND = timedelta(seconds=1)


def new(folder: Path, at: datetime, group: str | None = None) -> PublicKey:
    return keys.create_keys(folder, organisation="ECPAT for tests", at=at, group=group)


# --- who signs ------------------------------------------------------------------------------------


def test_a_country_is_signed_for_by_its_own_newest_key_else_by_the_installations(tmp_path: Path):
    new(tmp_path, JUNE)
    new(tmp_path, JUNE, "MD")
    new(tmp_path, JULY, "MD")
    new(tmp_path, AUGUST)
    held = keys.load(tmp_path)

    chosen = {
        (country, at.month): held.signer_for(country, at).id
        for country in ("MD", "UA", None)
        for at in (JUNE, JULY, AUGUST)
    }

    assert chosen == {
        ("MD", 6): "MD-2026-A",
        ("MD", 7): "MD-2026-B",
        ("MD", 8): "MD-2026-B",
        ("UA", 6): "2026-A",
        ("UA", 7): "2026-A",
        ("UA", 8): "2026-B",
        (None, 6): "2026-A",
        (None, 7): "2026-A",
        (None, 8): "2026-B",
    }


def test_keys_outside_their_time_and_keys_that_are_not_here_do_not_sign(tmp_path: Path):
    key = new(tmp_path, JUNE)
    held = keys.load(tmp_path)
    public = keys.load_public(tmp_path / keys.PUBLIC)

    assert [can(held, at) for at in (JUNE - SECOND, JUNE, key.until_at - SECOND, key.until_at)] == [
        False,
        True,
        True,
        False,
    ]
    assert not can(public, JULY)
    (tmp_path / "2026-A.key.pem").unlink()
    assert not can(held, JULY)


def can(held: Keyring, at: datetime) -> bool:
    try:
        held.signer_for("MD", at)
    except NoKeys:
        return False
    return True


def test_a_retired_key_signs_nothing_and_verifies(tmp_path: Path):
    old, before = new(tmp_path, JUNE), keys.load(tmp_path)
    content = seal.sign(drawn(facts()), ring=before, key=old, reason="", place="")
    with pytest.raises(NoKeys, match="2026-A is the only key that can sign"):
        keys.retire(tmp_path, "2026-A", at=AUGUST)
    new(tmp_path, JULY)

    retired = keys.retire(tmp_path, "2026-A", at=AUGUST)

    held = keys.load(tmp_path)
    assert (retired.retired_at, held.signer_for("MD", AUGUST).id) == (AUGUST, "2026-B")
    assert seal.examine(content, held).good
    assert refuses(held, old) == ["Key 2026-A is retired and no longer signs."] * 2
    assert refuses(held, retired) == ["Key 2026-A is retired and no longer signs."] * 2
    assert counts(retired, AUGUST + SECOND)


def refuses(held: Keyring, key: PublicKey) -> list[str]:
    said = []
    for act in (lambda: held.pdf_signer(key), lambda: held.sign_credential(key, b"x")):
        with pytest.raises(NoKeys) as refused:
            act()
        said.append(str(refused.value))
    return said


def test_of_a_country_without_its_key_the_installation_signs(tmp_path: Path):
    new(tmp_path, JUNE)
    new(tmp_path, JUNE, "MD")

    keys.compromised(tmp_path, "MD-2026-A", since=JULY)

    assert keys.load(tmp_path).signer_for("MD", AUGUST).id == "2026-A"


@given(
    st.lists(
        st.tuples(st.sampled_from([None, "MD", "UA"]), st.integers(0, 300), st.booleans()),
        max_size=8,
    ),
    st.sampled_from([None, "MD", "UA"]),
)
def test_no_key_signs_for_another_country(specimen_key, drawn_keys, country):
    held = [
        replace(
            specimen_key,
            id=f"{n}",
            group=group,
            from_at=JUNE + timedelta(days=days),
            retired_at=JUNE if stopped else None,
        )
        for n, (group, days, stopped) in enumerate(drawn_keys)
    ]

    found = newest_of(held, country, AUGUST)

    usable = [key for key in held if not key.retired_at and key.from_at <= AUGUST]
    own = [key for key in usable if key.group == country and country]
    common = [key for key in usable if key.group is None]
    assert found in (own or common or [None])
    assert all(key.from_at <= found.from_at for key in own or common)


@pytest.fixture(scope="module")
def specimen_key(tmp_path_factory: pytest.TempPathFactory) -> PublicKey:
    return new(tmp_path_factory.mktemp("specimen"), JUNE)


# --- compromise -----------------------------------------------------------------------------------


def test_after_a_compromise_later_ones_do_not_count_and_earlier_ones_do(tmp_path: Path):
    key = new(tmp_path, JUNE)
    before = keys.load(tmp_path)
    content = seal.sign(drawn(facts()), ring=before, key=key, reason="", place="")

    marked = keys.compromised(tmp_path, "2026-A", since=JULY)

    held = keys.load(tmp_path)
    moments = (JUNE, JULY - SECOND, JULY, JULY + SECOND)
    assert [counts(marked, at) for at in moments] == [True, True, False, False]
    assert [counts(key, at) for at in moments] == [True] * 4
    assert seal.examine(content, held).key == marked  # who decides knows the moment of the issue
    assert refuses(held, key) == ["Key 2026-A is compromised and no longer signs."] * 2
    with pytest.raises(NoKeys):
        held.signer_for("MD", JUNE)


def test_a_compromise_moves_to_an_earlier_moment_only(tmp_path: Path):
    new(tmp_path, JUNE)

    moved = [
        keys.compromised(tmp_path, "2026-A", since=at).compromised_at
        for at in (JULY, AUGUST, JUNE, JULY)
    ]

    assert moved == [JULY, JULY, JUNE, JUNE]


def test_a_key_that_nobody_knows_is_not_marked(tmp_path: Path):
    new(tmp_path, JUNE)

    for act in (
        lambda: keys.compromised(tmp_path, "2026-X", since=JULY),
        lambda: keys.retire(tmp_path, "2026-X", at=JULY),
    ):
        with pytest.raises(NoKeys, match=r"There is no key 2026-X\."):
            act()


# --- signatures -----------------------------------------------------------------------------------


def test_credentials_and_the_log_are_signed(tmp_path: Path):
    key = new(tmp_path, JUNE)
    held = keys.load(tmp_path)

    credential, checkpoint = held.sign_credential(key, b"credential"), held.sign_log(b"checkpoint")

    assert (len(credential), len(checkpoint)) == (64, 64)
    key.ed25519.verify(credential, b"credential")
    held.log.public.verify(checkpoint, b"checkpoint")


def test_public_keys_alone_sign_nothing(tmp_path: Path):
    key = new(tmp_path, JUNE)
    public = keys.load_public(tmp_path / keys.PUBLIC)

    assert refuses(public, key) == ["Only the public keys are here."] * 2
    with pytest.raises(NoKeys, match="Only the public keys"):
        public.sign_log(b"x")


# --- rings see what changes -----------------------------------------------------------------------


def test_a_folder_is_read_again_when_its_keys_change_and_only_then(tmp_path: Path):
    new(tmp_path, JUNE)
    first, again = keys.load(tmp_path), keys.load(tmp_path)
    new(tmp_path, JULY)
    second = keys.load(tmp_path)
    keys.retire(tmp_path, "2026-A", at=AUGUST)
    third = keys.load(tmp_path)

    assert first is again
    assert [[(key.id, key.stopped) for key in one.keys] for one in (first, second, third)] == [
        [("2026-A", False)],
        [("2026-A", False), ("2026-B", False)],
        [("2026-A", True), ("2026-B", False)],
    ]


def test_what_an_interrupted_rotation_left_stands_in_nobodys_way(tmp_path: Path):
    new(tmp_path, JUNE)
    (tmp_path / "2026-B.key.pem").write_bytes(b"half")
    (tmp_path / ".keys.json.new").write_bytes(b"half")

    made = new(tmp_path, JULY)

    assert made.id == "2026-C"
    assert [key.id for key in keys.load(tmp_path).keys] == ["2026-A", "2026-C"]


def test_names_never_end(tmp_path: Path):
    for mark in range(27):
        new(tmp_path, JUNE + mark * SECOND)

    ids = [key.id for key in keys.load(tmp_path).keys]
    assert (ids[0], ids[25], ids[26]) == ("2026-A", "2026-Z", "2026-A1")


# --- keys of another installation -----------------------------------------------------------------


def test_adopted_keys_verify_and_sign_nothing(tmp_path: Path):
    old = ring(tmp_path / "old")
    content = seal.sign(drawn(facts()), ring=old, key=old.newest(), reason="", place="")
    keys.compromised(tmp_path / "old", "2020-A", since=AUGUST)
    foreign = keys.load_public(tmp_path / "old" / keys.PUBLIC)

    keys.adopt(tmp_path / "new", foreign)
    keys.adopt(tmp_path / "new", foreign)
    alone = keys.load(tmp_path / "new")
    new(tmp_path / "new", JUNE)

    both = keys.load(tmp_path / "new")
    assert (alone.keys, alone.log, can(alone, JULY)) == (foreign.keys, foreign.log, False)
    assert seal.examine(content, both).good
    assert both.signer_for("MD", JULY).id == "2026-A"


def test_another_key_of_the_same_name_is_not_adopted(tmp_path: Path):
    ring(tmp_path / "old")
    ring(tmp_path / "new")

    with pytest.raises(BrokenKeys, match="There is already a different key 2020-A here"):
        keys.adopt(tmp_path / "new", keys.load_public(tmp_path / "old" / keys.PUBLIC))
