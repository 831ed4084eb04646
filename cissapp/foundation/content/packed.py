"""Parts of the content that a process unpacks when it reads them; most processes read few of them.

Cached content (see `kept`) holds them as bytes, which the processes of a server share without writing to them.
Its signature covers them: unpickling executes whatever they contain.
"""

import pickle
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

V = TypeVar("V")

# Lessons, questions and clauses that a process keeps unpacked, of some two thousand: at most 6 MB.
UNPACKED = 1000


class Texts(Mapping[str, V], Generic[V]):
    """The texts of one thing by language."""

    __slots__ = ("_by_language",)

    def __init__(self, texts: Mapping[str, V]) -> None:
        self._by_language: dict[str, V | bytes] = dict(texts)

    def __getstate__(self) -> dict[str, bytes]:
        return {
            language: text if isinstance(text, bytes) else _pack(text)
            for language, text in self._by_language.items()
        }

    def __setstate__(self, packed: dict[str, V | bytes]) -> None:
        self._by_language = packed

    def __getitem__(self, language: str) -> V:
        text = self._by_language[language]
        if isinstance(text, bytes):
            unpacked: V = _recently_unpacked(text)
            return unpacked
        return text

    def get(self, language: str, default: Any = None, /) -> Any:
        """Return the text in a language, or the default; pages ask so often that the inherited way shows."""
        text = self._by_language.get(language, default)
        return _recently_unpacked(text) if isinstance(text, bytes) else text

    def __contains__(self, language: object) -> bool:
        return language in self._by_language

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_language)

    def __len__(self) -> int:
        return len(self._by_language)


class Rare(Mapping[str, V], Generic[V]):
    """What only few processes need, such as everything that is only for translators: unpacked as a whole, once."""

    __slots__ = ("_packed", "_values")

    def __init__(self, values: Mapping[str, V]) -> None:
        self._values: Mapping[str, V] | None = values
        self._packed = b""

    def __getstate__(self) -> bytes:
        return self._packed or _pack(self._values)

    def __setstate__(self, packed: bytes) -> None:
        self._values, self._packed = None, packed

    @property
    def _unpacked(self) -> Mapping[str, V]:
        values = self._values
        if values is None:
            values = self._values = _unpack(self._packed)
        return values

    def __getitem__(self, key: str) -> V:
        return self._unpacked[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._unpacked)

    def __len__(self) -> int:
        return len(self._unpacked)


def _pack(value: object) -> bytes:
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), level=1)


def _unpack(packed: bytes) -> Any:
    return pickle.loads(zlib.decompress(packed))  # noqa: S301 -- signed with the rest


_recently_unpacked = lru_cache(maxsize=UNPACKED)(_unpack)
