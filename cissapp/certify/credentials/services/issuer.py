"""What an installation issues credentials with."""

from collections.abc import Mapping

from msgspec import Struct

from cissapp.certify.credentials.rules.addresses import did_of
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring


class CredentialIssuer(Struct, frozen=True):
    """What an installation makes credentials with."""

    base_url: str
    ring: Keyring
    standard: Standard
    countries: Mapping[str, CountryPack]

    @property
    def did(self) -> str:
        """The name of the issuer."""
        return did_of(self.base_url)


def credential_issuer() -> CredentialIssuer:
    """Return what this installation issues credentials with."""
    config = current_config()
    programme = content()
    return CredentialIssuer(
        config.base_url, keys.load(config.keys_dir), programme.standard, programme.countries
    )
