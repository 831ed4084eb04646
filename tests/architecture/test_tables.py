"""Tables: which of them other wings may see, and that only the room that owns one writes it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from config import ROOT

CODE = ROOT / "cissapp"
# Entities that the whole house speaks of. Every other table is private to its wing: SQL across wings
# stands in `queries` only.
PUBLIC = {
    "Application",
    "AuditEntry",
    "Certificate",
    "CompletenessCheck",
    "Deadline",
    "Document",
    "DocumentVersion",
    "Invitation",
    "NationalGroup",
    "RegisterEntry",
    "Removal",
    "ReviewQuestion",
    "School",
    "Submission",
    "Task",
    "User",
    "VoidedQuestion",
}
# The demonstration invents people and what they confirmed long ago; an import of an installation brings all rows.
INVENTING = {"operate/demo", "operate/load", "operate/preview"}

Home = tuple[str, str]


def room_of(path: Path) -> Home:
    wing, room = path.relative_to(CODE).parts[:2]
    return wing, room


@cache
def tables() -> dict[tuple[str, str], Home]:
    """The classes of tables by module and name, with the room that owns each."""
    found = {}
    for path in CODE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body if "Model" in text else []:
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            if any(isinstance(base, ast.Name) and base.id == "Model" for base in bases):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found[module, node.name] = room_of(path)
    return found


FILES = [path for path in sorted(CODE.rglob("*.py")) if len(path.relative_to(CODE).parts) > 2]


def taken_from_others(path: Path, tree: ast.Module) -> Iterator[tuple[str, str, Home]]:
    """Name under which a file knows the tables of other rooms, their own name, and their room."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                home = tables().get((node.module or "", name.name))
                if home and home != room_of(path):
                    yield name.asname or name.name, name.name, home


def written(tree: ast.Module, names: dict[str, str]) -> Iterator[str]:
    """Name the tables, out of `names`, of which rows are made, changed in bulk, or set by attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id in names:
                yield names[node.func.id]
            elif (
                node.func.id in {"update", "insert", "delete"}
                and isinstance(first, ast.Name)
                and first.id in names
            ):
                yield names[first.id]
        if isinstance(node, ast.FunctionDef):
            yield from _set(node, names)


def _set(function: ast.FunctionDef, names: dict[str, str]) -> Iterator[str]:
    arguments = {
        one.arg: names[one.annotation.id]
        for one in (*function.args.args, *function.args.kwonlyargs)
        if isinstance(one.annotation, ast.Name) and one.annotation.id in names
    }
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
                    if one.value.id in arguments:
                        yield f"{arguments[one.value.id]}.{one.attr}"


def test_tables_are_found():
    assert {"School", "Assignment", "RegisterEntry"} <= {name for _, name in tables()}


@cache
def crossings() -> tuple[list[str], list[str]]:
    """Which private tables of other wings are looked into, and which of other rooms written; each file is read once."""
    seen, writing = [], []
    for path in FILES:
        short, tree = path.relative_to(CODE), ast.parse(path.read_text(encoding="utf-8"))
        taken = list(taken_from_others(path, tree))
        if short.parts[0] != "operate" and "queries" not in str(path):
            others = [name for _, name, home in taken if home[0] != room_of(path)[0]]
            seen += [f"{short}: {name}" for name in others if name not in PUBLIC]
        if taken and "/".join(room_of(path)) not in INVENTING:
            names = {known: name for known, name, _ in taken}
            writing += [f"{short}: {one}" for one in written(tree, names)]
    return seen, writing


def test_a_wing_sees_the_entities_of_others_and_looks_into_their_tables_in_queries_only():
    assert crossings()[0] == []


def test_only_the_room_that_owns_a_table_writes_it():
    assert crossings()[1] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("made = Thing(id=1)", ["Thing"]),
        ("session.execute(update(Thing).values(a=1))", ["Thing"]),
        ("def change(thing: Thing) -> None:\n    thing.state = 1", ["Thing.state"]),
        ("def change(thing: Thing) -> None:\n    thing.a, thing.b = 1, 2", ["Thing.a", "Thing.b"]),
        ("def read(thing: Thing) -> int:\n    return thing.state", []),
        ("select(Thing)", []),
    ],
)
def test_every_kind_of_write_is_seen(code: str, expected: list[str]):
    assert list(written(ast.parse(code), {"Thing": "Thing"})) == expected
