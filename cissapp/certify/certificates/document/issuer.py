"""What certificates are issued with, and what a certificate is awarded for."""

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.values import Content, Standard
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import FileStore, files
from cissapp.foundation.signing.settings import KeySettings, Settings
from cissapp.people.schools.services import DamagedLogo, read_logo
from cissapp.prepare.applications.models import Application, Submission


class NotReady(Exception):
    """The certificate cannot be issued now; its reservation stays, and is tried again."""


class Award(Struct, frozen=True):
    """What a certificate is awarded for: the submission, the levels, and who decided."""

    application: Application
    submission: Submission
    level: int
    module_levels: Mapping[str, float]
    group_name: str
    decider_id: UUID


class Issuer(Struct, frozen=True, dict=True):
    """What an installation issues certificates with: its content, signing keys and file store.

    `signing` is the application's key settings, or `Settings` with keys that are already open.
    """

    content: Content
    signing: KeySettings | Settings
    store: FileStore

    @cached_property
    def settings(self) -> Settings:
        """Return the signing settings with the keys opened; raise `Refused` if they cannot be used."""
        return self.signing if isinstance(self.signing, Settings) else Settings.of(self.signing)

    def refusal(self) -> Refused | None:
        """Return why nothing can be signed now; None, if it can."""
        try:
            _opened = self.settings
        except Refused as refused:
            return refused
        return None

    def logo(self, sha256: str | None) -> bytes | None:
        """Read the logo with this hash, or return None without one; raise `NotReady` if it is damaged."""
        if sha256 is None:
            return None
        try:
            return read_logo(sha256, self.store)
        except DamagedLogo as damage:
            raise NotReady(str(damage)) from damage

    def country(self, code: str) -> CountryPack:
        """Return a country's pack; raise `NotReady` if it no longer exists."""
        found = self.content.countries.get(code)
        if found is None:
            raise NotReady(f"the country {code} no longer exists")
        return found

    def standard(self, version: str) -> Standard:
        """Return the standard for a version of the criteria; raise `NotReady` if it no longer exists."""
        found = self.content.standard_of(version)
        if found is None:
            raise NotReady(f"version {version} of the criteria no longer exists")
        return found


def current_issuer() -> Issuer:
    """Return what the running application issues certificates with."""
    return Issuer(content(), current_config(), files())
