"""Plants faults in rules, services, queries and views, one at a time, and counts which ones the tests notice.

    .venv/bin/python -m benchmarks.planted_faults --number 200 --seed 1 --processes 2 [--long] [--only FILE]

Each fault changes one place: a comparison, a condition, a number, a call left out. It is planted in a copy
of the working tree, and the tests of its room run there until the first one fails. Prints a line for each fault,
and at the end those that no test noticed; `--report` saves everything as JSON, and `--only` plants just the faults
that an earlier report lists as unnoticed. With `--long` the long form of the tests runs.
"""

import argparse
import ast
import copy
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("rules", "services", "queries", "views")
SECONDS = 900
SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def kind_of(path: Path) -> str | None:
    """Return the kind of file in a room."""
    parts = [*path.relative_to(ROOT / "cissapp").parts[2:-1], path.stem]
    return next((kind for kind in KINDS if kind in parts), None)


def room_of(path: Path) -> str:
    """Return the wing and the room of a file of the package, as in "review/visits"."""
    return "/".join(path.parts[1:3])


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield the places in a module where a fault can be planted."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                what = _what(node)
                if what:
                    yield node, what


def _what(node: ast.AST) -> str | None:
    found = None
    match node:
        case ast.Compare() if type(node.ops[0]) in SWAPPED:
            found = "comparison"
        case ast.BoolOp():
            found = "and or or"
        case ast.If() | ast.IfExp():
            found = "condition"
        case ast.Constant() if type(node.value) in {int, bool}:
            found = "constant"
        case ast.Expr(value=ast.Call()):
            found = "call"
    return found


def planted(source: str, number: int) -> tuple[str, int, str]:
    """Plant the fault at the place with this number; return the text, its line, and what was changed."""
    tree = ast.parse(source)
    node, what = list(places(tree))[number]
    before = ast.unparse(node)
    _change(node, what)
    after = ast.unparse(node)
    return ast.unparse(tree), getattr(node, "lineno", 0), f"{before[:70]} -> {after[:70]}"


def _change(node: Any, what: str) -> None:
    match what:
        case "comparison":
            node.ops[0] = SWAPPED[type(node.ops[0])]()
        case "and or or":
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case "condition":
            node.test = ast.UnaryOp(ast.Not(), copy.deepcopy(node.test))
        case "constant":
            node.value = not node.value if isinstance(node.value, bool) else node.value + 1
        case "call":
            node.value = ast.Constant(None)


def faults(number: int, seed: int) -> list[dict[str, Any]]:
    """Draw a number of faults, equally many for each kind of file."""
    chance = random.Random(seed)
    files: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for path in sorted((ROOT / "cissapp").rglob("*.py")):
        kind = kind_of(path)
        if (
            kind
            and (ROOT / "tests" / room_of(path.relative_to(ROOT))).is_dir()
            and any(places(ast.parse(path.read_text())))
        ):
            files[kind].append(path)
    drawn = []
    for index in range(number):
        path = chance.choice(files[KINDS[index % len(KINDS)]])
        there = len(list(places(ast.parse(path.read_text()))))
        drawn.append({"file": str(path.relative_to(ROOT)), "number": chance.randrange(there)})
    return drawn


def tried(fault: dict[str, Any], copy_: Path, *, long: bool) -> dict[str, Any]:
    """Plant a fault in a copy, and return whether a test of its room notices it."""
    path = copy_ / fault["file"]
    sound = path.read_text(encoding="utf-8")
    text, line, done = planted(sound, fault["number"])
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        f"tests/{room_of(Path(fault['file']))}",
    ]
    path.write_text(text, encoding="utf-8")
    try:
        ended = subprocess.run(
            [*command, *["--long"] * long],
            cwd=copy_,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        noticed = ended.returncode != 0
        by = next(
            (one for one in ended.stdout.splitlines() if one.startswith(("FAILED", "ERROR"))), ""
        )
    except subprocess.TimeoutExpired:
        noticed, by = True, "took too long"
    finally:
        path.write_text(sound, encoding="utf-8")
    return {**fault, "line": line, "what": done, "noticed": noticed, "by": by[:160]}


def report(results: list[dict[str, Any]], place: Path | None) -> None:
    """Print what no test noticed, and save the whole report if asked to."""
    missed = [one for one in results if not one["noticed"]]
    print(f"\n{len(results)} faults planted, {len(missed)} not detected:")
    for one in missed:
        print(f"  {one['file']}:{one['line']}  {one['what']}")
    if place:
        place.write_text(json.dumps(results, indent=1), encoding="utf-8")


def tried_all(drawn: list[dict[str, Any]], processes: int, *, long: bool) -> list[dict[str, Any]]:
    """Try the faults in one copy per process."""
    copies: Queue[Path] = Queue()

    def try_one(fault: dict[str, Any]) -> dict[str, Any]:
        place = copies.get()
        try:
            result = tried(fault, place, long=long)
        finally:
            copies.put(place)
        seen = "noticed" if result["noticed"] else "MISSED "
        print(seen, f"{result['file']}:{result['line']}", result["what"], flush=True)
        return result

    left_out = shutil.ignore_patterns(".venv", ".git", "instance", ".*_cache")
    with tempfile.TemporaryDirectory(prefix="ciss-faults-") as folder:
        for index in range(processes):
            shutil.copytree(ROOT, Path(folder) / str(index), ignore=left_out)
            copies.put(Path(folder) / str(index))
        with ThreadPoolExecutor(processes) as threads:
            return list(threads.map(try_one, drawn))


def main() -> None:
    """Plant the faults, and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--only", type=Path)
    parser.add_argument("--report", type=Path)
    chosen = parser.parse_args()
    if chosen.only:
        drawn = [one for one in json.loads(chosen.only.read_text()) if not one["noticed"]]
    else:
        drawn = faults(chosen.number, chosen.seed)
    report(tried_all(drawn, chosen.processes, long=chosen.long), chosen.report)


if __name__ == "__main__":
    main()
