"""Reads what README draws and what `pyproject.toml` orders: wings, and the rooms of each from the top."""

import re
import tomllib

from config import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def contracts() -> dict[str, list[str]]:
    """Return the layers of each contract of import-linter by its id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        contract["id"]: contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    }


def wings_of_contracts() -> dict[str, list[str]]:
    """Return the rooms of each wing in the order of imports, as the contracts say."""
    found = contracts()
    wings = [name for layer in found["wings"] for name in layer.split(" | ") if name in found]
    return {wing: [room for layer in found[wing] for room in layer.split(" | ")] for wing in wings}


def wings_of_readme() -> dict[str, list[str]]:
    """Return the rooms of each wing as README draws them: two wings may stand beside each other."""
    wings: dict[str, list[str]] = {}
    beside: list[str] = []
    for line in README.partition("```\n┌")[2].partition("```")[0].splitlines():
        heads = re.findall(r"(?:^|[├┬]) (\w+) ─", line)
        if heads:
            beside = heads
            wings |= {wing: [] for wing in heads}
        elif line.startswith("│"):
            for wing, cell in zip(beside, line.strip("│").split("│"), strict=True):
                wings[wing] += [room for room in cell.strip().split(" · ") if room]
    return wings


def wings_of_code() -> dict[str, set[str]]:
    """Return the folders of each wing that hold code."""
    return {
        wing.parent.name: {path.parent.name for path in wing.parent.glob("*/__init__.py")}
        for wing in (ROOT / "cissapp").glob("*/__init__.py")
    }
