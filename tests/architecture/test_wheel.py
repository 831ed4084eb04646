"""A wheel holds everything that runs: code, pages, content, migrations; and needs no checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT


def files_of(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != "README.md"
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Return a folder as an installed wheel would make it."""
    target = tmp_path_factory.mktemp("built")
    words = ("egg_info", "--egg-base", str(target), "build_py", "--build-lib", str(target))
    subprocess.run(
        [sys.executable, "setup.py", "-q", *words], cwd=ROOT, check=True, capture_output=True
    )
    return target


def test_everything_is_in_it(built: Path):
    shipped = built / "cissapp" / "shipped"

    assert files_of(ROOT / "cissapp") - files_of(built / "cissapp") == set()
    for name in ("modules", "migrations"):
        assert files_of(ROOT / name) == files_of(shipped / name)
    assert {"config.py", "wsgi.py"} <= files_of(built)


def test_it_works_without_a_checkout_and_writes_where_it_is_called(built: Path, tmp_path: Path):
    told = "import config; print(config.MODULES, config.MIGRATIONS, config.INSTANCE, sep='\\n')"
    environ = {**os.environ, "PYTHONPATH": str(built), "CISS_SETTINGS": ""}

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", *words],
            cwd=tmp_path,
            env=environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    assert run("-c", told).split("\n")[:3] == [
        str(built / "cissapp" / "shipped" / "modules"),
        str(built / "cissapp" / "shipped" / "migrations"),
        str(tmp_path / "instance"),
    ]
    assert "No errors" in run("-m", "cissapp.cli", "content", "check")
