"""Reads YAML files into shapes, and gathers every fault with its file and key."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from cissapp.content import schema

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which file, at which key."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.key}: {self.message}"
            if self.key
            else f"{self.file}: {self.message}"
        )


class BrokenContent(Exception):
    """The content has faults; `faults` lists them all."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass
class Reader:
    """Reads files below a folder and gathers the faults."""

    root: Path
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path | str, key: str, message: str) -> None:
        """Note a fault."""
        name = str(path.relative_to(self.root)) if isinstance(path, Path) else path
        self.faults.append(Fault(name, key, message))

    def raw(self, path: Path) -> Any:
        """Read a YAML file; a missing or malformed one is a fault."""
        try:
            return yaml.safe_load(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.fault(path, "", "the file is missing")
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.fault(path, "", f"not readable as YAML: {' '.join(str(error).split())}")
        return None

    def shaped(self, path: Path, adapter: TypeAdapter[T], raw: Any) -> T | None:
        """Give the value its shape; each mismatch is a fault."""
        if raw is None:
            return None
        try:
            return adapter.validate_python(raw)
        except ValidationError as error:
            for one in error.errors():
                self.fault(path, ".".join(str(part) for part in one["loc"]), one["msg"])
            return None

    def read(self, path: Path, model: type[M]) -> M | None:
        """Read a YAML file as this model."""
        return self.shaped(path, TypeAdapter(model), self.raw(path))

    def same_ids(self, path: Path, found: Iterable[str], wanted: Iterable[str]) -> None:
        """Demand exactly these ids, naming each that is missing or unknown."""
        have, want = set(found), set(wanted)
        for one in sorted(want - have):
            self.fault(path, one, "is missing")
        for one in sorted(have - want):
            self.fault(path, one, "is not known in the file without words")

    def unique(self, path: Path, key: str, values: Iterable[object]) -> None:
        """Demand that no value stands twice."""
        seen: set[object] = set()
        for value in values:
            if value in seen:
                self.fault(path, key, f"{value} stands twice")
            seen.add(value)

    def languages(self, folder: Path) -> list[str]:
        """List the language folders; English must be there."""
        present = [language for language in schema.LANGUAGES if (folder / language).is_dir()]
        for other in sorted(folder.iterdir()) if folder.is_dir() else []:
            if other.is_dir() and other.name not in schema.LANGUAGES:
                self.fault(
                    other, "", f"not a language of the programme: {', '.join(schema.LANGUAGES)}"
                )
        if "en" not in present:
            self.fault(folder, "en", "the English texts are missing")
        return present
