"""Content that is kept for the next start: the same, of exactly these files, and signed."""

import os

import pytest

from cissapp.foundation.content import loader
from cissapp.foundation.content.kept import KeptContent, files_in, name_of
from tests.shipped import copied

KEY = b"a key for tests"


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    """The shipped content in a folder of its own."""
    return copied(tmp_path_factory.mktemp("content") / "modules")


@pytest.fixture
def started(modules, monkeypatch):
    """Load the content as a process does that has just begun; return how often it was read."""
    reads = []
    real = loader._load
    monkeypatch.setattr(loader, "_load", lambda root: reads.append(root) or real(root))

    def start(kept):
        monkeypatch.setattr(loader, "_LOADED", {})
        return loader.load(modules, kept), len(reads)

    return start


def test_what_is_kept_is_read_once_and_again_when_a_file_or_the_key_changes(
    started, modules, tmp_path
):
    kept = KeptContent(tmp_path / "cache", KEY)
    first, reads = started(kept)
    again, reads_again = started(kept)
    _other, reads_with_other_key = started(KeptContent(kept.folder, b"another key"))
    name = name_of(modules)
    lesson = next((modules / "1-children-online/en").glob("*.md"))
    lesson.write_text(lesson.read_text("utf-8").replace("school", "School"), "utf-8")
    changed, reads_of_changed = started(kept)

    assert (reads, reads_again, reads_with_other_key, reads_of_changed) == (1, 1, 2, 3)
    assert again.translations.entries._values is None  # most processes never need them
    assert again == first != changed
    assert [one.name for one in kept.folder.iterdir()] == [name_of(modules)] != [name]


def test_what_somebody_else_wrote_is_not_even_looked_into(tmp_path):
    kept = KeptContent(tmp_path, KEY)
    (tmp_path / "content-1").write_bytes(b"\0" * 32 + b"cos\nsystem\n(S'false'\ntR.")
    (tmp_path / "content-2").write_bytes(b"short")

    assert [kept.read(f"content-{number}") for number in (1, 2, 3)] == [None] * 3


def test_a_folder_that_cannot_be_written_to_costs_only_time(started, tmp_path):
    (tmp_path / "a file").write_text("")

    assert started(KeptContent(tmp_path / "a file" / "cache", KEY))[0].modules


def test_what_an_editor_leaves_in_a_folder_is_no_file(tmp_path):
    (tmp_path / "module.yaml").write_text("a: 1")
    (tmp_path / ".#module.yaml").symlink_to("somebody@machine.1")
    os.mkfifo(tmp_path / "pipe")

    assert [entry.name for entry in files_in(tmp_path)] == ["module.yaml"]
