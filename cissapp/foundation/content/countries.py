"""Reads the country packs; their texts are in `countries/<language>/`, one file per pack."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.region_tree import tree_faults
from cissapp.foundation.content.translations import strings_of

COUNTRY = TypeAdapter(schema.CountryFile)
ANYWHERE = TypeAdapter(schema.AnywhereFile)
WORDS = TypeAdapter(schema.CountryWords)
LOWER = TypeAdapter(schema.LowerRegionsFile)
PARTS = ("helplines", "duties")
PacksAndAnywhere = tuple[dict[str, CountryPack], schema.AnywhereFile | None]


def read_countries(reader: ContentReader) -> PacksAndAnywhere:
    """Read every pack, and the services that help in every country."""
    folder = reader.root / "countries"
    usual = reader.read(reader.root / "retention.yaml", schema.RetentionFile)
    countries: dict[str, CountryPack] = {}
    for path in sorted(folder.glob("[A-Z][A-Z].yaml")):
        file = reader.shaped(path, COUNTRY, _with_words(reader, path))
        if file:
            file = _with_lower_regions(reader, path, file)
            _check_country(reader, path, file)
            countries[file.code] = CountryPack(file, usual or schema.RetentionFile())
    if not countries:
        reader.fault("countries", "", "no country pack found")
    path = folder / "anywhere.yaml"
    return countries, reader.shaped(path, ANYWHERE, _with_words(reader, path))


def checked_of(lines: Iterable[schema.Helpline]) -> list[schema.Helpline]:
    """List the services that were checked: only these are shown to everybody."""
    return [line for line in lines if line.state is schema.FactState.CHECKED]


def _with_lower_regions(
    reader: ContentReader, path: Path, file: schema.CountryFile
) -> schema.CountryFile:
    """Add the regions of the lower levels, which have a file of their own where they are many."""
    lower = path.with_name(f"{path.stem}-regions.yaml")
    found = reader.shaped(lower, LOWER, reader.raw(lower)) if lower.exists() else None
    return file.model_copy(update={"regions": [*file.regions, *found.regions]}) if found else file


def _with_words(reader: ContentReader, path: Path) -> Any:
    """Read a pack, and put the names and descriptions of every language in their places."""
    raw = reader.raw(path)
    if not isinstance(raw, dict):
        return raw
    places = _places(raw)
    for language in reader.languages(path.parent):
        words_path = path.parent / language / path.name
        if language == ENGLISH or words_path.exists():
            for piece, words in _pieces(reader, words_path):
                if reader.take(words_path, words, entry=piece):
                    _put(places, piece, words, language)
    return raw


def _pieces(reader: ContentReader, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the texts of a pack in pieces: the general ones, then each service and duty."""
    raw = reader.raw(path)
    if reader.shaped(path, WORDS, raw) is None:
        return
    around = {key: value for key, value in raw.items() if key not in PARTS}
    if around:
        yield "", around
    for part in PARTS:
        for one, words in (raw.get(part) or {}).items():
            yield f"{part}.{one}", words


def _places(raw: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Prepare the slots for the texts of a pack: the key of a text, and its texts by language."""
    places: dict[str, dict[str, str]] = {}
    if "code" in raw:
        places["name"] = raw.setdefault("names", {})
    for region in raw.get("regions") or []:
        places[f"regions.{region.get('code')}"] = region.setdefault("names", {})
    for line in raw.get("helplines") or []:
        for word, key in (("name", "names"), ("about", "about"), ("confirm", "confirm")):
            places[f"helplines.{line.get('id')}.{word}"] = line.setdefault(key, {})
    for duty in raw.get("duties") or []:
        for word in ("text", "confirm"):
            places[f"duties.{duty.get('id')}.{word}"] = duty.setdefault(word, {})
    return places


def _put(
    places: dict[str, dict[str, str]], piece: str, words: dict[str, Any], language: str
) -> None:
    for key, text in strings_of(words).items():
        place = places.get(f"{piece}.{key}" if piece else key)
        if place is not None:
            place[language] = text


def _check_country(reader: ContentReader, path: Path, file: schema.CountryFile) -> None:
    if path.stem != file.code:
        reader.fault(path, "code", f"the file must be called {file.code}.yaml")
    reader.unique(path, "regions.code", [region.code for region in file.regions])
    for key, message in tree_faults(file):
        reader.fault(path, key, message)
    for region in file.regions:
        if not region.code.startswith(f"{file.code}-"):
            reader.fault(path, f"regions.{region.code}", "belongs to another country")
    for language in file.languages:
        if language not in reader.codes:
            reader.fault(path, "languages", f"{language} is not a language of the programme")
    _check_names(reader, path, file)


def _check_names(reader: ContentReader, path: Path, file: schema.CountryFile) -> None:
    named = [("name", file.names), *((f"regions.{one.code}", one.names) for one in file.regions)]
    for key, names in named:
        if ENGLISH not in names:
            reader.fault(path.parent / ENGLISH / path.name, key, "is missing")
