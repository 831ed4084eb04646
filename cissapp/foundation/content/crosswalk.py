"""Duties and frameworks as the application uses them, and which criteria serve them."""

from collections.abc import Mapping

from msgspec import Struct

from cissapp.foundation.content.languages import Translated
from cissapp.foundation.content.schema.crosswalk import AspectKey, FrameworkKey, FrameworkWords


class Framework(Translated[FrameworkWords], Struct, frozen=True):
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

    def concerns(self, country_code: str) -> bool:
        """Return whether it concerns schools of a country: it belongs to that country, or to none."""
        return self.key.country in {None, country_code}
