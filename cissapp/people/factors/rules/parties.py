"""The site for which a passkey is created: decided by the installation's address, never by the request."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

LOCAL = "localhost"


class RelyingParty(Struct, frozen=True):
    """The site that a passkey belongs to, as browsers name it."""

    id: str
    origin: str

    @property
    def takes_passkeys(self) -> bool:
        """Whether browsers create passkeys here: they require a host name, and https except on localhost."""
        if is_number(self.id):
            return False
        return self.origin.startswith("https://") or self.id == LOCAL


def is_number(host: str) -> bool:
    """Return whether a host is an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def party_of(base_url: str) -> RelyingParty:
    """Return the site of an address such as https://ciss.example."""
    parts = urlsplit(base_url)
    return RelyingParty(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
