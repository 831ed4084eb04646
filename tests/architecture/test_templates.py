"""Templates: one macro a file, pages made of them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from config import ROOT

COMPONENTS = sorted((ROOT / "cissapp/foundation/web/templates/components").glob("*.html"))
PAGES = [
    path
    for path in sorted((ROOT / "cissapp").rglob("templates/**/*.html"))
    if path.parent.name not in {"components", "layouts"} and not path.name.startswith("_")
]
# What the libraries' own objects have: form fields, and what every loop, text and mapping knows.
OF_LIBRARIES = {"form_errors", "input_type", "meta"}.union(*map(dir, (dict, str, list, tuple)))


def named_in(code: list[ast.AST]) -> Iterator[str]:
    """List the members of classes, the attributes that are set and the keys of mappings."""
    for node in code:
        match node:
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.ClassDef(body=body):
                yield from (
                    name.id
                    for one in body
                    if isinstance(one, ast.Assign)
                    for name in one.targets
                    if isinstance(name, ast.Name)
                )
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.Dict(keys=keys):
                yield from (key.value for key in keys if isinstance(key, ast.Constant))


def read_by(template: nodes.Template) -> Iterator[str]:
    """List the attributes that a template reads, except those of loops and imported templates."""
    apart = {"loop"} | {node.target for node in template.find_all(nodes.Import)}
    for node in template.find_all(nodes.Getattr):
        if not (isinstance(node.node, nodes.Name) and node.node.name in apart):
            yield node.attr


@cache
def code() -> list[ast.AST]:
    """Parse every Python file of the application."""
    return [
        node
        for path in (ROOT / "cissapp").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]


@cache
def templates() -> dict[str, nodes.Template]:
    """Parse every template, by the name it is rendered by."""
    parse = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse
    return {
        path.as_posix().rpartition("/templates/")[2]: parse(path.read_text(encoding="utf-8"))
        for path in (ROOT / "cissapp").rglob("templates/**/*.html")
    }


@cache
def names_of(template: str) -> frozenset[str]:
    """Return the names that a template, its layout and what it includes read."""
    tree = templates()[template]
    parts = {
        name.value
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import))
        if getattr(node, "with_context", True)
        for name in (node.template, *node.template.find_all(nodes.Const))
        if isinstance(name, nodes.Const)
    }
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    return frozenset(own.union(*map(names_of, parts)))


def test_what_a_template_reads_exists():
    known = OF_LIBRARIES.union(named_in(code()))

    # Jinja reads a name that does not exist as empty, so that what depends on it is never shown.
    assert {
        (template, name)
        for template, tree in templates().items()
        for name in read_by(tree)
        if name not in known
    } == set()


def test_what_a_view_hands_to_a_page_is_read_there():
    assert {
        (page.value, given.arg)
        for call in code()
        if isinstance(call, ast.Call)
        for page in call.args
        if isinstance(page, ast.Constant) and page.value in templates()
        for given in call.keywords
        if given.arg and given.arg not in names_of(page.value)
    } == set()


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


# Drawn on paper, where a line is broken by its width alone.
DRAWN = re.compile(r"/(certificates/document|papers|posters)/|/papers\.py$")
PLAIN_DOT = re.compile(r"""(["']) · \1\.join|\xa0·|%\}·|\}\}·""")


def test_the_dot_between_facts_is_left_to_the_rule_that_keeps_it_at_the_end_of_a_line():
    files = [path for end in ("py", "html") for path in (ROOT / "cissapp").rglob(f"*.{end}")]
    found = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if not DRAWN.search(path.as_posix()) and PLAIN_DOT.search(path.read_text(encoding="utf-8"))
    }

    assert found == set()
