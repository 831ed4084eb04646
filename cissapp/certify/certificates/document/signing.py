"""Draws, signs and examines the file of a certificate; knows no database."""

from datetime import datetime, timedelta

from cissapp.certify.certificates.document import pdf
from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.errors import TimestampFailed
from cissapp.foundation.signing.keys import PublicKey
from cissapp.foundation.signing.settings import SelfCheckFailed, Settings

# The largest difference allowed between the clock of the time-stamp service and ours.
CLOCKS = timedelta(minutes=10)


def key_of_reservation(settings: Settings, facts: CertificateFacts, at: datetime) -> PublicKey:
    """Return the key that a reservation names; raise `NoKeys` if it can no longer sign."""
    key = keys.again(settings.keys).by_id(facts.key_id)
    if key is None or key.stopped or not key.from_at <= at < key.until_at:
        raise keys.NoKeys(f"The key {facts.key_id} signs no more.")
    return key


def draw_certificate(facts: CertificateFacts, issuer: Issuer) -> bytes:
    """Draw the file; raise `Refused` for an unprintable name, `NotReady` if something to print is gone."""
    country = issuer.country(facts.country_code)
    standard = issuer.standard(facts.criteria_version)
    words = certificate_words((facts.language,), standard, country, facts.base_url)
    try:
        return pdf.draw_page(facts, words, issuer.logo(facts.logo_sha256))
    except pdf.Unprintable as error:
        message = N_(
            "The name of the school, its place, the group or the person who signs for it cannot be printed: %(why)s."
        )
        raise Refused(Problem("printable", message, {"why": str(error)})) from error


def sign_certificate(
    facts: CertificateFacts,
    issuer: Issuer,
    *,
    key: PublicKey,
    at: datetime,
    one_of_many: bool = False,
) -> bytes:
    """Draw and sign the file, then examine it fully, or only signature and facts if `one_of_many`.

    With a time-stamp service it is always examined fully, and not issued if the two clocks differ.
    """
    settings = issuer.settings
    ring = keys.again(settings.keys)
    content = seal.sign(
        draw_certificate(facts, issuer),
        ring=ring,
        key=key,
        reason=f"CISS {facts.number}",
        place=issuer.country(facts.country_code).name("en"),
        tsa_url=settings.tsa_url,
    )
    if pdf.facts_in(content) != facts.text():
        raise SelfCheckFailed(facts.number)
    if one_of_many and not settings.tsa_url:
        good = seal.is_signed_by(content, key)
    else:
        good = _examine(content, settings, key=key, at=at)
    if not good:
        raise SelfCheckFailed(facts.number)
    return content


def _examine(content: bytes, settings: Settings, *, key: PublicKey, at: datetime) -> bool:
    found = seal.examine(content, keys.again(settings.keys))
    if not found.good or found.key != key:
        return False
    if settings.tsa_url and (not found.stamped_at or abs(found.stamped_at - at) > CLOCKS):
        raise TimestampFailed(f"The time stamp says {found.stamped_at}, the clock here {at}.")
    return True
