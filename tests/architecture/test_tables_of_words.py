"""A table that says something of each member of an enumeration says it of every member."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from types import ModuleType

import cissapp
from config import ROOT

# Of some members only: the rest has nothing to say there, or never comes there.
OF_SOME = set((ROOT / "tests/architecture/tables_of_some.txt").read_text(encoding="utf-8").split())
INVENTED = ("cissapp.operate.demo.", "cissapp.operate.load.")


def defines(module: ModuleType, name: str) -> bool:
    """Return whether the constant is written there, not imported."""
    return re.search(rf"^{name}\b", inspect.getsource(module), re.MULTILINE) is not None


def tables() -> Iterator[tuple[str, type[Enum], dict[Enum, object]]]:
    """List the constants whose keys are all members of one enumeration, with their names."""
    for module in pkgutil.walk_packages(cissapp.__path__, "cissapp."):
        if module.name.startswith(INVENTED):
            continue
        loaded = import_module(module.name)
        for name, value in vars(loaded).items():
            if name.isupper() and isinstance(value, dict) and value and defines(loaded, name):
                kinds = {type(key) for key in value}
                kind = kinds.pop()
                if not kinds and issubclass(kind, Enum):
                    yield f"{module.name.removeprefix('cissapp.')}.{name}", kind, value


def test_a_table_has_every_member_of_its_enumeration():
    missing = {name: sorted(set(kind) - set(table)) for name, kind, table in tables()}

    assert len(missing) > 200
    assert {name: gaps for name, gaps in missing.items() if gaps and name not in OF_SOME} == {}
    # One that has become whole leaves the list, so that it stays whole.
    assert OF_SOME - {name for name, gaps in missing.items() if gaps} == set()
