"""Duties and frameworks as the application uses them, and which criteria serve them."""

from collections.abc import Mapping

from msgspec import Struct

from cissapp.foundation.content.schema.crosswalk import AspectKey, FrameworkKey, FrameworkWords

ENGLISH = "en"


class Framework(Struct, frozen=True):
    """A duty of a country, or a framework from elsewhere, with the criteria that serve its aspects."""

    key: FrameworkKey
    texts: Mapping[str, FrameworkWords]

    @property
    def id(self) -> str:
        """The id, for ever the same."""
        return self.key.id

    @property
    def aspects(self) -> list[AspectKey]:
        """The aspects with their criteria, in their order."""
        return self.key.aspects

    def text(self, language: str) -> FrameworkWords:
        """Return the words in the language, or in English."""
        return self.texts.get(language) or self.texts[ENGLISH]

    def language(self, language: str) -> str:
        """Return the language that `text` answers in."""
        return language if language in self.texts else ENGLISH

    def concerns(self, country_code: str) -> bool:
        """Return whether schools of a country look at it: one of that country, or of none."""
        return self.key.country in {None, country_code}
