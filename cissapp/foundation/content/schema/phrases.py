"""Shapes of the phrases that rely on a number which a page prints."""

from typing import Annotated

from pydantic import Field, StringConstraints

from cissapp.foundation.content.schema.parts import Strict, Text

Kind = Annotated[str, StringConstraints(pattern=r"^(helpline|hotline|police)$")]


class PhraseGroup(Strict):
    """Phrases that rely on numbers of these kinds, by language."""

    kinds: list[Kind] = Field(min_length=1)
    words: dict[str, list[Text]]


class PhraseFile(Strict):
    """`countries/phrases.yaml`: the phrases, and numbers to look for in addition to those of the packs."""

    phrases: list[PhraseGroup] = Field(min_length=1)
    numbers: list[Annotated[str, StringConstraints(pattern=r"^\d[\d ]*$")]] = []
