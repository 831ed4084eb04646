"""The crosswalk: every criterion, duty and country that it names is there, and each aspect has its words."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from cissapp.foundation.content.crosswalk import Framework
from cissapp.foundation.content.crosswalks import read_crosswalk
from cissapp.foundation.content.languages import read_languages
from cissapp.foundation.content.reader import ContentReader
from config import ROOT
from tests.shipped import SHIPPED

LANGUAGES = read_languages(ROOT / "modules")
STANDARD: Any = SimpleNamespace(criteria=[SimpleNamespace(id="A1"), SimpleNamespace(id="B8")])
COUNTRIES: Any = {"UA": SimpleNamespace(file=SimpleNamespace(duties=[SimpleNamespace(id="law")]))}
LAW = {
    "id": "ua-law",
    "country": "UA",
    "duty": "law",
    "state": "ours",
    "aspects": [{"id": "rules", "criteria": ["A1", "B8"]}],
}
TOOL = {
    "id": "tool",
    "source": "https://tool.example/",
    "state": "confirmed",
    "aspects": [{"id": "policy", "criteria": ["A1"]}],
}
WORDS = {
    "ua-law": {"name": "The law", "aspects": {"rules": "Rules"}},
    "tool": {"name": "A tool", "about": "What it is.", "aspects": {"policy": "Policy"}},
}


def read(
    tmp_path: Path, frameworks: list[dict[str, Any]], words: dict[str, Any] | None = None
) -> tuple[tuple[Framework, ...], list[str]]:
    """Write the files, read them, and name the faults."""
    folder = tmp_path / "standard"
    for path, value in (
        (folder / "crosswalk.yaml", {"frameworks": frameworks}),
        (folder / "en/crosswalk.yaml", WORDS if words is None else words),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(value), encoding="utf-8")
    reader = ContentReader(tmp_path, LANGUAGES)
    found = read_crosswalk(reader, STANDARD, COUNTRIES)
    return found, [f"{one.key}: {one.message}" for one in reader.faults]


def test_what_agrees_is_read_with_its_words(tmp_path: Path):
    (law, tool), faults = read(tmp_path, [LAW, TOOL])

    assert faults == []
    assert (law.text("uk").name, law.language("uk"), tool.text("en").about) == (
        "The law", "en", "What it is.",
    )  # fmt: skip
    assert [law.concerns("UA"), law.concerns("MD"), tool.concerns("MD")] == [True, False, True]


def changed(**values: Any) -> dict[str, Any]:
    return {key: one for key, one in {**LAW, **values}.items() if one is not None}


@pytest.mark.parametrize(
    ("framework", "fault"),
    [
        (
            changed(aspects=[{"id": "rules", "criteria": ["A1", "B9"]}]),
            "frameworks.ua-law.rules: B9 is not a criterion of the rubric",
        ),
        (
            changed(aspects=[{"id": "rules", "criteria": ["A1", "A1"]}]),
            "frameworks.ua-law.rules: A1 is listed twice",
        ),
        (changed(country="MD"), "frameworks.ua-law.country: there is no country pack MD"),
        (changed(duty="gone"), "frameworks.ua-law.duty: gone is not a duty of UA"),
        (changed(duty=None), "frameworks.0: Value error, needs either 'duty' or 'source'"),
        (changed(country=None), "frameworks.0: Value error, a 'duty' needs its 'country'"),
        (changed(state="law"), "frameworks.0.state: Input should be 'ours' or 'confirmed'"),
        (
            changed(aspects=[{"id": "other", "criteria": ["A1"]}]),
            "ua-law.aspects.rules: is not in both files",
        ),
    ],
)
def test_each_fault_is_named(tmp_path: Path, framework: dict[str, Any], fault: str):
    _found, faults = read(tmp_path, [framework, TOOL])

    assert fault in faults


def test_what_a_framework_is_stands_in_one_place(tmp_path: Path):
    told = {"name": "The law", "about": "Twice.", "aspects": {"rules": "Rules"}}
    silent = {"name": "A tool", "aspects": {"policy": "Policy"}}

    _found, faults = read(tmp_path, [LAW, TOOL], {"ua-law": told, "tool": silent})

    assert faults == [
        "ua-law.about: is already given by the country pack",
        "tool.about: is missing",
    ]


def test_every_duty_of_a_country_that_was_checked_is_served_by_criteria():
    named = {(one.key.country, one.key.duty) for one in SHIPPED.crosswalk}
    checked = {
        (pack.code, duty.id)
        for pack in SHIPPED.countries.values()
        for duty in pack.file.duties
        if duty.state == "checked"
    }

    assert checked <= named
    assert {code for one in SHIPPED.crosswalk for code in one.texts} == set(SHIPPED.languages)
