"""Reads YAML files into shapes, and gathers every fault with its file and key."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from cissapp.foundation.content import schema

# The safe loader in C, where libyaml is there: it reads ten times as fast.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

# A draft carries these where nobody has written yet what a reader will see.
TO_WRITE = "TO WRITE"
URL_TO_WRITE = "https://to-write.invalid/"


@dataclass(frozen=True)
class ContentFault:
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

    def __init__(self, faults: list[ContentFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass
class ContentReader:
    """Reads files below a folder and gathers the faults."""

    root: Path
    faults: list[ContentFault] = field(default_factory=list)

    def fault(self, path: Path | str, key: str, message: str) -> None:
        """Note a fault."""
        name = str(path.relative_to(self.root)) if isinstance(path, Path) else path
        self.faults.append(ContentFault(name, key, message))

    def raw(self, path: Path) -> Any:
        """Read a YAML file; a missing or malformed one is a fault."""
        try:
            return yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE)  # noqa: S506 -- it is safe
        except FileNotFoundError:
            self.fault(path, "", "the file is missing")
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.fault(path, "", f"not readable as YAML: {' '.join(str(error).split())}")
        return None

    def shaped(
        self, path: Path, adapter: TypeAdapter[T], raw: Any, tags: Collection[str] = ()
    ) -> T | None:
        """Parse a value as this shape; each mismatch is a fault.

        `tags` are the names of the shapes to choose from: they are no part of the key that is named.
        """
        if raw is None:
            return None
        for key in still_to_write(raw):
            self.fault(path, key, "is still to be written")
        try:
            return adapter.validate_python(raw)
        except ValidationError as error:
            for one in error.errors():
                parts = [str(part) for part in one["loc"] if part not in tags]
                self.fault(path, ".".join(parts), one["msg"])
            return None

    def read(self, path: Path, model: type[M]) -> M | None:
        """Read a YAML file as this model."""
        return self.shaped(path, TypeAdapter(model), self.raw(path))

    def same_ids(self, path: Path, found: Iterable[str], wanted: Iterable[str]) -> None:
        """Check that exactly these ids are there; name each that is missing or unknown."""
        have, want = set(found), set(wanted)
        for one in sorted(want - have):
            self.fault(path, one, "is missing")
        for one in sorted(have - want):
            self.fault(path, one, "is not known in the file without words")

    def unique(self, path: Path, key: str, values: Iterable[object]) -> None:
        """Check that no value stands twice."""
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


def still_to_write(raw: Any, key: str = "") -> Iterator[str]:
    """Name the keys of every text of a draft that is still to be written."""
    if isinstance(raw, str):
        if raw.lstrip().startswith((TO_WRITE, URL_TO_WRITE)):
            yield key
    elif isinstance(raw, dict | list):
        for name, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from still_to_write(value, f"{key}.{name}" if key else str(name))
