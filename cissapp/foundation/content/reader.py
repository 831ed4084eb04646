"""Reads YAML files into shapes, and gathers every fault with its file and key."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from msgspec import Struct, field
from pydantic import BaseModel, TypeAdapter, ValidationError

from cissapp.foundation.content.faults import ContentFault
from cissapp.foundation.content.languages import ENGLISH, SAFE, Language
from cissapp.foundation.content.translations import FOLDER, Strings, problems_of, strings_of

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

# Placeholders that a draft contains where a visible text has not been written yet.
TO_WRITE = "TO WRITE"
URL_TO_WRITE = "https://to-write.invalid/"


def parsed(text: str) -> Any:
    """Parse YAML; it can only hold plain values."""
    return yaml.load(text, Loader=SAFE)  # noqa: S506 -- it is safe


class ContentReader(Struct):
    """Reads files below a folder and collects the faults.

    A fault in a translation is only noted: English is shown instead and everything else works.
    `entries` are the words of each entry by language, `shown` the languages in which it may be shown.
    """

    root: Path
    languages_known: tuple[Language, ...] = ()
    faults: list[ContentFault] = field(default_factory=list)
    noted: list[ContentFault] = field(default_factory=list)
    entries: dict[str, dict[str, Strings]] = field(default_factory=dict)
    shown: dict[str, set[str]] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the languages, English first."""
        return tuple(one.code for one in self.languages_known)

    def fault(self, path: Path | str, key: str, message: str) -> None:
        """Record a fault; one in a translation does not stop the application from starting."""
        name = str(path.relative_to(self.root)) if isinstance(path, Path) else path
        translated = isinstance(path, Path) and self._language_of(path) != ENGLISH
        (self.noted if translated else self.faults).append(ContentFault(name, key, message))

    def _language_of(self, path: Path) -> str:
        """Return the language of a file, taken from its folder or from its translation record."""
        *folders, name = path.relative_to(self.root).parts
        if folders == [FOLDER]:
            return name.removesuffix(".json")
        return next((one for one in folders if one in self.codes), ENGLISH)

    def raw(self, path: Path) -> Any:
        """Read a YAML file; a missing or malformed one is a fault."""
        try:
            return parsed(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.fault(path, "", "the file is missing")
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.fault(path, "", f"is not valid YAML: {' '.join(str(error).split())}")
        return None

    def shaped(
        self,
        path: Path,
        adapter: TypeAdapter[T],
        raw: Any,
        tags: Collection[str] = (),
        key: str = "",
    ) -> T | None:
        """Parse a value as this shape; report each mismatch as a fault.

        `tags` are the names of the alternative shapes, which are left out of the reported key.
        `key` is the path to the value in its file.
        """
        if raw is None:
            return None
        for at in still_to_write(raw, key):
            self.fault(path, at, "has not been written yet")
        try:
            return adapter.validate_python(raw)
        except ValidationError as error:
            for one in error.errors():
                parts = [str(part) for part in one["loc"] if part not in tags]
                self.fault(path, ".".join([key, *parts] if key else parts), one["msg"])
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
            self.fault(path, one, "is not in the file without texts")

    def unique(self, path: Path, key: str, values: Iterable[object]) -> None:
        """Check that no value appears twice."""
        seen: set[object] = set()
        for value in values:
            if value in seen:
                self.fault(path, key, f"{value} is listed twice")
            seen.add(value)

    def words(self, folder: Path, name: str, model: type[M]) -> dict[str, M]:
        """Read the words of a file, as one entry, in every language that has all of them."""
        found = {}
        for language in self.languages(folder):
            path = folder / language / name
            if language != ENGLISH and not path.exists():
                continue
            raw = self.raw(path)
            value = self.shaped(path, TypeAdapter(model), raw)
            if value is not None and self.take(path, raw):
                found[language] = value
        return found

    def pieces(
        self,
        path: Path,
        adapter: TypeAdapter[T],
        raw: Any,
        wanted: Collection[str],
        below: str = "",
    ) -> dict[str, T]:
        """Read the words of one language piece by piece, each as an entry of its own.

        In English every piece must be present; in other languages a missing one falls back to English.
        """
        if not isinstance(raw, dict):
            if raw is not None:
                self.fault(path, below, "must be keys and values")
            return {}
        known = wanted if self._language_of(path) == ENGLISH else set(raw) & set(wanted)
        self.same_ids(path, raw, known)
        found = {}
        for one in known:
            at = f"{below}.{one}" if below else one
            value = self.shaped(path, adapter, raw.get(one), key=at)
            if value is not None and self.take(path, raw[one], entry=one):
                found[one] = value
        return found

    def take(self, path: Path, raw: Any, entry: str = "") -> bool:
        """Record the words of an entry and return whether they may be shown; report what prevents it.

        English must be read first, because the other languages are compared with it.
        """
        language = self._language_of(path)
        inside = [one for one in path.relative_to(self.root).parts if one != language]
        key = "/".join(inside) + (f"#{entry}" if entry else "")
        own = strings_of(raw)
        self.entries.setdefault(key, {})[language] = own
        english = self.entries[key].get(ENGLISH, {})
        alphabet = next(one.alphabet for one in self.languages_known if one.code == language)
        problems = [] if language == ENGLISH else list(problems_of(english, own, alphabet))
        for at, message in problems:
            self.fault(path, f"{entry}.{at}" if entry else at, message)
        if not problems:
            self.shown.setdefault(key, set()).add(language)
        return not problems

    def languages(self, folder: Path) -> list[str]:
        """List the language folders, English first; English must be there."""
        present = [language for language in self.codes if (folder / language).is_dir()]
        for other in sorted(folder.iterdir()) if folder.is_dir() else []:
            if other.is_dir() and other.name not in self.codes:
                message = f"is not a language of the programme: {', '.join(self.codes)}"
                self.fault(other, "", message)
        if ENGLISH not in present:
            self.fault(folder, ENGLISH, "the English texts are missing")
        return present


def still_to_write(raw: Any, key: str) -> Iterator[str]:
    """Yield the keys of all texts of a draft that are still to be written."""
    if isinstance(raw, str):
        if raw.lstrip().startswith((TO_WRITE, URL_TO_WRITE)):
            yield key
    elif isinstance(raw, dict | list):
        for name, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from still_to_write(value, f"{key}.{name}" if key else str(name))
