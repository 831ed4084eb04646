"""`make check`, the hooks before a commit and hosted CI are the same checks."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from config import ROOT


def commands_of(target: str) -> list[str]:
    """List the commands of a target of the Makefile, as a shell in this folder would run them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert found
    return [line.strip().replace("$(BIN)", ".venv/bin/") for line in found[1].splitlines()]


def test_the_hooks_run_what_make_check_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    assert [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]] == commands_of(
        "check"
    )


def test_hooks_fetch_nothing():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    assert {repo["repo"] for repo in hooks["repos"]} == {"local"}
    assert {hook["language"] for repo in hooks["repos"] for hook in repo["hooks"]} == {"system"}


def test_hosted_ci_runs_what_ci_runs_here():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    steps = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]

    assert "bash .ci/run" in steps
    assert "make check" in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()


def test_hosted_ci_tries_the_oldest_python_that_is_promised():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    tried = [row["python"] for row in workflow["jobs"]["tests"]["strategy"]["matrix"]["include"]]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f">={tried[0]}" == project["requires-python"]


def test_the_forms_for_issues_can_be_read():
    forms = {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")
    }

    assert {name for name, form in forms.items() if "body" not in form} == {"config.yml"}


def test_the_long_trials_find_what_they_borrow_from_the_tests():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    trials = set(re.findall(r"^(try-[a-z]+): ##", makefile, re.MULTILINE))
    given = re.search(r"^(try-.+): export PYTHONPATH = \$\(CURDIR\)$", makefile, re.MULTILINE)
    assert given
    assert set(given[1].split()) == trials

    folder = Path(sys.executable).parent
    command = ["make", "--silent", "try-restore", f"BIN={folder}/", "FOLDER=--help"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
