"""Reads the packs of countries; their words lie in `countries/<language>/`, a pack a file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.reader import ContentReader

COUNTRY = TypeAdapter(schema.CountryFile)
ANYWHERE = TypeAdapter(schema.AnywhereFile)
WORDS = TypeAdapter(schema.CountryWords)
AnywhereAndPacks = tuple[dict[str, CountryPack], schema.AnywhereFile | None]


def read_countries(reader: ContentReader) -> AnywhereAndPacks:
    """Read every pack, and the services that help in every country."""
    folder = reader.root / "countries"
    countries: dict[str, CountryPack] = {}
    for path in sorted(folder.glob("[A-Z][A-Z].yaml")):
        file = reader.shaped(path, COUNTRY, _with_words(reader, path))
        if file:
            _check_country(reader, path, file)
            countries[file.code] = CountryPack(file)
    if not countries:
        reader.fault("countries", "", "no country pack found")
    path = folder / "anywhere.yaml"
    return countries, reader.shaped(path, ANYWHERE, _with_words(reader, path))


def checked_of(lines: Iterable[schema.Helpline]) -> list[schema.Helpline]:
    """List the services that were checked: only these are shown to everybody."""
    return [line for line in lines if line.state is schema.FactState.CHECKED]


def _with_words(reader: ContentReader, path: Path) -> Any:
    """Read a pack, and put the names and descriptions of every language in their places."""
    raw = reader.raw(path)
    if not isinstance(raw, dict) or not (path.parent / ENGLISH).is_dir():
        return raw
    places = _places(raw)
    for language in reader.languages(path.parent):
        words_path = path.parent / language / path.name
        if language != ENGLISH and not words_path.exists():
            continue
        given = reader.raw(words_path)
        words = reader.shaped(words_path, WORDS, given)
        if words is None:
            continue
        texts = _texts(words)
        if language == ENGLISH:
            reader.same_ids(words_path, texts, places)
        if reader.take(words_path, given):
            for key in places.keys() & texts.keys():
                places[key][language] = texts[key]
    return raw


def _places(raw: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Make the places for words in a pack: key of a text, and the texts by language."""
    places: dict[str, dict[str, str]] = {}
    if "code" in raw:
        places["name"] = raw.setdefault("names", {})
    for region in raw.get("regions") or []:
        places[f"regions.{region.get('code')}"] = region.setdefault("names", {})
    for line in raw.get("helplines") or []:
        places[f"helplines.{line.get('id')}.name"] = line.setdefault("names", {})
        places[f"helplines.{line.get('id')}.about"] = line.setdefault("about", {})
    for duty in raw.get("duties") or []:
        places[f"duties.{duty.get('id')}"] = duty.setdefault("text", {})
    return places


def _texts(words: schema.CountryWords) -> dict[str, str]:
    texts = {f"regions.{code}": name for code, name in words.regions.items()}
    for line_id, line in words.helplines.items():
        texts[f"helplines.{line_id}.name"] = line.name
        texts[f"helplines.{line_id}.about"] = line.about
    texts |= {f"duties.{duty_id}": text for duty_id, text in words.duties.items()}
    return texts | ({"name": words.name} if words.name else {})


def _check_country(reader: ContentReader, path: Path, file: schema.CountryFile) -> None:
    if path.stem != file.code:
        reader.fault(path, "code", f"the file must be named {file.code}.yaml")
    reader.unique(path, "regions.code", [region.code for region in file.regions])
    reader.unique(path, "regions.tile", [region.tile for region in file.regions])
    for region in file.regions:
        if not region.code.startswith(f"{file.code}-"):
            reader.fault(path, f"regions.{region.code}", "belongs to another country")
    for language in file.languages:
        if language not in reader.codes:
            reader.fault(path, "languages", f"{language} is not a language of the programme")
