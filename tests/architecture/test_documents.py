"""Documents tell the truth where a machine can see it: paths, links, settings, commands, criteria."""

import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml

from cissapp import cli
from config import ROOT, Config
from tests.architecture.pictures import wings_of_code

DOCUMENTS = sorted(
    path
    # The changelog is left out: it tells of places as they were.
    for pattern in (
        "[!C]*.md",
        "CONTRIBUTING.md",
        "docs/**/*.md",
        "modules/*.md",
        "modules/*/README.md",
        ".github/*.md",
    )
    for path in ROOT.glob(pattern)
)
FOLDERS = {"cissapp", "tests", "docs", "modules", "migrations", "benchmarks", ".github", ".ci"}
# What is made when it is needed, and is not there before.
MADE_LATER = {"modules/standard-earlier/"}
CODED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CRITERION = re.compile(r"[\"']([ABC]\d{1,2})[\"']")


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def named_paths(text: str) -> set[str]:
    """Return what stands in code marks and looks like a path of the project, or of a wing."""
    first = FOLDERS | set(wings_of_code())
    return {
        name
        for name in CODED.findall(text)
        if "/" in name
        and name.partition("/")[0] in first
        and re.fullmatch(r"[\w./<>*-]+", name)
        and not any(name.startswith(later) for later in MADE_LATER)
    }


def is_there(name: str) -> bool:
    pattern = re.sub(r"<[\w-]+>", "*", name).rstrip("/")
    return any(any(folder.glob(pattern)) for folder in (ROOT, ROOT / "cissapp"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_every_path_that_is_named_is_there(path: Path):
    assert [name for name in sorted(named_paths(text_of(path))) if not is_there(name)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=short)
def test_every_link_leads_somewhere(path: Path):
    links = [
        link for link in LINK.findall(text_of(path)) if not link.startswith(("http", "mailto"))
    ]

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_site_shows_every_document_to_somebody():
    site = yaml.safe_load(text_of(ROOT / "mkdocs.yml"))
    shown = {page for part in site["nav"] for page in pages_of(part)}
    here = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}

    assert {page for page in here - shown if not page.startswith("adr/0")} == set()


def pages_of(part: object) -> list[str]:
    """List the pages of a part of the navigation."""
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part
    assert isinstance(inner, Iterable)
    return [page for one in inner for page in pages_of(one)]


def test_operators_read_of_every_setting_and_of_no_other():
    settings = {f"CISS_{one.name.upper()}" for one in fields(Config)}
    told = re.findall(r"^\| `(CISS_[A-Z0-9_]+)`", text_of(ROOT / "docs/operating.md"), re.MULTILINE)

    assert sorted(told) == sorted(settings - {"CISS_DEMO", "CISS_TESTING"})


def test_every_command_that_is_named_can_be_called():
    context = click.Context(cli.main)
    groups = {
        name: set(group.commands)
        for name in cli.COMMANDS
        if isinstance(group := cli.main.get_command(context, name), click.Group)
    }
    wrong = set()
    for path in DOCUMENTS:
        for name, rest in re.findall(
            r"(?:`|^    |&& |bin/)ciss ([a-z][a-z-]*)((?: [a-z][a-z-]*)?)",
            text_of(path),
            re.MULTILINE,
        ):
            if name not in cli.COMMANDS or (
                rest and name in groups and rest.strip() not in groups[name]
            ):
                wrong.add((short(path), f"ciss {name}{rest}"))

    assert wrong == set()


def test_the_standard_says_which_criteria_code_names():
    named = {
        name
        for path in (ROOT / "cissapp").rglob("*")
        if path.suffix in {".py", ".html"} and "operate/demo" not in path.as_posix()
        for name in CRITERION.findall(text_of(path))
    }

    mechanism = {f"B{number}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 10)}
    plan = {"A12", "A13", "A16", *(f"C{number}" for number in (1, 2, 3, 4, 5, 7, 8, 9, 11, 12))}
    assert named == mechanism | plan
    told = text_of(ROOT / "modules/standard/README.md")
    assert "B1 to B5 and B7 to B10" in told
    assert "A12, A13, A16, B2, B3, C1 to C5, C7 to C9, C11 and C12" in told


def test_every_threat_has_its_line_and_every_proof_is_there():
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in page.splitlines() if line.startswith("| T")]
    told: set[int] = set()
    for ids, _threat, proofs in rows:
        for part in ids.strip().split(", "):
            first, _, last = part.replace("T", "").partition("-")
            told |= set(range(int(first), int(last or first) + 1))
        places = [one for one in re.findall(r"`([^`]+)`", proofs) if not one.startswith("make ")]
        assert places
        assert [one for one in places if not (ROOT / one).exists()] == [], ids

    assert told == set(range(1, 59))
