"""What an installation signs with: its address, its keys, its time-stamp service."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring, PublicKey

log = logging.getLogger("ciss")


class SelfCheckFailed(Exception):
    """A file that was just signed is not what it should be; nothing is issued."""


class KeySettings(Protocol):
    """The settings of the application, as far as certificates need them."""

    @property
    def base_url(self) -> str:
        """The address of the site."""
        ...

    @property
    def keys_dir(self) -> Path:
        """The folder of the keys."""
        ...

    @property
    def tsa_url(self) -> str:
        """The address of the time-stamp service; empty, if there is none."""
        ...

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration."""
        ...


class Settings(Struct, frozen=True):
    """What an installation puts on its certificates."""

    base_url: str
    demo: bool
    keys: Keyring
    tsa_url: str = ""

    @classmethod
    def of(cls, config: KeySettings) -> "Settings":
        """Read the settings from the application's, and open the keys."""
        try:
            ring = keys.load(config.keys_dir)
            return cls(config.base_url, config.demo, ring, config.tsa_url)
        except (keys.NoKeys, keys.BrokenKeys) as error:
            raise _unusable(error) from error


def signing_key(settings: Settings, country_code: str, at: datetime) -> PublicKey:
    """Return the key that signs for a country; refuse, if there is none or others can read it."""
    try:
        return keys.again(settings.keys).signer_for(country_code, at)
    except (keys.ExposedKeys, keys.BrokenKeys) as error:
        raise _unusable(error) from error
    except keys.NoKeys as error:
        message = N_(
            "There is no key to sign certificates with. The secretariat must set one up first."
        )
        raise Refused(Problem("keys", message)) from error


def _unusable(error: Exception) -> Refused:
    """Return an error that tells people what to do; the log and `ciss keys check` have the cause."""
    log.error("the signing keys cannot be used: %s", error)
    message = N_("The keys for certificates cannot be used now. The secretariat must check them.")
    return Refused(Problem("keys", message))
