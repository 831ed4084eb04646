"""The shape of the code: what a file may hold, and where a thing may stand."""

import ast
import re
from pathlib import Path

import pytest

from config import ROOT

CODE = sorted((ROOT / "cissapp").rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def lines(node: ast.FunctionDef) -> int:
    """Count the lines of a function's body, its signature and docstring left out."""
    body = [one for one in node.body if not _is_docstring(one)] or node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_320_lines():
    long = {short(path): n for path in CODE if (n := len(path.read_text().splitlines())) > 320}

    assert long == {}


def test_no_function_is_longer_than_40_lines():
    long = {
        f"{short(path)}:{node.name}": lines(node)
        for path in CODE
        for node in functions(path)
        if lines(node) > 40 and "guarded" not in node.name
    }

    assert long == {}


def test_views_are_thin():
    """A view takes input, calls, answers."""
    long = {
        f"{short(path)}:{node.name}": lines(node)
        for path in CODE
        if path.name == "views.py" or path.parent.name == "views"
        for node in functions(path)
        if lines(node) > 25
    }

    assert long == {}


def test_names_say_what_a_file_holds():
    named = [short(path) for path in CODE if path.stem in NAMES_THAT_SAY_NOTHING]

    assert named == []


def test_records_are_structs():
    """A dataclass is left where a field counts for no comparison, or is not printed: a Struct has neither."""
    plain = [
        f"{short(path)}:{node.name}"
        for path in CODE
        if "dataclass" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(one) for one in node.decorator_list)
        and not re.search(r"field\(.*(compare|repr)=False", ast.unparse(node))
    ]

    assert plain == []


def test_one_place_commits():
    places = [
        short(path)
        for path in CODE
        if ".commit(" in path.read_text() or "db.session.begin(" in path.read_text()
    ]

    assert places == ["cissapp/foundation/core/db.py"]


@pytest.mark.parametrize("word", ["|safe", "| safe", "autoescape false"])
def test_no_template_trusts_text(word: str):
    trusting = [
        short(path)
        for path in (ROOT / "cissapp").rglob("*.html")
        if word in path.read_text(encoding="utf-8")
    ]

    assert trusting == []


def test_no_script_makes_markup_or_code_of_text():
    """What a script shows is put there as text; only what others wrote, and was read (`page/vendor`), may differ."""
    risky = re.compile(
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function|srcdoc|__proto__)\b"
    )
    found = {
        short(path): risky.findall(path.read_text(encoding="utf-8"))
        for path in (ROOT / "cissapp").rglob("*.js")
        if "vendor" not in path.parts
    }

    assert len(found) > 10
    assert {name: words for name, words in found.items() if words} == {}


def test_the_lowest_room_stays_small():
    # The twelfth file is a page of a list, which queries of every wing return and templates show.
    assert len(list((ROOT / "cissapp" / "foundation" / "core").glob("*.py"))) <= 12
