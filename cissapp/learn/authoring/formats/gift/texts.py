"""Texts of a GIFT question: each may name its format; the others have that of the question."""

import re

from msgspec import Struct, field

from cissapp.learn.authoring.formats.gift.marks import unmasked
from cissapp.learn.authoring.formats.plain_text import TextFormat, plain_text

_MARK = re.compile(r"\[(html|markdown|plain|moodle)\]")


class GiftTexts(Struct):
    """Converts texts to plain text, and collects what was lost."""

    usual: TextFormat = TextFormat.AUTO
    losses: list[str] = field(default_factory=list)

    def question(self, text: str) -> str:
        """Convert the question itself; its format becomes the default from here on."""
        found = _MARK.match(text.strip())
        self.usual = TextFormat(found[1]) if found else TextFormat.AUTO
        return self.plain(text)

    def plain(self, text: str) -> str:
        """Write any other text, which may name its own format."""
        text = text.strip()
        found = _MARK.match(text)
        written = TextFormat(found[1]) if found else self.usual
        return self._written(text[found.end() :] if found else text, written)

    def match(self, text: str) -> str:
        """Write the right side of a pair: Moodle takes it as it stands, brackets too."""
        return self._written(text.strip(), self.usual)

    def _written(self, text: str, written: TextFormat) -> str:
        wording = plain_text(unmasked(text), written)
        self.losses.extend(wording.losses)
        return wording.text
