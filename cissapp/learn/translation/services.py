"""Writes translations into the content's files, and notes what they were made from."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from cissapp.foundation.content.languages import ENGLISH, SAFE
from cissapp.foundation.content.lessons import lesson_parts
from cissapp.foundation.content.translations import (
    FOLDER,
    SAME,
    Strings,
    TextState,
    TranslationRecord,
    Translations,
    digests_of,
    is_one_text,
)

# Parts of a file whose pieces are entries of their own.
PARTS = ("criteria", "helplines", "duties", "sections", "questions", "elements", "clauses")


def write_entries(root: Path, language: str, taken: Mapping[str, Strings]) -> None:
    """Write the texts of these entries into their files; everything else in the files stays as it is."""
    by_file: dict[str, dict[str, Strings]] = {}
    for entry, strings in taken.items():
        name, _, piece = entry.partition("#")
        by_file.setdefault(name, {})[piece] = strings
    for name, pieces in by_file.items():
        _write_file(root, language, name, pieces)


def _write_file(root: Path, language: str, name: str, pieces: Mapping[str, Strings]) -> None:
    folder, file = root / Path(name).parent, Path(name).name
    source, target = folder / ENGLISH / file, folder / language / file
    english = _read(source)
    own = _read(target) if target.exists() else {}
    for piece, strings in pieces.items():
        if piece:
            *above, name = _path_of(piece, english)
            source_part, own_part = english, own
            for step in above:
                source_part, own_part = source_part[step], own_part.setdefault(step, {})
            own_part[name] = _filled(source_part[name], strings)
        else:
            own |= _filled({key: english[key] for key in english if key not in PARTS}, strings)
    target.parent.mkdir(exist_ok=True)
    target.write_text(_written(_in_order(own, english), file), encoding="utf-8")


def _path_of(piece: str, english: Mapping[str, Any]) -> list[str]:
    """Return the keys that lead to a piece: a criterion, a service or duty of a pack, a question."""
    if "criteria" in english:
        return ["criteria", piece]
    part, _, one = piece.partition(".")
    return [part, one] if part in PARTS and one else [piece]


def _read(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    found = lesson_parts(text) if path.suffix == ".md" else yaml.load(text, Loader=SAFE)  # noqa: S506 -- it is safe
    return dict(found or {})


def _filled(english: Any, strings: Strings, key: str = "") -> Any:
    """Return the structure of the English, filled with the texts of a translation."""
    if isinstance(english, dict):
        return {
            name: value
            if name in SAME
            else _filled(value, strings, f"{key}.{name}" if key else str(name))
            for name, value in english.items()
        }
    if isinstance(english, list) and is_one_text(key):
        own = [one.strip() for one in strings.get(key, "").split(",")]
        return [one for one in own if one] or english
    if isinstance(english, list):
        return [
            _filled(value, strings, f"{key}.{number}" if key else str(number))
            for number, value in enumerate(english)
        ]
    return strings.get(key, english)


def _in_order(own: dict[str, Any], english: Mapping[str, Any]) -> dict[str, Any]:
    """Sort the keys as in the English file, so that a diff is easy to read."""
    ordered = {key: own[key] for key in english if key in own}
    for part in PARTS:
        if isinstance(ordered.get(part), dict):
            ordered[part] = _in_order(ordered[part], english[part])
    return ordered


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _words(base: type[yaml.SafeDumper]) -> type[yaml.SafeDumper]:
    """Return a dumper that writes long texts so that a person can read and edit them."""
    dumper: type[yaml.SafeDumper] = type("Words", (base,), {})
    dumper.add_representer(str, _text)
    return dumper


# libyaml writes the same six times as fast, but only the other leaves an emoji as it is.
_IN_C, _IN_PYTHON = _words(getattr(yaml, "CSafeDumper", yaml.SafeDumper)), _words(yaml.SafeDumper)
_ESCAPED = "\\U"


def _written(value: dict[str, Any], file: str) -> str:
    body = value.pop("body", "") if file.endswith(".md") else None
    text = _dumped(value, _IN_C)
    if _ESCAPED in text:
        text = _dumped(value, _IN_PYTHON)
    return text if body is None else f"---\n{text}---\n\n{body.strip()}\n"


def _dumped(value: dict[str, Any], dumper: type[yaml.SafeDumper]) -> str:
    text: str = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def note_made(root: Path, language: str, translations: Translations, entries: Iterable[str]) -> int:
    """Record that these entries were made from the current English, and that nobody has read them yet.

    Return how many there were.
    """
    records = _records(translations, language)
    count = 0
    for entry in entries:
        english = translations.entries[entry][ENGLISH]
        records[entry] = TranslationRecord(of=digests_of(english))
        count += 1
    _write_records(root, language, translations, records)
    return count


def note_read(
    root: Path,
    language: str,
    translations: Translations,
    entries: Iterable[str],
    *,
    by: str,
    on: date,
) -> list[str]:
    """Record who has read these entries; return those that cannot count as read, being missing or stale."""
    records = _records(translations, language)
    left = []
    for entry in entries:
        if translations.state(entry, language) in {TextState.MISSING, TextState.STALE}:
            left.append(entry)
        else:
            records[entry] = TranslationRecord(of=records[entry].of, read_by=by, read_on=on)
    _write_records(root, language, translations, records)
    return left


def _records(translations: Translations, language: str) -> dict[str, TranslationRecord]:
    return dict(translations.records.get(language, {}))


def _write_records(
    root: Path, language: str, translations: Translations, records: Mapping[str, TranslationRecord]
) -> None:
    """Write one entry per line, in the order of the content; drop entries that no longer exist."""
    known = [entry for entry in sorted(translations.entries) if entry in records]
    lines = [
        f"{json.dumps(entry)}: {records[entry].model_dump_json(exclude_none=True)}"
        for entry in known
    ]
    path = root / FOLDER / f"{language}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
