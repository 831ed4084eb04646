"""Reads untrusted JSON, strictly and within limits.

Anything that two programs could read differently is refused: repeated names, numbers that are not integers,
null, and empty lists and objects, which a linked-data signature does not cover.
"""

import json
from typing import Any, NoReturn

LARGEST = 200_000
DEEPEST = 12
MOST = 2_000


class UnreadableCredential(ValueError):
    """The input is not JSON that a credential could be written in."""


def read_json(content: bytes | str) -> dict[str, Any]:
    """Read a JSON object; raise `UnreadableCredential`."""
    if len(content) > LARGEST:
        raise UnreadableCredential("it is too large")
    try:
        text = content.decode() if isinstance(content, bytes) else content
        found = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_refuse_repeated_names,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except RecursionError as error:
        raise UnreadableCredential("it is nested too deeply") from error
    except ValueError as error:
        raise UnreadableCredential(str(error)) from error
    if not isinstance(found, dict):
        raise UnreadableCredential("it is no object")
    _refuse_empty_or_deep(found)
    return found


def _refuse_repeated_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableCredential("a name stands in it twice")
    return found


def _refuse_number(value: str) -> NoReturn:
    raise UnreadableCredential(f"it holds the number {value[:20]}")


def _refuse_empty_or_deep(document: dict[str, Any]) -> None:
    """Refuse empty values and deep nesting, walking level by level and without recursion."""
    level: list[Any] = [document]
    depth = seen = 0
    while level:
        depth, seen = depth + 1, seen + len(level)
        if depth > DEEPEST or seen > MOST:
            raise UnreadableCredential("it is nested too deeply, or holds too much")
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                _refuse_half_characters(value)
            elif value is None or value in ({}, []):
                raise UnreadableCredential("something in it is empty")
            elif isinstance(value, dict):
                _refuse_half_characters("".join(value))
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below


def _refuse_half_characters(text: str) -> None:
    """Refuse lone surrogates: JSON can express them, nothing else can."""
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as error:
        raise UnreadableCredential("it holds half a character") from error
