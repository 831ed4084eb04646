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
        """The id, which never changes."""
        return self.key.id

    @property
    def aspects(self) -> list[AspectKey]:
        """The aspects with their criteria, in their order."""
        return self.key.aspects

    def text(self, language: str) -> FrameworkWords:
        """Return the words in the language, or in English."""
        return self.texts.get(language) or self.texts[ENGLISH]

    def language(self, language: str) -> str:
        """Return the language of the words that `text` returns."""
        return language if language in self.texts else ENGLISH

    def concerns(self, country_code: str) -> bool:
        """Return whether it concerns schools of a country: it belongs to that country, or to none."""
        return self.key.country in {None, country_code}
