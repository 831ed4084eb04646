"""Reads `modules/standard/crosswalk.yaml`: which criteria serve duties and aspects elsewhere."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from cissapp.foundation.content.crosswalk import Framework
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.crosswalk import CrosswalkFile, FrameworkWords
from cissapp.foundation.content.values import Standard

FILE = "crosswalk.yaml"
WORDS = TypeAdapter(FrameworkWords)


def read_crosswalk(
    reader: ContentReader, standard: Standard | None, countries: Mapping[str, CountryPack]
) -> tuple[Framework, ...]:
    """Read the frameworks with their words; without the file there are none."""
    folder = reader.root / "standard"
    path = folder / FILE
    file = reader.read(path, CrosswalkFile) if path.exists() else None
    if file is None:
        return ()
    ids = [one.id for one in file.frameworks]
    reader.unique(path, "frameworks", ids)
    _check(reader, path, file, standard, countries)
    texts: dict[str, dict[str, FrameworkWords]] = {one: {} for one in ids}
    for language in reader.languages(folder):
        words_path = folder / language / FILE
        if language == ENGLISH or words_path.exists():
            found = reader.pieces(words_path, WORDS, reader.raw(words_path), ids)
            for one, words in found.items():
                texts[one][language] = words
    _check_words(reader, folder / ENGLISH / FILE, file, texts)
    return tuple(Framework(one, texts[one.id]) for one in file.frameworks)


def _check(
    reader: ContentReader,
    path: Path,
    file: CrosswalkFile,
    standard: Standard | None,
    countries: Mapping[str, CountryPack],
) -> None:
    """Check that every criterion, country and duty that is named exists, and none is named twice."""
    known = {one.id for one in standard.criteria} if standard else None
    for framework in file.frameworks:
        at = f"frameworks.{framework.id}"
        reader.unique(path, f"{at}.aspects", [one.id for one in framework.aspects])
        for aspect in framework.aspects:
            reader.unique(path, f"{at}.{aspect.id}", aspect.criteria)
            for one in aspect.criteria:
                if known is not None and one not in known:
                    reader.fault(
                        path, f"{at}.{aspect.id}", f"{one} is not a criterion of the rubric"
                    )
        pack = countries.get(framework.country or "")
        if framework.country and pack is None:
            reader.fault(path, f"{at}.country", f"there is no country pack {framework.country}")
        elif framework.duty and pack and framework.duty not in {one.id for one in pack.file.duties}:
            reader.fault(
                path, f"{at}.duty", f"{framework.duty} is not a duty of {framework.country}"
            )


def _check_words(
    reader: ContentReader,
    path: Path,
    file: CrosswalkFile,
    texts: Mapping[str, Mapping[str, FrameworkWords]],
) -> None:
    """Check that English names each aspect, and says what a framework is where no country pack does."""
    for framework in file.frameworks:
        words = texts[framework.id].get(ENGLISH)
        if words is None:
            continue
        wanted = [one.id for one in framework.aspects]
        for one in sorted(set(wanted) ^ set(words.aspects)):
            reader.fault(path, f"{framework.id}.aspects.{one}", "is not in both files")
        if (words.about is None) is not (framework.duty is not None):
            message = "is already given by the country pack" if framework.duty else "is missing"
            reader.fault(path, f"{framework.id}.about", message)
