"""Templates: one macro a file, pages made of them."""

import re
from pathlib import Path

import pytest

from config import ROOT

COMPONENTS = sorted((ROOT / "cissapp/foundation/web/templates/components").glob("*.html"))
PAGES = [
    path
    for path in sorted((ROOT / "cissapp").rglob("templates/**/*.html"))
    if path.parent.name not in {"components", "layouts"} and not path.name.startswith("_")
]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_one_macro_that_says_what_it_is(path: Path):
    text = path.read_text(encoding="utf-8")

    assert text.startswith("{#")
    assert re.findall(r"{%-? macro (\w+)\(", text)[0] == path.stem


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_extends_the_layout_and_imports_only_what_it_uses(path: Path):
    text = path.read_text(encoding="utf-8")
    body = re.sub(r"{%-? from [^%]+%}", "", text)
    imported = [
        name.split(" as ")[-1].strip()
        for line in re.findall(r"{%-? from \"[^\"]+\" import ([^%]+?)(?: with context)? -?%}", text)
        for name in line.split(",")
    ]

    assert "{% extends" in text
    assert [name for name in imported if not re.search(rf"\b{name}\b", body)] == []
