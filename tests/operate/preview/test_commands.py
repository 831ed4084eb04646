"""The preview of a folder of content: started for real, read, changed, broken, mended."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from click.testing import CliRunner

from cissapp.cli import main
from cissapp.foundation.content.faults import ContentFault
from cissapp.operate.preview.commands import faults_page, stamp_of
from config import ROOT
from tests.shipped import FOLDER, MODULE, copied
from tests.shipped import LESSON as CHOSEN

Get = Callable[[str], tuple[int, str]]
LESSON = f"{FOLDER}/en/{CHOSEN.id}.md"
PAGE = f"/learn/{MODULE.id}/{CHOSEN.id}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "modules")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def browser(base: str) -> Get:
    """A browser that keeps cookies, waits for the server to begin, and gives status and page."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(path: str) -> tuple[int, str]:
        for _ in range(150):
            try:
                with opener.open(base + path, timeout=20) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as error:
                with error:
                    return error.code, error.read().decode()
            except URLError:
                time.sleep(0.2)
        raise AssertionError("the preview does not answer")

    return get


@pytest.fixture
def started(folder: Path, tmp_path: Path) -> Iterator[tuple[Get, str, Path]]:
    """A preview of the folder in a process of its own; its temporary folder is looked at afterwards."""
    port, place = free_port(), tmp_path / "temporary"
    place.mkdir()
    command = [sys.executable, "-m", "cissapp.cli", "content", "preview", str(folder)]
    with subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=ROOT,
        env={"TMPDIR": str(place), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout
            lines = [process.stdout.readline(), process.stdout.readline()]
            base = f"http://127.0.0.1:{port}"
            yield browser(base), lines[1].strip().removeprefix(base), place
        finally:
            process.terminate()
            assert process.wait(timeout=20) == 0
    assert list(place.iterdir()) == []


def test_a_change_is_seen_with_the_next_page_and_a_fault_is_shown_until_it_is_mended(
    started: tuple[Get, str, Path], folder: Path
):
    get, door, place = started
    path = folder / LESSON
    whole = path.read_text(encoding="utf-8")
    changed = f"title: A title that was changed\n{whole[whole.index('case:') :]}"

    assert get(f"{door}x")[0] == 404
    assert "<h1>Sign in</h1>" in get(PAGE)[1]
    status, page = get(door)
    assert status == 200
    assert "Preview: nothing here is kept" in page
    assert get(PAGE)[0] == 200
    assert "A title that was changed" not in get(PAGE)[1]

    path.write_text(f"---\n{changed}", encoding="utf-8")
    assert "A title that was changed" in get(PAGE)[1]

    path.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    status, page = get(PAGE)
    assert status == 500
    assert f"<li>{LESSON}: the front matter is not valid YAML" in page

    path.write_text(whole, encoding="utf-8")
    assert get(PAGE)[0] == 200
    assert "A title that was changed" not in get(PAGE)[1]
    assert [one.name.startswith("ciss-preview-") for one in place.iterdir()] == [True]


def test_every_page_is_opened_once_and_faults_are_listed(folder: Path):
    whole = CliRunner().invoke(main, ["content", "preview", str(folder), "--once"])
    (folder / LESSON).unlink()
    broken = CliRunner().invoke(main, ["content", "preview", str(folder), "--once"])

    assert (whole.exit_code, whole.output) == (0, "All pages open without errors.\n")
    assert (broken.exit_code, broken.output) == (1, f"{LESSON}: the file is missing\n")


def test_a_fault_is_shown_as_text():
    page = faults_page([ContentFault("a.yaml", "<b>", "no & yes")]).get_data(as_text=True)

    assert "<li>a.yaml: &lt;b&gt;: no &amp; yes</li>" in page


def test_a_folder_changes_with_each_file(tmp_path: Path):
    stamps = [stamp_of(tmp_path)]
    for text in ("a", "ab"):
        (tmp_path / "a.md").write_text(text)
        stamps.append(stamp_of(tmp_path))
    (tmp_path / "a.md").unlink()

    assert len(set(stamps)) == 3
    assert {one[0] for one in stamp_of(tmp_path)} == set()
