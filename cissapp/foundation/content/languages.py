"""The languages of the programme: data, in `modules/languages.yaml`."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import StringConstraints, TypeAdapter

from cissapp.foundation.content.schema.parts import Strict, Text
from config import ROOT

ENGLISH = "en"
FILE = "languages.yaml"


class Direction(StrEnum):
    """In which direction a language is written, as HTML names it."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Language(Strict):
    """A language: its code, how it calls itself, its direction, and its letters as Unicode names them."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    name: Text
    direction: Direction = Direction.LEFT_TO_RIGHT
    alphabet: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")] = "latin"


LANGUAGE_LIST = TypeAdapter(list[Language])


def read_languages(root: Path) -> tuple[Language, ...]:
    """Read the languages of a content folder; raise `ValueError`, where the list is not as it must be."""
    found = LANGUAGE_LIST.validate_python(yaml.safe_load((root / FILE).read_text(encoding="utf-8")))
    if not found or found[0].code != ENGLISH:
        raise ValueError("English must be the first language")
    if len({one.code for one in found}) != len(found):
        raise ValueError("a language stands twice")
    return tuple(found)


@cache
def programme_languages() -> dict[str, Language]:
    """Return the languages that come with the programme, by code, English first."""
    return {one.code: one for one in read_languages(ROOT / "modules")}
