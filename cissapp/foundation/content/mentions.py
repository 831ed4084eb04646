"""Numbers that a text expects to find printed: kinds of numbers by phrase, and numbers by their digits.

The phrases are data (`countries/phrases.yaml`). It is a fault if a text relies on a number that its
reader's country does not print as checked.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from cissapp.foundation.content.helplines import every_number, printed_kinds, printed_numbers
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema.phrases import PhraseFile
from cissapp.foundation.content.values import Content

# Looks like a phone number: starts as one does, followed by groups of digits.
DIALLED = re.compile(r"(?<![\w.,/-])(?:\+\d{1,3}|0|8)(?:[ -]\d{2,4}){2,5}(?![\w/])")


class Mention(Struct, frozen=True):
    """Words of a text that rely on a number: of these kinds, or this very one."""

    words: str
    kinds: frozenset[str] = frozenset()
    number: str = ""


def as_pattern(phrase: str) -> str:
    """Convert a phrase of the list to a regular expression; it may use `word*`, `*` and `this/that`."""
    parts = []
    for word in phrase.split():
        if word == "*":
            parts.append(r"(?:\S+\s+){0,3}")
        else:
            forms = "|".join(re.escape(one).replace(r"\*", r"\w*") for one in word.split("/"))
            parts.append(rf"(?:{forms})(?:\W+|$)")
    return r"(?<!\w)" + "".join(parts)


def digits_of(number: str) -> str:
    """Return the digits of a printed number, keeping the + of an international one."""
    return re.sub(r"[^\d+]", "", number)


class MentionFinder(Struct, frozen=True, dict=True):
    """Finds the numbers that texts rely on."""

    file: PhraseFile
    content: Content

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        known = every_number(self.content) | {digits_of(one) for one in self.file.numbers}
        spaced = ("[ -]?".join(number) for number in sorted(known, key=len, reverse=True) if number)
        return re.compile(rf"(?<![\w.,/+-])(?:{'|'.join(spaced)})(?![\w/]|[.,-]\d)")

    @cached_property
    def _phrases(self) -> dict[str, list[tuple[frozenset[str], re.Pattern[str]]]]:
        found: dict[str, list[tuple[frozenset[str], re.Pattern[str]]]] = {}
        for group in self.file.phrases:
            for language, phrases in group.words.items():
                found.setdefault(language, []).extend(
                    (frozenset(group.kinds), re.compile(as_pattern(phrase), re.IGNORECASE))
                    for phrase in phrases
                )
        return found

    def mentions(self, text: str, language: str) -> Iterator[Mention]:
        """Yield the mentions of numbers in a text of this language."""
        plain = " ".join(re.sub(r"[*_`]", "", text).split())
        for kinds, pattern in self._phrases.get(language, []):
            for found in pattern.finditer(plain):
                yield Mention(found[0].strip(), kinds)
        for pattern in (self._numbers, DIALLED):
            for found in pattern.finditer(plain):
                yield Mention(found[0], number=digits_of(found[0]))

    def problems(self, text: str, language: str, packs: Iterable[CountryPack]) -> list[str]:
        """List the mentions that these countries do not print as checked, each with the countries."""
        found = {}
        countries = list(packs)
        for mention in self.mentions(text, language):
            codes = [pack.code for pack in countries if not self._prints(pack, mention)]
            if codes:
                found[mention.words] = self._sentence(mention, codes)
        return list(found.values())

    def _prints(self, pack: CountryPack, mention: Mention) -> bool:
        if mention.number:
            return mention.number in printed_numbers(self.content, pack)
        return mention.kinds <= printed_kinds(self.content, pack)

    def _sentence(self, mention: Mention, codes: list[str]) -> str:
        where = ", ".join(codes)
        if mention.number:
            return f"mentions “{mention.words}”, which is not a checked number of {where}"
        kinds = " and ".join(sorted(mention.kinds))
        return f"says “{mention.words}”, but {where} has no checked {kinds}"
