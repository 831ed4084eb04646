"""The settings file: read as systemd reads it, found in one order, overruled by the environment."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.installation import settings_file
from cissapp.foundation.core.installation.settings_file import (
    UnreadableSettings,
    gather,
    line_of,
    parse,
)

LINES = r"""
# a comment
; another one \
  that goes on
CISS_A=1
 CISS_B = two words
CISS_C="a \"quoted\" \$ and \n"
CISS_D='a # b'"c"
CISS_E=goes \
on
CISS_F=
CISS_G=a"b"
CISS_H=no # comment
"""


def test_lines_mean_what_they_mean_to_systemd():
    assert parse(LINES) == {
        "CISS_A": "1",
        "CISS_B": "two words",
        "CISS_C": 'a "quoted" $ and \\n',
        "CISS_D": "a # bc",
        "CISS_E": "goes on",
        "CISS_F": "",
        "CISS_G": 'a"b"',
        "CISS_H": "no # comment",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [("A=1\noops\n", 2), ("A='1\nB=2\n", 1), ('\nA="1\\"\n', 2), ("=1", 1), ("export A=1", 1)],
)
def test_a_line_that_is_no_setting_is_named_by_its_number(text: str, number: int):
    with pytest.raises(UnreadableSettings, match=f"line {number} is not a setting"):
        parse(text)


@given(st.text(st.characters(blacklist_characters="\n\r", blacklist_categories=["Cs"])))
def test_what_is_written_is_read_again(value: str):
    assert parse(line_of("CISS_A", value) + line_of("CISS_B", "2")) == {
        "CISS_A": value,
        "CISS_B": "2",
    }


def test_a_value_of_two_lines_is_not_written():
    with pytest.raises(ValueError, match="CISS_A must be a single line"):
        line_of("CISS_A", "one\nCISS_DEMO=1")


def test_the_environment_wins_over_the_file_and_a_secret_may_have_its_own(tmp_path: Path):
    file = tmp_path / "settings.env"
    file.write_text("CISS_A=file\nCISS_B=file\nCISS_KEY_FILE=" + str(tmp_path / "key"))
    (tmp_path / "key").write_text("of a file\n")
    (tmp_path / "CISS_TOKEN").write_text("of systemd\n")
    environ = {
        "CISS_SETTINGS": str(file),
        "CISS_B": "environment",
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        "PATH": "/bin",
    }

    found = gather(environ, tmp_path, ["CISS_KEY", "CISS_TOKEN", "CISS_OTHER"])

    assert {name: found[name] for name in ("CISS_A", "CISS_B", "CISS_KEY", "CISS_TOKEN")} == {
        "CISS_A": "file",
        "CISS_B": "environment",
        "CISS_KEY": "of a file",
        "CISS_TOKEN": "of systemd",
    }
    assert "PATH" not in found


def test_the_file_is_the_named_one_or_the_systems_or_the_one_beside(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(settings_file, "OF_THE_SYSTEM", tmp_path / "etc.env")
    beside = tmp_path / "settings.env"
    beside.touch()

    assert settings_file.locate({}, tmp_path) == beside
    (tmp_path / "etc.env").touch()
    assert settings_file.locate({}, tmp_path) == tmp_path / "etc.env"
    assert settings_file.locate({"CISS_SETTINGS": "/x"}, tmp_path) == Path("/x")
    assert settings_file.locate({"CISS_SETTINGS": ""}, tmp_path) is None


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, monkeypatch):
    with pytest.raises(UnreadableSettings, match="does not exist"):
        settings_file.read(tmp_path / "none.env")
    (tmp_path / "bytes.env").write_bytes(b"\xff")
    with pytest.raises(UnreadableSettings, match="cannot be read"):
        settings_file.read(tmp_path / "bytes.env")
    with pytest.raises(UnreadableSettings, match="The secret in /none cannot be read"):
        gather({"CISS_SETTINGS": "", "CISS_KEY_FILE": "/none"}, tmp_path, ["CISS_KEY"])


def test_every_command_reads_the_named_file(tmp_path: Path, monkeypatch):
    from config import Config, use_settings_file

    file = tmp_path / "here.env"
    file.write_text(
        "CISS_SECRET_KEY=of-the-file-0123456789-of-the-file\nCISS_BASE_URL=https://ciss.example\n"
        "AWS_REGION_OF_A_TRIAL=eu\n"
    )
    monkeypatch.setenv("CISS_SETTINGS", "")
    monkeypatch.delenv("AWS_REGION_OF_A_TRIAL", raising=False)
    use_settings_file(file)

    assert Config.from_env().secret_key == "of-the-file-0123456789-of-the-file"
    assert os.environ.pop("AWS_REGION_OF_A_TRIAL") == "eu"
