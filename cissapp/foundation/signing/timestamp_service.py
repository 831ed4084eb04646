"""Requests time stamps from a time-stamp service (RFC 3161), by pyHanko; `timestamps` checks them."""

import asyncio
from functools import lru_cache
from hashlib import sha256

from asn1crypto import cms as asn1_cms
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError

from cissapp.foundation.signing.timestamps import canonical, in_order

# Seconds that a service may take. A certificate waits rather than go without its stamp.
PATIENCE = 10


class _Stamper(HTTPTimeStamper):
    """A client that rewrites the service's answer in canonical form, so that it can be compared later."""

    async def async_timestamp(
        self, message_digest: bytes, md_algorithm: str
    ) -> asn1_cms.ContentInfo:
        """Ask for a stamp over a hash."""
        token = await super().async_timestamp(message_digest, md_algorithm)
        stamped = token["content"]
        stamped["certificates"] = asn1_cms.CertificateSet(in_order(stamped))
        return asn1_cms.ContentInfo.load(canonical(token.dump()))


@lru_cache(maxsize=2)
def stamper(url: str) -> TimeStamper:
    """Return the client of a service; its first use sends a trial request to learn the size of a stamp."""
    return _Stamper(url, timeout=PATIENCE)


def forget(url: str) -> None:
    """Discard the known sizes of the services' stamps, because one did not fit."""
    if url:
        stamper.cache_clear()


def trial(url: str) -> None:
    """Ask a service for a stamp that nobody keeps; raise OSError with the cause if none comes."""
    try:
        asyncio.run(
            _Stamper(url, timeout=PATIENCE).async_timestamp(sha256(b"a trial").digest(), "sha256")
        )
    except (TimestampRequestError, TypeError) as error:
        raise OSError(str(error.__context__ or error)) from error
