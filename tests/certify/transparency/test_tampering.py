"""Ten kinds of tampering with register and log: every one is found offline, and the first bad entry named.

Three attackers: one who changes the files only; one who computes every hash anew but has not the log's
key; and the operator, who has the key and signs everything anew. Against the last, somebody must have
kept a checkpoint from before.
"""

import re
from base64 import b64decode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cissapp.certify.transparency.commands import log
from cissapp.certify.transparency.rules.entries import base64_of
from tests.certify.transparency.history import KINDS, Files, built, checkpoint, ring_in, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log")


@pytest.fixture(scope="module")
def ring(folder: Path):
    return ring_in(folder / "keys")


@pytest.fixture(scope="module")
def honest(ring) -> Files:
    return built(told(), ring)


def check(
    files: Files, folder: Path, tmp_path: Path, previous: str | None = None, *, private: bool = True
) -> Result:
    where = files.write(tmp_path / "export", private=private)
    arguments = ["check", "--export", str(where), "--keys", str(folder / "keys" / "keys.json")]
    if previous is not None:
        (tmp_path / "previous.txt").write_text(previous)
        arguments += ["--previous", str(tmp_path / "previous.txt")]
    return CliRunner().invoke(log, arguments)


def names(result: Result, bad: int) -> bool:
    """Say whether an answer names the bad entry, or a short stretch in which it is."""
    found = re.match(r"entry (\d+)(?:, or one after it up to entry (\d+))?:", result.stdout)
    if not found:
        return False
    first, last = int(found[1]), int(found[2] or found[1])
    return first <= bad <= last and last - first < 2


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("with_previous", [True, False])
def test_an_honest_log_is_whole(honest, folder, tmp_path, private: bool, with_previous: bool):
    previous = honest.checkpoints[3]["note"] if with_previous else None

    found = check(honest, folder, tmp_path, previous, private=private)

    assert (found.exit_code, found.stdout) == (
        0,
        "The public log is intact: 12 entries, 11 signed checkpoints.\n",
    )


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_who_has_no_key_is_found(honest, ring, folder, tmp_path, kind: str, private: bool):
    """Register, entries and all their hashes are made anew; the checkpoints cannot be."""
    change, bad = KINDS[kind]
    rows = told()
    change(rows)
    changed = built(rows, ring)
    changed.checkpoints = honest.checkpoints

    found = check(changed, folder, tmp_path, private=private)

    assert (found.exit_code, names(found, bad)) == (1, True), found.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_the_operator_who_signs_anew_is_found_by_a_checkpoint_from_before(
    honest, ring, folder, tmp_path, kind: str
):
    rows = told()
    KINDS[kind][0](rows)
    changed = built(rows, ring)

    alone = check(changed, folder, tmp_path)
    found = check(changed, folder, tmp_path, honest.last())

    assert alone.exit_code == 0, "made anew with the key: only an older checkpoint can tell"
    assert (found.exit_code, found.stdout.startswith("entry ")) == (1, True), found.stdout


def test_a_roll_back_is_found_by_a_checkpoint_from_before(honest, folder, tmp_path):
    """Everything is as it once was: nothing in it is false, but newer entries are gone."""
    older = honest.copy()
    del older.checkpoints[-3:]
    size = int(older.last().split("\n")[1])
    del older.entries[size:], older.events[size:]
    row = parsed_row(older)
    del older.register[row:]

    found = check(older, folder, tmp_path, honest.last())

    assert (found.exit_code, found.stdout) == (
        1,
        f"entry {size}: is missing; the earlier checkpoint covers 12 entries\n",
    )


def parsed_row(files: Files) -> int:
    """Give the number of rows of the register up to the last entry."""
    import json

    last = json.loads(files.events[-1]["event"])["row"]
    return next(at for at, row in enumerate(files.register, 1) if row["hash"] == last)


