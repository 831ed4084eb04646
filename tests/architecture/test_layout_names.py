"""What every page is given for its frame is not given again by a page: it would change the frame."""

import ast
import re
from collections.abc import Iterator

from jinja2 import Environment, nodes

from config import ROOT

OF_THE_FRAME = {"demo", "navigation", "person_mark", "person_unknown", "place", "preview"}
OF_THE_FRAME |= {"unread_notices"}
EXTENDS = re.compile(r'{% extends "([^"]+)"')
RENDERS = {"answer", "render_template"}
# The room that counts notices gives their number to the frame; two pages for strangers say that nobody is signed in.
ON_PURPOSE = {
    ("cissapp/people/notices/views.py", "unread_notices"),
    ("cissapp/prepare/awareness/views/pupils.py", "person_mark"),
    ("cissapp/prepare/posters/views/spot.py", "person_mark"),
}


def given() -> Iterator[tuple[str, str]]:
    """Yield file and name of everything that a view gives to a page, also by way of a dictionary it returns."""
    for path in sorted((ROOT / "cissapp").glob("*/*/views*")):
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                name = str(file.relative_to(ROOT))
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RENDERS:
                    yield from ((name, one.arg) for one in node.keywords if one.arg)
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                    keys = (one.value for one in node.value.keys if isinstance(one, ast.Constant))
                    yield from ((name, one) for one in keys)


def test_no_page_gives_a_name_of_the_frame():
    assert {one for one in given() if one[1] in OF_THE_FRAME} == ON_PURPOSE


def set_at_the_top(node: nodes.Node) -> Iterator[str]:
    """Yield the names that a template sets for all of it: those within a block, a loop or `with` are its own."""
    for one in node.iter_child_nodes():
        if isinstance(one, (nodes.Assign, nodes.AssignBlock)):
            targets = [one.target, *one.target.find_all(nodes.Name)]
            yield from (name.name for name in targets if isinstance(name, nodes.Name))
        elif isinstance(one, (nodes.If, nodes.Output)):
            yield from set_at_the_top(one)


def test_no_layout_sets_what_a_view_gives():
    """What the layout sets at its top comes last: the page would show that, and not what the view gave."""
    text_of = {
        path.relative_to(next(one for one in path.parents if one.name == "templates")).as_posix(): (
            path.read_text(encoding="utf-8")
        )
        for path in (ROOT / "cissapp").rglob("templates/**/*.html")
    }
    extended = {found for text in text_of.values() for found in EXTENDS.findall(text)}
    parse = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse
    names = {name for one in extended for name in set_at_the_top(parse(text_of[one]))}

    assert "view_sent" in names
    assert sorted(names & {name for _, name in given()}) == []
