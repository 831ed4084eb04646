"""Keeps which pages were found sound, for all processes of a run: the same tags are looked at once."""

from hashlib import sha256
from pathlib import Path


class Verdicts:
    """What was found sound; without a folder this process alone knows it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: set[str] = set()
        self.folder: Path | None = None

    def share(self, folder: Path) -> None:
        """Ask, and tell, the other processes through a folder."""
        self.folder = folder / self.name
        self.folder.mkdir(exist_ok=True)

    def has(self, *seen: str) -> bool:
        """Return whether this was found sound, here or in another process."""
        key = _key(seen)
        if key not in self.found and self.folder and (self.folder / key).exists():
            self.found.add(key)
        return key in self.found

    def add(self, *seen: str) -> None:
        """Keep that this was found sound."""
        key = _key(seen)
        self.found.add(key)
        if self.folder:
            (self.folder / key).touch()


def _key(seen: tuple[str, ...]) -> str:
    return sha256("\0".join(seen).encode()).hexdigest()


PARSED = Verdicts("parsed")
LOOKED_AT = Verdicts("looked-at")