@pytest.mark.parametrize("every", [True, False])
def test_a_head_signed_with_another_key_is_found(honest, folder, tmp_path, every: bool):
    """The log goes on with forged entries, signed by a key that says to be the log's."""
    other = ring_in(tmp_path / "other")
    rows = told()
    KINDS["edit"][0](rows)
    forged = built(rows, other)
    if not every:
        forged.checkpoints = [*honest.checkpoints[:-1], forged.checkpoints[-1]]

    found = check(forged, folder, tmp_path)

    assert found.exit_code == 1
    # With honest checkpoints before, their entries are looked at first.
    assert found.stdout.startswith("checkpoint 1: " if every else "checkpoint 11: ")
    assert "not signed with the log's key" in found.stdout


# --- one file alone ------------------------------------------------------------------------------


def flip(text: str) -> str:
    value = bytearray(b64decode(text))
    value[0] ^= 1
    return base64_of(bytes(value))


def edit_data(files: Files) -> None:
    files.entries[5]["data"] = flip(files.entries[5]["data"])


def edit_leaf_hash(files: Files) -> None:
    files.entries[5]["leaf_hash"] = flip(files.entries[5]["leaf_hash"])


def drop_first(files: Files) -> None:
    del files.entries[0]


def drop_middle(files: Files) -> None:
    del files.entries[6]


def drop_last(files: Files) -> None:
    del files.entries[-1]


def add_again(files: Files) -> None:
    files.entries.insert(4, dict(files.entries[3]))


def swap_lines(files: Files) -> None:
    files.entries[3], files.entries[4] = files.entries[4], files.entries[3]


def swap_data(files: Files) -> None:
    one, other = files.entries[3], files.entries[7]
    for name in ("data", "leaf_hash"):
        one[name], other[name] = other[name], one[name]


def add_at_the_end(files: Files) -> None:
    files.entries.append({**files.entries[0], "index": len(files.entries)})


FILE_ALONE = [
    (edit_data, 5),
    (edit_leaf_hash, 5),
    (drop_first, 0),
    (drop_middle, 6),
    (drop_last, 11),
    (add_again, 4),
    (swap_lines, 3),
    (swap_data, 3),
    (add_at_the_end, 12),
]


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize(
    ("change", "bad"), FILE_ALONE, ids=lambda one: getattr(one, "__name__", "")
)
def test_a_change_of_the_entries_alone_is_found(
    honest, folder, tmp_path, change, bad: int, private: bool
):
    changed = honest.copy()
    change(changed)

    found = check(changed, folder, tmp_path, private=private)

    assert (found.exit_code, names(found, bad)) == (1, True), found.stdout


def edit_event(files: Files) -> None:
    files.events[4]["event"] = files.events[4]["event"].replace("suspended", "withdrawn")


def edit_salt(files: Files) -> None:
    files.events[4]["salt"] = flip(files.events[4]["salt"])


def drop_event(files: Files) -> None:
    del files.events[-1]


def edit_row(files: Files) -> None:
    files.register[3]["payload"] = files.register[3]["payload"].replace("MD-2026", "UA-2026")


def drop_row(files: Files) -> None:
    del files.register[3]


def drop_last_row(files: Files) -> None:
    del files.register[-1]


PRIVATE = [
    (edit_event, "entry 4: its event or its salt was changed\n"),
    (edit_salt, "entry 4: its event or its salt was changed\n"),
    (drop_event, "entry 11: is only in the public part or only in the private part\n"),
    (edit_row, "row 4 of the register: was changed\n"),
    (drop_row, "row 4 of the register: does not follow from the row before it\n"),
    (drop_last_row, "entry 11: has no matching row in the register\n"),
]


@pytest.mark.parametrize(("change", "said"), PRIVATE, ids=lambda one: getattr(one, "__name__", ""))
def test_a_change_of_the_private_part_alone_is_found(honest, folder, tmp_path, change, said: str):
    changed = honest.copy()
    change(changed)

    found = check(changed, folder, tmp_path)

    assert (found.exit_code, found.stdout) == (1, said)


# --- checkpoints and files that cannot be read ---------------------------------------------------


def test_checkpoints_out_of_order_or_twice_are_found(honest, folder, tmp_path):
    twice, mixed = honest.copy(), honest.copy()
    twice.checkpoints.insert(2, twice.checkpoints[1])
    mixed.checkpoints[1:3] = reversed(mixed.checkpoints[1:3])

    for number, files in ((3, twice), (3, mixed)):
        found = check(files, folder, tmp_path)

        assert (found.exit_code, found.stdout) == (
            1,
            f"checkpoint {number}: does not have more entries than the one before it\n",
        )


def test_a_fork_signed_with_the_key_itself_stands_in_its_own_export(honest, ring, folder, tmp_path):
    """Two checkpoints of one log that do not go on from each other cannot both be right."""
    rows = told()
    KINDS["edit"][0](rows)
    forked = honest.copy()
    forked.checkpoints[-1] = built(rows, ring).checkpoints[-1]

    found = check(forked, folder, tmp_path)

    assert (found.exit_code, found.stdout.split(":")[0]) == (1, "entry 11")


def test_an_empty_log_is_whole(folder, tmp_path):
    found = check(Files(), folder, tmp_path)

    assert (found.exit_code, found.stdout) == (
        0,
        "The public log is intact: 0 entries, 0 signed checkpoints.\n",
    )


def test_entries_without_any_checkpoint_are_not_whole(honest, folder, tmp_path):
    bare = honest.copy()
    bare.checkpoints.clear()

    found = check(bare, folder, tmp_path)

    assert (found.exit_code, found.stdout) == (
        1,
        "entry 0: is not covered by a signed checkpoint\n",
    )


def test_a_checkpoint_of_an_empty_log_is_allowed(honest, ring, folder, tmp_path):
    begun = honest.copy()
    begun.checkpoints.insert(0, {"note": checkpoint(ring, [])})

    assert check(begun, folder, tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("entries.jsonl", "{", "entries.jsonl, line 1: cannot be read\n"),
        ("entries.jsonl", "[]\n", "entries.jsonl, line 1: cannot be read\n"),
        ("entries.jsonl", "[" * 100_000, "entries.jsonl, line 1: cannot be read\n"),
        ("entries.jsonl", '{"index":true,"data":"","leaf_hash":""}', "entries.jsonl, line 1: cannot be read\n"),
        ("checkpoints.jsonl", '{"note":1}', "checkpoints.jsonl, line 1: cannot be read\n"),
        ("checkpoints.jsonl", '{"note":"x"}', "checkpoint 1: a note must have a text, an empty line and signatures\n"),
        ("events.jsonl", "\n\n", "events.jsonl, line 1: cannot be read\n"),
        ("register.jsonl", '{"payload":1}', "register.jsonl, line 1: cannot be read\n"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(
    honest, folder, tmp_path, name: str, text: str, said: str
):
    where = honest.write(tmp_path / "export")
    (where / name).write_text(text)

    found = CliRunner().invoke(
        log, ["check", "--export", str(where), "--keys", str(folder / "keys" / "keys.json")]
    )

    assert (found.exit_code, found.stdout) == (1, said)


def test_a_missing_file_is_named(honest, folder, tmp_path):
    where = honest.write(tmp_path / "export")
    (where / "checkpoints.jsonl").unlink()

    found = CliRunner().invoke(
        log, ["check", "--export", str(where), "--keys", str(folder / "keys" / "keys.json")]
    )

    assert (found.exit_code, found.stdout) == (1, "checkpoints.jsonl cannot be read\n")


def test_without_public_keys_it_could_not_be_checked(honest, folder, tmp_path):
    where = honest.write(tmp_path / "export")

    found = CliRunner().invoke(log, ["check", "--export", str(where)])

    assert (found.exit_code, found.stderr.startswith("Could not be checked:")) == (2, True)


@pytest.mark.parametrize("text", ["", "nonsense", "a\n1\nb\n\n— a AAAAAAA=\n"])
def test_a_kept_checkpoint_that_is_none_is_named(honest, folder, tmp_path, text: str):
    found = check(honest, folder, tmp_path, text)

    assert (found.exit_code, found.stdout.split(":")[0]) == (1, "the earlier checkpoint")
